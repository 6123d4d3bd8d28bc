"""What was judged of an event: provisional of a nurse, confirmed by an investigator."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.access import may, require
from accounts.models import User
from accounts.permissions import Permission
from adverse_events.models import AdverseEvent
from adverse_events.rules.facts import Assessment
from patients.saving import lock_patient, save_record
from patients.signals import announce

CONFIRMED = gettext_noop("Assessment confirmed by an investigator")


@transaction.atomic
def confirm_assessment(
    *, by: User, event: AdverseEvent, assessment: Assessment, seen: str, reason: str = ""
) -> AdverseEvent:
    """An investigator takes an assessment as theirs, as it stands or corrected with a reason.

    `seen`: the mark of the assessment they were shown; another one has to be looked at first.
    """
    require(by, Permission.CONFIRM_ASSESSMENT, event.patient.site)
    lock_patient(event.patient)
    event = AdverseEvent.objects.select_related("patient__site").get(pk=event.pk)
    if event.assessment.mark != seen:
        raise ValidationError(_("Somebody has changed this assessment meanwhile: look at it again."))
    if not event.is_provisional and assessment.mark == seen:
        raise ValidationError(_("This assessment has been confirmed already."))
    event.causality, event.serious = assessment.causality, list(assessment.serious)
    event.expectedness, event.action_taken = assessment.expectedness, assessment.action_taken
    judged(event, by)
    save_record(event, by=by, reason=reason, filling=CONFIRMED, markers=["is_provisional"])
    announce([event.patient_id], "adverse event")
    return event


def judged(event: AdverseEvent, by: User) -> None:
    """Of somebody who may confirm an assessment it is confirmed; of anybody else it waits."""
    event.is_provisional = not may(by, Permission.CONFIRM_ASSESSMENT, event.patient.site)
    event.confirmed_by = None if event.is_provisional else by
    event.confirmed_at = None if event.is_provisional else timezone.now()
