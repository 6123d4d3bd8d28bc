"""What must hold between rows of the folder, and between them and what is stored.

Each check is a query for row numbers and messages, reported at one column of one file. One cause is reported once: a
row of an unknown subject says only that, and what a row that could not be taken apart may have named counts as named.
"""

from collections.abc import Collection
from dataclasses import dataclass

from psycopg.sql import SQL

from exchange.rules import cohort
from exchange.rules.columns import SUBJECT, CohortFile
from exchange.staging import add_faults, execute, key_of, names, same_key, staged

_SUBJECTS = """
    CREATE TEMPORARY TABLE import_subject ON COMMIT DROP AS
    WITH given AS (
        SELECT DISTINCT ON (subject_id) subject_id, enrolled_on FROM import_patients
        WHERE subject_id IS NOT NULL ORDER BY subject_id, row_no
    ), ended AS (
        SELECT DISTINCT ON (subject_id) subject_id, last_dose_on FROM import_disposition
        WHERE record = 'TREATMENT' ORDER BY subject_id, row_no
    )
    SELECT subject_id, p.id AS patient_id,
        CASE WHEN g.subject_id IS NULL THEN e.enrolled_on ELSE g.enrolled_on END AS enrolled_on,
        CASE WHEN d.subject_id IS NULL THEN t.last_dose_on ELSE d.last_dose_on END AS last_dose_on
    FROM given g FULL JOIN patients_patient p USING (subject_id) LEFT JOIN ended d USING (subject_id)
    LEFT JOIN patients_enrolment e ON e.patient_id = p.id
    LEFT JOIN patients_disposition t ON t.patient_id = p.id AND t.record = 'TREATMENT';

    INSERT INTO import_subject (subject_id)
    SELECT cell FROM import_unsure WHERE file = 'patients.csv' EXCEPT SELECT subject_id FROM import_subject;
    ANALYZE import_subject
"""
# Events that are graded over time here: what a folder says of them in one number must agree with it.
_HISTORIES = """
    CREATE TEMPORARY TABLE import_event_history ON COMMIT DROP AS
    SELECT p.subject_id, e.ae_no, MIN(g.from_on) AS from_on, MAX(g.grade) AS worst
    FROM import_adverse_events i JOIN patients_patient p USING (subject_id)
    JOIN adverse_events_adverseevent e ON (e.patient_id, e.ae_no) = (p.id, i.ae_no)
    JOIN adverse_events_eventgrade g ON g.adverse_event_id = e.id GROUP BY 1, 2
"""
_KITS = """
    CREATE TEMPORARY TABLE import_kit ON COMMIT DROP AS
    SELECT DISTINCT ON (COALESCE(kit_id, row_no::text), kit_id IS NULL)
        row_no, kit_id, subject_id, dispensed_on, strength_mg, tablets
    FROM import_dispensing ORDER BY COALESCE(kit_id, row_no::text), kit_id IS NULL, row_no;

    INSERT INTO import_kit (kit_id, subject_id, dispensed_on, strength_mg, tablets)
    SELECT k.kit_id, p.subject_id, k.dispensed_on, k.strength_mg, k.tablets
    FROM dosing_kit k JOIN patients_patient p ON p.id = k.patient_id
    WHERE NOT EXISTS (SELECT FROM import_kit g WHERE g.kit_id = k.kit_id);
    ANALYZE import_kit
"""


@dataclass(frozen=True, slots=True)
class Check:
    """`needs`: files that name what the rows refer to; while one of them is not readable, nothing is said."""

    file: CohortFile
    column: str
    found: str
    needs: tuple[CohortFile, ...] = ()


CHECKS = (
    Check(
        cohort.DOSE_ORDERS,
        "from_on",
        """
        SELECT o.row_no, format('a dose from %s on is after the last dose, expected a day up to %s',
            o.from_on, s.last_dose_on) AS message
        FROM import_dose_orders o JOIN import_subject s USING (subject_id)
        WHERE o.from_on > s.last_dose_on AND 0 < ANY (o.pattern_mg)
        """,
    ),
    Check(
        cohort.DOSE_ORDERS,
        "ae_no",
        """
        SELECT o.row_no, format('"%s" is unknown, expected the number of an adverse event of this subject',
            o.ae_no) AS message
        FROM import_dose_orders o JOIN import_subject s USING (subject_id)
        WHERE o.ae_no IS NOT NULL
        AND NOT EXISTS (SELECT FROM import_adverse_events e WHERE (e.subject_id, e.ae_no) = (o.subject_id, o.ae_no))
        AND NOT EXISTS (
            SELECT FROM adverse_events_adverseevent e WHERE (e.patient_id, e.ae_no) = (s.patient_id, o.ae_no)
        )
        AND NOT EXISTS (
            SELECT FROM import_unsure a JOIN import_unsure b USING (file, row_no)
            WHERE file = 'adverse_events.csv' AND (a.cell, b.cell) = (o.subject_id, o.ae_no::text)
        )
        """,
        needs=(cohort.ADVERSE_EVENTS,),
    ),
    Check(
        cohort.ADVERSE_EVENTS,
        "started_on",
        """
        SELECT e.row_no, format('the history of its grades begins on %s, expected that day', h.from_on) AS message
        FROM import_adverse_events e JOIN import_event_history h USING (subject_id, ae_no)
        WHERE e.started_on IS DISTINCT FROM h.from_on
        """,
    ),
    Check(
        cohort.ADVERSE_EVENTS,
        "grade",
        """
        SELECT e.row_no, format('the worst grade of its history is %s, expected that grade', h.worst) AS message
        FROM import_adverse_events e JOIN import_event_history h USING (subject_id, ae_no)
        WHERE e.grade IS DISTINCT FROM h.worst
        """,
    ),
    Check(
        cohort.DISPENSING,
        "kit_id",
        """
        SELECT d.row_no, format('"%s" is stored for another subject, expected a kit of its own',
            left(d.kit_id, 60)) AS message
        FROM import_dispensing d JOIN dosing_kit k USING (kit_id) JOIN patients_patient p ON p.id = k.patient_id
        JOIN import_subject s ON s.subject_id = d.subject_id
        WHERE p.subject_id <> d.subject_id
        """,
    ),
    Check(
        cohort.DISPENSING,
        "dispensed_on",
        """
        SELECT d.row_no, format('%s is after the return that is stored, expected a day up to %s',
            d.dispensed_on, r.returned_on) AS message
        FROM import_dispensing d JOIN dosing_kit k USING (kit_id) JOIN dosing_kitreturn r ON r.kit_id = k.id
        WHERE d.dispensed_on > r.returned_on
        AND NOT EXISTS (SELECT FROM import_returns g WHERE g.kit_id = d.kit_id)
        """,
    ),
    Check(
        cohort.RETURNS,
        "kit_id",
        """
        SELECT r.row_no, format('"%s" was not dispensed to this subject, expected one of their kits',
            left(r.kit_id, 60)) AS message
        FROM import_returns r JOIN import_subject s USING (subject_id) LEFT JOIN import_kit k USING (kit_id)
        LEFT JOIN import_subject owner ON owner.subject_id = k.subject_id
        WHERE r.kit_id IS NOT NULL
        AND CASE WHEN k.kit_id IS NULL
            THEN NOT EXISTS (SELECT FROM import_unsure WHERE file = 'dispensing.csv' AND cell = r.kit_id)
            ELSE owner.subject_id <> r.subject_id END
        """,
        needs=(cohort.DISPENSING,),
    ),
    Check(
        cohort.RETURNS,
        "returned_on",
        """
        SELECT r.row_no, format('%s is before the kit was dispensed, expected a day from %s on',
            r.returned_on, k.dispensed_on) AS message
        FROM import_returns r JOIN import_kit k USING (kit_id, subject_id)
        WHERE r.returned_on < k.dispensed_on
        """,
    ),
    Check(
        cohort.OUTCOMES,
        "on",
        """
        SELECT o.row_no, format('death on %s is before enrolment, expected a day from %s on',
            o."on", s.enrolled_on) AS message
        FROM import_outcomes o JOIN import_subject s USING (subject_id)
        WHERE o.kind = 'DEATH' AND o."on" < s.enrolled_on
        """,
    ),
    Check(
        cohort.PATIENTS,
        "enrolled_on",
        """
        SELECT g.row_no, format('%s is after the death that is stored, expected a day up to %s',
            g.enrolled_on, o."on") AS message
        FROM import_patients g JOIN import_subject s USING (subject_id) JOIN patients_outcome o USING (patient_id)
        WHERE o.kind = 'DEATH' AND o."on" < g.enrolled_on AND NOT EXISTS (
            SELECT FROM import_outcomes i WHERE (i.subject_id, i.kind, i."on") = (s.subject_id, o.kind, o."on")
        )
        """,
    ),
    Check(
        cohort.DISPOSITION,
        "last_dose_on",
        """
        SELECT g.row_no, format('%s is before a dose order that is stored, expected a day from %s on',
            g.last_dose_on, max(o.from_on)) AS message
        FROM import_disposition g JOIN import_subject s USING (subject_id) JOIN dosing_doseorder o USING (patient_id)
        WHERE g.record = 'TREATMENT' AND o.from_on > g.last_dose_on AND 0 < ANY (o.pattern_mg)
        AND NOT EXISTS (
            SELECT FROM import_dose_orders i WHERE (i.subject_id, i.from_on) = (s.subject_id, o.from_on)
        )
        GROUP BY g.row_no, g.last_dose_on
        """,
    ),
)


def check_rows(incomplete: Collection[str]) -> None:
    """Report everything that is wrong between rows; `incomplete` are the files that could not be read to the end."""
    execute(_SUBJECTS)
    execute(_HISTORIES)
    execute(_KITS)
    for file in cohort.FILES:
        if file is not cohort.PATIENTS and cohort.PATIENTS.name not in incomplete:
            _check_subjects(file)
    for check in CHECKS:
        if not any(file.name in incomplete for file in check.needs):
            add_faults(check.file, check.column, SQL(check.found))
    for file in cohort.FILES:
        _check_duplicates(file)


def _check_subjects(file: CohortFile) -> None:
    found = SQL("""
        SELECT row_no, format('"%s" is unknown, expected a subject of patients.csv or one stored before',
            left(subject_id, 60)) AS message
        FROM {} g WHERE subject_id IS NOT NULL
        AND NOT EXISTS (SELECT FROM import_subject s WHERE s.subject_id = g.subject_id)
    """)
    add_faults(file, SUBJECT, found.format(staged(file)))


def _check_duplicates(file: CohortFile) -> None:
    """A second row of one key; it is reported, and compared with nothing else."""
    key = SQL(", ").join(key_of(file, "g"))
    columns = names([*file.key, *(file.unnumbered or ())[2:]])
    later = SQL("""
        SELECT g.row_no, first.row_no AS first_no FROM {table} g JOIN (
            SELECT {columns}, row_no FROM {table} WHERE row_no IN (
                SELECT min(g.row_no) FROM {table} g GROUP BY {key} HAVING count(*) > 1
            )
        ) first ON {same} WHERE g.row_no > first.row_no
    """).format(table=staged(file), columns=columns, key=key, same=same_key(file, "g", "first"))
    message = SQL("""
        SELECT later.row_no, format('has the key ({}) of row %s, expected it once', later.first_no) AS message
        FROM ({}) later
    """)
    shown = SQL(", ".join(file.key))
    add_faults(file, file.duplicates_at, message.format(shown, later))
    mark = SQL("UPDATE {} SET faulty = TRUE WHERE row_no IN (SELECT row_no FROM ({}) later)")
    execute(mark.format(staged(file), later))
