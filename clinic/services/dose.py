"""A dose ordered at a visit or apart from one: the first that is more than a hold begins treatment."""

from datetime import date

from django.db import transaction

from accounts.models import User
from clinic.services.action_taken import tell_event_of
from clinic.services.entry import OrderEntry
from dosing.models import DoseOrder
from dosing.services import correct_order, order_dose
from patients.models import Patient
from patients.services import record_first_dose
from patients.signals import announcing_once


@transaction.atomic
def order_and_start(
    *, by: User, patient: Patient, order: OrderEntry, anchor_on: date | None, confirmed: bool, why: str = ""
) -> DoseOrder:
    """Order a dose; with a reason, `why`, in the place of the order that stands from the same day on.

    The first one that is more than a hold is the first dose, from which everything is counted.
    """
    stored = DoseOrder.objects.filter(patient=patient, from_on=order.from_on).first() if why else None
    with announcing_once("dose order"):
        saved = (
            _corrected(by, stored, order, confirmed, why)
            if stored
            else order_dose(
                by=by,
                patient=patient,
                from_on=order.from_on,
                pattern_mg=order.pattern_mg,
                anchor_on=anchor_on,
                reason=order.reason,
                adverse_event=order.event,
                comment=order.comment,
                confirmed=confirmed,
            )
        )
        if patient.first_dose_on is None and any(order.pattern_mg):
            record_first_dose(by=by, patient=patient, first_dose_on=order.from_on)
        if order.tells_event:
            tell_event_of(saved, by=by)
    return saved


def _corrected(by: User, stored: DoseOrder, order: OrderEntry, confirmed: bool, why: str) -> DoseOrder:
    return correct_order(
        by=by,
        order=stored,
        from_on=order.from_on,
        pattern_mg=order.pattern_mg,
        anchor_on=order.from_on,
        reason=order.reason,
        why=why,
        adverse_event=order.event,
        comment=order.comment,
        confirmed=confirmed,
    )
