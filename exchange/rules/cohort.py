"""The files of a cohort folder (docs/cohort-folder.md), in the order in which faults are reported."""

from collections.abc import Callable, Iterable

from adverse_events.rules.ctcae import terms
from exchange.rules import cells, within_row
from exchange.rules.columns import (
    APPOINTMENT,
    DAY,
    DAY_OR_NONE,
    IDENTIFIER,
    INSTANT,
    NUMBER,
    ONLY_YES,
    PATTERN,
    SUBJECT,
    TABLETS,
    TEXT,
    WHOLE,
    YES_NO,
    CohortFile,
    Column,
    Kind,
    RowRule,
    one_of,
)
from protocol import codes
from protocol.versions import available_versions

# Patients of one folder may be on different versions: what any of them knows may stand in it.
_VERSIONS = available_versions()
VISIT_CODES = tuple(dict.fromkeys(visit.code for version in _VERSIONS for visit in version.schedule))
_VISITS_SHOWN = "a visit code of the schedule, from SCR and D1 to OS120"
_STRENGTHS = tuple(sorted({mg for version in _VERSIONS for mg in version.regimen.tablet_strengths_mg}))
_LOWEST_ECOG, _HIGHEST_ECOG = 0, 5
_LOWEST_GRADE, _HIGHEST_GRADE = 1, 5


def _needed(name: str, kind: Kind) -> Column:
    return Column(name, kind, never_blank=True)


def _past(name: str, kind: Kind = DAY, *, never_blank: bool = False) -> Column:
    return Column(name, kind, never_blank=never_blank, never_future=True)


def _columns(kind: Kind, names: str) -> tuple[Column, ...]:
    return tuple(Column(name, kind) for name in names.split())


def _in(values: Iterable[str]) -> Kind:
    return one_of(cells.code([str(value) for value in values]))


def _list_of(values: Iterable[str], parser: Callable[[Iterable[str]], cells.Parser]) -> Kind:
    return Kind(parser([str(value) for value in values]), "text[]", blank=[], joined_by=";")


_SUBJECT = _needed(SUBJECT, IDENTIFIER)
_VISIT = one_of(cells.code([*VISIT_CODES, within_row.UNSCHEDULED], f"{_VISITS_SHOWN}, or UNS"))

PATIENTS = CohortFile(
    "patients.csv",
    key=(SUBJECT,),
    columns=(
        _SUBJECT,
        _needed("site_id", IDENTIFIER),
        Column("sex", _in(codes.Sex)),
        *_columns(DAY, "birth_date consent_on enrolled_on"),
        _needed("entry_path", _in(codes.EntryPath)),
        Column("surgery_on", DAY),
        Column("resection", _in(codes.Resection)),
        Column("first_dose_on", DAY),
        Column("tumour_site", _in(codes.TumourSite)),
        *_columns(NUMBER, "tumour_size_cm mitoses_per_50hpf"),
        Column("rupture", _list_of(codes.RuptureCode, cells.codes_or_not_known)),
        Column("pdgfra_d842v", YES_NO),
        Column("email", TEXT),
        Column("language", _in(codes.Language)),
        Column("reminders", YES_NO),
    ),
    rules=(RowRule("birth_date", ("birth_date", "consent_on"), within_row.born_before_consent),),
)

SCREENING = CohortFile(
    "screening.csv",
    key=(SUBJECT,),
    columns=(
        _SUBJECT,
        *_columns(YES_NO, "histology_confirmed cd117 dog1 kit_mutation pdgfra_mutation"),
        Column("ecog", Kind(cells.whole_from(_LOWEST_ECOG, _HIGHEST_ECOG), "integer")),
        *_columns(NUMBER, "anc platelets haemoglobin bilirubin bilirubin_uln ast ast_uln alt alt_uln"),
        *_columns(NUMBER, "creatinine creatinine_uln"),
        *_columns(YES_NO, "childbearing_potential pregnant_or_breastfeeding contraception_agreed"),
        Column("cardiovascular_event_on", DAY_OR_NONE),
        *_columns(YES_NO, "nyha_iii_iv uncontrolled_infection liver_disease stable_hepatitis_b"),
        Column("other_unsuitable_condition", YES_NO),
        Column("hiv", _in(codes.HivStatus)),
        *_columns(YES_NO, "other_malignancy_active substance_abuse"),
    ),
)

DOSE_ORDERS = CohortFile(
    "dose_orders.csv",
    key=(SUBJECT, "from_on"),
    columns=(
        _SUBJECT,
        _needed("from_on", DAY),
        _needed("pattern_mg", PATTERN),
        Column("anchor_on", DAY),
        _needed("reason", _in(codes.DoseReason)),
        Column("ae_no", WHOLE),
    ),
)

MISSED_DOSES = CohortFile(
    "missed_doses.csv",
    key=(SUBJECT, "from_on"),
    columns=(
        _SUBJECT,
        _past("from_on", never_blank=True),
        _needed("to_on", DAY),
        _needed("doses_missed", WHOLE),
    ),
    rules=(RowRule("to_on", ("from_on", "to_on"), within_row.ends_after_start),),
)

DISPENSING = CohortFile(
    "dispensing.csv",
    key=("kit_id",),
    columns=(
        _SUBJECT,
        _past("dispensed_on", never_blank=True),
        _needed("kit_id", IDENTIFIER),
        _needed("source", _in(codes.SupplySource)),
        _needed("strength_mg", Kind(cells.whole_code(_STRENGTHS), "integer")),
        _needed("tablets", WHOLE),
    ),
)

RETURNS = CohortFile(
    "returns.csv",
    key=("kit_id",),
    columns=(
        _SUBJECT,
        _needed("kit_id", IDENTIFIER),
        _past("returned_on", never_blank=True),
        _needed("tablets_returned", WHOLE),
        *_columns(TABLETS, "tablets_lost tablets_kept"),
    ),
)

VISITS = CohortFile(
    "visits.csv",
    key=(SUBJECT, "visit"),
    unnumbered=("visit", within_row.UNSCHEDULED, "occurred_on"),
    columns=(
        _SUBJECT,
        _needed("visit", _VISIT),
        _past("occurred_on"),
        Column("not_done", ONLY_YES),
        Column("reason", TEXT),
    ),
    rules=(
        RowRule("occurred_on", ("visit", "occurred_on", "not_done"), within_row.not_neither),
        RowRule("not_done", ("occurred_on", "not_done"), within_row.not_both),
    ),
)

BOOKINGS = CohortFile(
    "bookings.csv",
    key=(SUBJECT, "visit"),
    columns=(
        _SUBJECT,
        _needed("visit", one_of(cells.code(VISIT_CODES, _VISITS_SHOWN))),
        _needed("booked_for", APPOINTMENT),
    ),
)

LABS = CohortFile(
    "labs.csv",
    key=(SUBJECT, "collected_on", "test"),
    columns=(
        _SUBJECT,
        _past("collected_on", never_blank=True),
        _needed("test", _in(codes.LabTest)),
        _needed("value", NUMBER),
        Column("unit", TEXT),
        *_columns(NUMBER, "lln uln"),
    ),
)

ADVERSE_EVENTS = CohortFile(
    "adverse_events.csv",
    key=(SUBJECT, "ae_no"),
    columns=(
        _SUBJECT,
        _needed("ae_no", WHOLE),
        _needed("term", one_of(cells.code(terms(), "a term of CTCAE v5.0, spelt as there"))),
        _past("started_on", never_blank=True),
        Column("ended_on", DAY),
        Column("grade", Kind(cells.whole_from(_LOWEST_GRADE, _HIGHEST_GRADE), "integer")),
        Column("serious", _list_of(codes.SeriousCriterion, cells.codes)),
        Column("aware_at", INSTANT),
        Column("causality", _in(codes.Causality)),
        Column("outcome", _in(codes.EventOutcome)),
        Column("action_taken", _in(codes.ActionTaken)),
    ),
    rules=(
        RowRule("ended_on", ("started_on", "ended_on"), within_row.ends_after_start),
        RowRule("grade", ("term", "grade"), within_row.grade_of_term),
    ),
)

_OUTCOME_KINDS = [kind for kind in codes.OutcomeKind if kind is not codes.OutcomeKind.SUSPECTED]
OUTCOMES = CohortFile(
    "outcomes.csv",
    key=(SUBJECT, "kind", "on"),
    columns=(_SUBJECT, _needed("kind", _in(_OUTCOME_KINDS)), _past("on", never_blank=True)),
)

DISPOSITION = CohortFile(
    "disposition.csv",
    key=(SUBJECT, "record"),
    columns=(
        _SUBJECT,
        _needed("record", _in(codes.DispositionRecord)),
        _past("ended_on", never_blank=True),
        _needed("reason", _in(codes.DispositionReason)),
        _past("last_dose_on"),
    ),
    rules=(RowRule("last_dose_on", ("record", "last_dose_on"), within_row.last_dose_of_treatment),),
)

FILES = (
    PATIENTS,
    SCREENING,
    DOSE_ORDERS,
    MISSED_DOSES,
    DISPENSING,
    RETURNS,
    VISITS,
    BOOKINGS,
    LABS,
    ADVERSE_EVENTS,
    OUTCOMES,
    DISPOSITION,
)
BY_NAME = {file.name: file for file in FILES}
