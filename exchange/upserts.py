"""How the rows of a folder become records: a new row is inserted, one that says something else is changed.

A row that says the same is not touched and leaves no event in the trail. Expressions read `g` (the row of the file)
and `p` (its patient).
"""

from dataclasses import dataclass

from psycopg.sql import SQL, Composed, Identifier

from exchange.rules import cohort
from exchange.rules.columns import CohortFile
from exchange.staging import names, staged

Columns = dict[str, str]  # column of the record: expression
_PATIENT = {"patient_id": "p.id"}
_SCHEDULED = "NOT visit = 'UNS'"


@dataclass(frozen=True, slots=True)
class Upsert:
    """Into `table`: `key` finds the record, `values` are compared and set, `new` only inserted, `touch` set beside."""

    file: CohortFile
    table: str
    key: Columns
    values: Columns
    new: Columns | None = None
    touch: Columns | None = None
    joins: str = ""
    only_if: str = "TRUE"
    key_only_if: str = ""  # of a key that is unique among some records only

    def statement(self) -> Composed:
        inserted = self.key | self.values | (self.new or {})
        return SQL("""
            INSERT INTO {table} AS t ({columns}) SELECT {expressions} FROM {staged} g
            LEFT JOIN patients_patient p ON p.subject_id = g.subject_id {joins}
            WHERE ({only_if}) AND g.subject_id IN (
                SELECT subject_id FROM import_tally WHERE file = {file} AND created + changed > 0
            )
            ON CONFLICT ({key}) {key_only_if} {action}
        """).format(
            table=Identifier(self.table),
            columns=names(list(inserted)),
            expressions=SQL(", ").join(SQL(expression) for expression in inserted.values()),
            staged=staged(self.file),
            joins=SQL(self.joins),
            only_if=SQL(self.only_if),
            file=self.file.name,
            key=names(list(self.key)),
            key_only_if=SQL(f"WHERE {self.key_only_if}" if self.key_only_if else ""),
            action=self._action(),
        )

    def _action(self) -> Composed:
        if not self.values:
            return SQL("DO NOTHING").format()
        given = [SQL("{} = EXCLUDED.{}").format(Identifier(name), Identifier(name)) for name in self.values]
        beside = [
            SQL("{} = {}").format(Identifier(name), SQL(text)) for name, text in (self.touch or {}).items()
        ]
        return SQL("DO UPDATE SET {} WHERE ROW({}) IS DISTINCT FROM ROW({})").format(
            SQL(", ").join([*given, *beside]),
            names(list(self.values), "t"),
            names(list(self.values), "excluded"),
        )


def _same(columns: str) -> Columns:
    """Columns of the file that are kept under their own names."""
    return {name: f'g."{name}"' for name in columns.split()}


def _known_in_full(day: str, precision: str) -> str:
    """A day of a folder is a whole day: where it says another one, no more than that is unknown of it."""
    return f"CASE WHEN t.{day} = EXCLUDED.{day} THEN t.{precision} ELSE 'DAY' END"


_PRECISIONS = {"started_on": "start_precision", "ended_on": "end_precision"}

BEFORE_PROJECTION = (
    Upsert(
        cohort.PATIENTS,
        "patients_patient",
        key=_same("subject_id"),
        values={"site_id": "site.id", **_same("sex birth_date entry_path first_dose_on")},
        new={
            "uuid": "gen_random_uuid()",
            "protocol_version": "site.protocol_version",
            "earlier_versions": "'{}'",
            "amended_on": "'{}'",
        },
        joins="JOIN accounts_site site ON site.code = g.site_id",
    ),
    Upsert(
        cohort.PATIENTS,
        "patients_tumour",
        key=_PATIENT,
        values={
            **_same("surgery_on resection tumour_site tumour_size_cm mitoses_per_50hpf pdgfra_d842v"),
            "rupture_codes": "g.rupture",
        },
    ),
    Upsert(
        cohort.PATIENTS,
        "patients_consent",
        key={**_PATIENT, "purpose": "'STUDY'", "version": "''"},
        values={"consented_on": "g.consent_on"},
        only_if="""g.consent_on IS NOT NULL AND NOT EXISTS (
            SELECT FROM patients_consent c WHERE c.patient_id = p.id AND c.purpose = 'STUDY'
            AND c.consented_on = g.consent_on
        )""",
        key_only_if="withdrawn_on IS NULL",
    ),
    Upsert(
        cohort.PATIENTS,
        "patients_enrolment",
        key=_PATIENT,
        values=_same("enrolled_on"),
        only_if="g.enrolled_on IS NOT NULL",
    ),
    Upsert(
        cohort.PATIENTS,
        "patients_contact",
        key=_PATIENT,
        values=_same("email language reminders"),
        new={"opt_out_token": "gen_random_uuid()"},
        # Who agrees by the folder has not withdrawn any more.
        touch={"withdrawn_on": "CASE WHEN excluded.reminders IS FALSE THEN t.withdrawn_on END"},
    ),
    Upsert(
        cohort.SCREENING,
        "patients_screening",
        key=_PATIENT,
        values={
            **_same(
                "histology_confirmed cd117 dog1 kit_mutation pdgfra_mutation ecog anc platelets haemoglobin"
            ),
            **_same("bilirubin bilirubin_uln ast ast_uln alt alt_uln creatinine creatinine_uln"),
            **_same("childbearing_potential pregnant_or_breastfeeding contraception_agreed"),
            "cardiovascular_event": "g.cardiovascular_event_on <> 'none'",
            "cardiovascular_event_on": "NULLIF(g.cardiovascular_event_on, 'none')::date",
            **_same("nyha_iii_iv uncontrolled_infection liver_disease stable_hepatitis_b"),
            **_same("other_unsuitable_condition hiv other_malignancy_active substance_abuse"),
        },
        # The folder's values are in the units of the criteria, whatever was written down before.
        touch=dict.fromkeys(("anc_unit", "platelets_unit", "haemoglobin_unit"), "''"),
    ),
    Upsert(
        cohort.ADVERSE_EVENTS,
        "adverse_events_adverseevent",
        key={**_PATIENT, **_same("ae_no")},
        values=_same("term started_on ended_on grade serious aware_at causality outcome action_taken"),
        new={"dictionary_version": "v.dictionary_version", "treatment": "'{}'"},
        touch={name: _known_in_full(day, name) for day, name in _PRECISIONS.items()},
        joins="JOIN import_protocol_version v ON v.version = p.protocol_version",
    ),
    Upsert(
        cohort.DOSE_ORDERS,
        "dosing_doseorder",
        key={**_PATIENT, **_same("from_on")},
        values={**_same("pattern_mg anchor_on reason"), "adverse_event_id": "event.id"},
        new={"comment": "''"},
        joins="LEFT JOIN adverse_events_adverseevent event ON (event.patient_id, event.ae_no) = (p.id, g.ae_no)",
    ),
    Upsert(
        cohort.MISSED_DOSES,
        "dosing_misseddoses",
        key={**_PATIENT, **_same("from_on")},
        values=_same("to_on doses_missed"),
    ),
    Upsert(
        cohort.DISPENSING,
        "dosing_kit",
        key=_same("kit_id"),
        values={**_PATIENT, **_same("dispensed_on source strength_mg tablets")},
    ),
    Upsert(
        cohort.RETURNS,
        "dosing_kitreturn",
        key={"kit_id": "kit.id"},
        values=_same("returned_on tablets_returned tablets_lost tablets_kept"),
        joins="JOIN dosing_kit kit ON kit.kit_id = g.kit_id",
    ),
    Upsert(
        cohort.LABS,
        "visits_labresult",
        key={**_PATIENT, **_same("collected_on test")},
        values=_same("value unit lln uln"),
    ),
    Upsert(
        cohort.OUTCOMES,
        "patients_outcome",
        key={**_PATIENT, **_same("kind on")},
        values={},
        new={"comment": "''", "settlement": "''", "settled_why": "''"},
    ),
    Upsert(
        cohort.DISPOSITION,
        "patients_disposition",
        key={**_PATIENT, **_same("record")},
        values=_same("ended_on reason last_dose_on"),
        new={"comment": "''"},
    ),
)

_PLANNED: Columns = {"uuid": "gen_random_uuid()", "revision": "1", "did_not_come": "FALSE"}
_CHANGED: Columns = {"revision": "t.revision + 1", "did_not_come": "FALSE"}
_RECORDED: Columns = {"recorded_at": "now()", "recorded_by_id": "%(recorded_by)s"}
_NUMBERED = "JOIN import_visit_number n USING (visit)"

# The schedule stands when these are written: they fill its rows, and make those the schedule has no place for.
AFTER_PROJECTION = (
    Upsert(
        cohort.VISITS,
        "visits_visit",
        key={**_PATIENT, **_same("visit")},
        values=_same("occurred_on not_done reason"),
        new={**_PLANNED, **_RECORDED, "visitnum": "n.visitnum"},
        touch={
            **_CHANGED,
            "recorded_at": "EXCLUDED.recorded_at",
            "recorded_by_id": "EXCLUDED.recorded_by_id",
        },
        joins=_NUMBERED,
        only_if="NOT g.visit = 'UNS'",
        key_only_if=_SCHEDULED,
    ),
    Upsert(
        cohort.VISITS,
        "visits_visit",
        key={**_PATIENT, **_same("occurred_on")},
        values=_same("reason"),
        new={
            **_PLANNED,
            **_RECORDED,
            "visit": "g.visit",
            "not_done": "FALSE",
            "visitnum": "%(unscheduled_number)s",
        },
        touch={
            **_CHANGED,
            "recorded_at": "EXCLUDED.recorded_at",
            "recorded_by_id": "EXCLUDED.recorded_by_id",
        },
        only_if="g.visit = 'UNS'",
        key_only_if="visit = 'UNS'",
    ),
    Upsert(
        cohort.BOOKINGS,
        "visits_visit",
        key={**_PATIENT, **_same("visit")},
        values={
            "booked_on": "left(g.booked_for, 10)::date",
            "booked_time": "NULLIF(substr(g.booked_for, 12), '')::time",
        },
        # When the appointment was given to the patient is not in the file: not now, and nothing is late for it.
        new={
            **_PLANNED,
            "visitnum": "n.visitnum",
            "booked_at": "NULL::timestamptz",
            "not_done": "FALSE",
            "reason": "''",
        },
        touch={**_CHANGED, "booked_at": "EXCLUDED.booked_at"},
        joins=_NUMBERED,
        key_only_if=_SCHEDULED,
    ),
)
