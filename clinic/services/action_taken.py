"""What was done with the dose, written into the adverse event it was done for, in the same transaction."""

from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.models import User
from adverse_events.models import AdverseEvent
from adverse_events.services import change_adverse_event, values_of
from dosing.models import DoseOrder
from dosing.rules.contradictions import SPARING, ordered_actions
from patients.models import Disposition, Patient
from patients.services import record_disposition
from patients.signals import announcing_once
from protocol.codes import ActionTaken, DispositionRecord

BY_LEDGER = gettext_noop("Action taken, as the dose ledger says")


def tell_event_of(order: DoseOrder, *, by: User) -> None:
    """A hold or a lower dose is the action taken for the event that the order names; any other order is none."""
    if order.adverse_event is None:
        return
    rows = DoseOrder.objects.filter(patient=order.patient_id).select_related("adverse_event")
    done = {found.order.from_on: found.action for found in ordered_actions([row.facts for row in rows])}
    action = done[order.from_on]
    if action in SPARING:
        _tell(order.adverse_event.pk, action, by)


@transaction.atomic
def end_and_tell(*, by: User, patient: Patient, tells_event: bool = False, **end: Any) -> Disposition:
    """Record an end (`end` as `record_disposition` takes it); of treatment, the drug is withdrawn for its event."""
    with announcing_once("disposition"):
        saved = record_disposition(by=by, patient=patient, **end)
        if tells_event and saved.record == DispositionRecord.TREATMENT and saved.ae_no is not None:
            event = AdverseEvent.objects.get(patient=patient, ae_no=saved.ae_no)
            _tell(event.pk, ActionTaken.DRUG_WITHDRAWN, by)
    return saved


def _tell(event_id: int, action: ActionTaken, by: User) -> None:
    """The event as it stands now: other parts of the same act may have changed it already."""
    event = AdverseEvent.objects.select_related("patient__site").get(pk=event_id)
    if event.action_taken != action:
        values = replace(values_of(event), action_taken=action)
        change_adverse_event(by=by, event=event, values=values, reason=BY_LEDGER, confirmed=True)
