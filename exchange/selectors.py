"""What is read to be given away: course summaries, a batch of patients at a time."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models.functions import Collate

from accounts.models import User
from accounts.permissions import Permission
from courses.rules.payload import as_dict
from courses.rules.summary import course_summary
from courses.selectors import facts_of, with_course
from patients.models import Patient

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


def _summaries(ids: Sequence[int], on: date) -> Iterator[dict[str, Any]]:
    for start in range(0, len(ids), _PATIENTS_A_BATCH):
        batch = Patient.objects.filter(pk__in=ids[start : start + _PATIENTS_A_BATCH])
        for patient in with_course(batch.order_by(_BY_CHARACTER)):
            protocol = patient.protocol
            yield as_dict(course_summary(facts_of(patient), protocol, on))
