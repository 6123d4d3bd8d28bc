"""What is read to be given away: course summaries, a batch of patients at a time."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models.functions import Collate

from accounts.models import User
from accounts.permissions import Permission
from audit.exports import cell
from courses.rules.facts import cut_off
from courses.rules.payload import as_dict
from courses.rules.summary import course_summary
from courses.selectors import facts_of, with_course
from patients.models import Patient
from patients.rules.survival import SurvivalLine, survival_lines
from protocol.codes import RfsStatus

SURVIVAL_COLUMNS = (
    "subject_id", "site_id", "entry_path", "as_of", "origin", "protocol_default", "from_on", "entry_day",
    "rfs_status", "rfs_on", "rfs_days", "os_status", "os_on", "os_days",
)  # fmt: skip
_PATIENTS_A_BATCH = 500
_BY_CHARACTER = Collate("subject_id", "C")  # the same order whatever language the database sorts by


def course_summaries(user: User, *, on: date, subject_id: str | None = None) -> Iterator[dict[str, Any]]:
    """The course summary of every patient `user` may export as of a day, by subject id; of one subject, if named.

    Raises Patient.DoesNotExist, before anything is read, for a subject that is not there.
    """
    patients = Patient.objects.visible_to(user, Permission.EXPORT_DATA)
    if subject_id is not None:
        patients = patients.filter(pk=patients.get(subject_id=subject_id).pk)
    return _summaries(list(patients.order_by(_BY_CHARACTER).values_list("pk", flat=True)), on)


def survival_rows(user: User, *, on: date) -> Iterator[list[Any]]:
    """The columns, then a row per patient `user` may export and per origin: both survivals as of a day.

    Cells are ready for a spreadsheet; what is not known, or still to come, is empty.
    """
    patients = Patient.objects.visible_to(user, Permission.EXPORT_DATA)
    ids = list(patients.order_by(_BY_CHARACTER).values_list("pk", flat=True))
    yield list(SURVIVAL_COLUMNS)
    for patient in _with_courses(ids):
        facts = cut_off(facts_of(patient), on)
        for line in survival_lines(facts.patient, facts.outcomes, patient.protocol, on=on):
            yield [cell(value) for value in (*_whose(patient, on), *_survival(line))]


def _whose(patient: Patient, on: date) -> tuple[Any, ...]:
    return patient.subject_id, patient.site.code, patient.entry_path, on


def _survival(line: SurvivalLine) -> tuple[Any, ...]:
    rfs, overall = line.rfs, line.overall
    if rfs is None or overall is None:
        return (line.origin, line.is_default, *([None] * 8))
    died = RfsStatus.DEATH if overall.died else RfsStatus.CENSORED
    return (
        line.origin, line.is_default, rfs.from_on, rfs.entry_day,
        str(rfs.status), rfs.on, rfs.days, str(died), overall.on, overall.days,
    )  # fmt: skip


def _with_courses(ids: Sequence[int]) -> Iterator[Patient]:
    """Patients with every row of their courses, a batch at a time."""
    for start in range(0, len(ids), _PATIENTS_A_BATCH):
        batch = Patient.objects.filter(pk__in=ids[start : start + _PATIENTS_A_BATCH])
        yield from with_course(batch.order_by(_BY_CHARACTER).select_related("site"))


def _summaries(ids: Sequence[int], on: date) -> Iterator[dict[str, Any]]:
    for patient in _with_courses(ids):
        yield as_dict(course_summary(facts_of(patient), patient.protocol, on))
