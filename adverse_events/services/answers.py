"""What is said to a graded result that is no adverse event."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.models import User
from accounts.permissions import Permission
from adverse_events.models import LabGradeAnswer
from adverse_events.selectors import lab_proposals_of
from patients.models import Patient
from patients.saving import lock_patient, save_record
from patients.signals import announce


@transaction.atomic
def answer_lab_grade(
    *, by: User, patient: Patient, test: str, collected_on: date, grade: int, comment: str
) -> LabGradeAnswer:
    """Not clinically significant, and why. Refused for a grade that nobody asks about (any more)."""
    require(by, Permission.RECORD_ADVERSE_EVENT, patient.site)
    lock_patient(patient)
    proposals = lab_proposals_of([patient.pk]).get(patient.pk, ())
    asked = {(found.result.lab.test, found.result.collected_on, found.grade) for found in proposals}
    if (test, collected_on, grade) not in asked:
        raise ValidationError(_("This result asks for nothing any more: an event or an answer covers it."))
    answer = LabGradeAnswer(
        patient=patient,
        test=test,
        collected_on=collected_on,
        grade=grade,
        comment=comment.strip(),
        answered_by=by,
        answered_at=timezone.now(),
    )
    save_record(answer, by=by)
    announce([patient.pk], "graded result")
    return answer
