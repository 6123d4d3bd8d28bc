"""Writes the staged rows into the records, a statement a table; the trail gets one event a row from the database."""

from collections.abc import Iterable

from django.db import connection
from psycopg.sql import SQL, Identifier

from accounts.models import Site, User
from exchange.progress import Progress
from exchange.staging import execute
from exchange.upserts import AFTER_PROJECTION, BEFORE_PROJECTION, Upsert
from patients.signals import announce
from protocol.versions import available_versions
from visits.services.projection import project_visits
from visits.services.recording import UNSCHEDULED_NUMBER

_NUMBERS = "CREATE TEMPORARY TABLE import_visit_number (visit text, visitnum integer) ON COMMIT DROP"
_VERSIONS = (
    "CREATE TEMPORARY TABLE import_protocol_version (version text, dictionary_version text) ON COMMIT DROP"
)
_NEW_SITES = "SELECT DISTINCT site_id FROM import_patients EXCEPT SELECT code FROM accounts_site ORDER BY 1"
_CHANGED_PATIENTS = """
    SELECT DISTINCT p.id FROM import_tally JOIN patients_patient p USING (subject_id)
    WHERE created + changed > 0 ORDER BY 1
"""
# pgtrigger asks before each trigger which ones to pass over (none), and catches the error where nobody has ever said:
# an aborted subtransaction a row, each of which looks through all checks that wait for the end of the transaction.
_EVERY_TRIGGER_COUNTS = "SELECT set_config('pgtrigger.ignore', '{}', TRUE)"
# A cell that was filled and is blank now takes the record back; the trail keeps it.
_TAKEN_BACK = (
    """
    DELETE FROM patients_consent t USING import_patients g, patients_patient p
    WHERE g.subject_id = p.subject_id AND t.patient_id = p.id AND g.consent_on IS NULL
    AND t.purpose = 'STUDY' AND t.version = ''
    """,
    """
    DELETE FROM patients_enrolment t USING import_patients g, patients_patient p
    WHERE g.subject_id = p.subject_id AND t.patient_id = p.id AND g.enrolled_on IS NULL
    """,
)


def write_rows(*, by: User, progress: Progress) -> None:
    """Write everything that is new or different, then tell the floors above once, of all patients."""
    progress.begin("Writing", len(BEFORE_PROJECTION) + len(AFTER_PROJECTION) + 2)
    execute(_EVERY_TRIGGER_COUNTS)
    _create_sites()
    _lay_out_protocols()
    for upsert in BEFORE_PROJECTION:
        _write(upsert, by, progress)
    for statement in _TAKEN_BACK:
        execute(statement)
    _analyze(BEFORE_PROJECTION)
    changed = _changed_patients()
    project_visits(by=by, patient_ids=changed)
    progress.advance(1)
    for upsert in AFTER_PROJECTION:
        _write(upsert, by, progress)
    _analyze(AFTER_PROJECTION)
    announce(changed, "import")
    progress.advance(1)


def _write(upsert: Upsert, by: User, progress: Progress) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            upsert.statement(),
            {
                "recorded_by": by.pk,
                "unscheduled_number": UNSCHEDULED_NUMBER,
            },
        )
    progress.advance(1)


def _analyze(upserts: Iterable[Upsert]) -> None:
    """Everything that follows in this transaction, checks of the database at its end included, must find by index."""
    for table in sorted({upsert.table for upsert in upserts}):
        execute(SQL("ANALYZE {}").format(Identifier(table)))


def _create_sites() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_NEW_SITES)
        Site.objects.bulk_create([Site(code=code) for (code,) in cursor.fetchall()])


def _lay_out_protocols() -> None:
    """What rows take from a version of the protocol; a visit outside a patient's schedule keeps its number."""
    versions = available_versions()
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS)
        numbers = {visit.code: visit.number for version in versions for visit in version.schedule}
        cursor.executemany("INSERT INTO import_visit_number VALUES (%s, %s)", list(numbers.items()))
        cursor.execute(_VERSIONS)
        dictionaries = [(v.version, v.adverse_events.dictionary_version) for v in versions]
        cursor.executemany("INSERT INTO import_protocol_version VALUES (%s, %s)", dictionaries)


def _changed_patients() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED_PATIENTS)
        return [pk for (pk,) in cursor.fetchall()]
