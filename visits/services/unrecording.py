"""A visit that was recorded by mistake: it did not take place, and what was measured at it was not."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.models import User
from accounts.permissions import Permission
from audit.context import one_act, recording
from patients.saving import ReasonMissing, save_record
from patients.signals import announce
from visits.models import UNSCHEDULED, Assessment, Visit
from visits.selectors.day import labs_of_visit
from visits.services.recording import is_recorded
from visits.services.revision import lock_visit


@transaction.atomic
def unrecord_visit(*, by: User, visit: Visit, reason: str, expected_revision: int | None = None) -> None:
    """Take back that a visit took place or was not done, with its assessment and procedures and the results of its day.

    A visit of the schedule is to be done again; an unscheduled one is gone. Doses, tablets and adverse events stay.
    """
    require(by, Permission.RECORD_VISIT, visit.patient.site)
    if not reason.strip():
        raise ReasonMissing(_("Saved values change: say why."), code="reason")
    visit = lock_visit(visit, expected_revision)
    if not is_recorded(visit):
        raise ValidationError(_("Nothing is recorded of this visit."))
    with one_act(reason), recording(by=by, reason=reason):
        for row in (*labs_of_visit(visit), *Assessment.objects.filter(visit=visit), *visit.procedures.all()):
            row.delete()
        if visit.visit == UNSCHEDULED:
            visit.delete()
        else:
            _reopen(visit, by, reason)
    announce([visit.patient_id], "visit")


def _reopen(visit: Visit, by: User, reason: str) -> None:
    visit.occurred_on, visit.not_done, visit.reason = None, False, ""
    visit.recorded_at = visit.recorded_by = None
    visit.revision += 1
    save_record(visit, by=by, reason=reason)
