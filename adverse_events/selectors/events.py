"""The only eyes that read adverse events across patients: always of what somebody may see."""

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from adverse_events.models import AdverseEvent
from adverse_events.rules.facts import Assessment
from adverse_events.rules.seriousness import CollectionWindow, doubt_sentence, event_doubts
from patients.models import Patient
from patients.models.consent import Purpose
from protocol.codes import DispositionRecord, OutcomeKind

IS_NOT_SERIOUS = ExpressionWrapper(Q(serious=[]), output_field=BooleanField())


def unconfirmed_events(
    user: User, permission: Permission = Permission.VIEW_PATIENTS
) -> QuerySet[AdverseEvent]:
    """Events whose assessment nobody has confirmed yet: serious ones first, then those that began first."""
    patients = Patient.objects.visible_to(user, permission)
    rows = AdverseEvent.objects.filter(is_provisional=True, patient__in=patients)
    return rows.select_related("patient__site").order_by(IS_NOT_SERIOUS, "started_on", "pk")


def assessment_before(event: AdverseEvent) -> Assessment | None:
    """How the event was judged before somebody made it provisional, by its trail; None if it always was."""
    trail = event.events.filter(is_provisional=False)  # type: ignore[attr-defined]
    row = trail.order_by("pgh_id").last()
    return Assessment(row.causality, tuple(row.serious), row.expectedness, row.action_taken) if row else None


def doubts_about(event: AdverseEvent) -> list[str]:
    """What does not fit together in an event, saved or not, in words."""
    death = event.patient.outcomes.filter(kind=OutcomeKind.DEATH).first()
    found = event_doubts(
        event.facts, died_on=death.on if death else None, window=collection_window(event.patient)
    )
    sentences = [doubt_sentence(doubt) for doubt in found]
    return [_(sentence.message) % sentence.values for sentence in sentences]


def collection_window(patient: Patient) -> CollectionWindow:
    """The days whose events belong to the study, as far as they are known."""
    clocks = patient.protocol.adverse_events
    consent = patient.consents.filter(purpose=Purpose.STUDY).order_by("consented_on").first()
    end = patient.dispositions.filter(record=DispositionRecord.TREATMENT).first()
    return CollectionWindow(
        consented_on=consent.consented_on if consent else None,
        last_dose_on=end.last_dose_on if end else None,
        days_after=clocks.window_after_last_dose_days,
        related=clocks.causality_related,
    )
