"""Orders: given, corrected with a reason, and confirmed by somebody who may decide a dose."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.access import may, require
from accounts.models import User
from accounts.permissions import Permission
from adverse_events.models import AdverseEvent
from audit.refusals import refusals_as_validation_errors
from dosing.models import DoseOrder
from dosing.rules.advice import Labs
from dosing.rules.flags import dose_flag_code
from dosing.selectors.advice import advice_for
from patients.models import Patient
from patients.saving import lock_patient, save_record
from patients.signals import announce
from patients.validation import NeedsConfirmation
from patients.words import sentence_words
from protocol.codes import DoseReason, FlagCode
from protocol.days import ONE_DAY

CONFIRMED = gettext_noop("Confirmed by an investigator")


@transaction.atomic
def order_dose(
    *,
    by: User,
    patient: Patient,
    from_on: date,
    pattern_mg: Sequence[int],
    reason: str,
    anchor_on: date | None = None,
    adverse_event: AdverseEvent | None = None,
    comment: str = "",
    confirmed: bool = False,
) -> DoseOrder:
    """Order mg a day from a day on; a day before the latest order is filled in between.

    What `order_doubts` finds needs `confirmed` and a comment. Of somebody who may not decide a dose the order is
    provisional until an investigator confirms it.
    """
    require(by, Permission.ORDER_DOSE, patient.site)
    _check_event(reason, adverse_event)
    order = DoseOrder(
        patient=lock_patient(patient),
        from_on=from_on,
        pattern_mg=list(pattern_mg),
        anchor_on=anchor_on or from_on,
        reason=reason,
        adverse_event=adverse_event,
        comment=comment,
    )
    order.full_clean()
    _check_doubts(order, confirmed=confirmed)
    _decide(order, by)
    save_record(order, by=by)
    announce([patient.pk], "dose order")
    return order


@transaction.atomic
def correct_order(
    *,
    by: User,
    order: DoseOrder,
    from_on: date,
    pattern_mg: Sequence[int],
    anchor_on: date,
    reason: str,
    why: str,
    adverse_event: AdverseEvent | None = None,
    comment: str = "",
    confirmed: bool = False,
) -> DoseOrder:
    """Change an order that was written down wrongly; `why` goes into the trail. Who changes the dose, decides it."""
    require(by, Permission.ORDER_DOSE, order.patient.site)
    _check_event(reason, adverse_event)
    lock_patient(order.patient)
    dose = (from_on, list(pattern_mg), anchor_on)
    is_decided = order.decided_by is not None and dose == (order.from_on, order.pattern_mg, order.anchor_on)
    order.from_on, order.pattern_mg, order.anchor_on = dose
    order.reason, order.adverse_event, order.comment = reason, adverse_event, comment
    order.full_clean()
    _check_doubts(order, confirmed=confirmed)
    if not is_decided:
        _decide(order, by)
    with refusals_as_validation_errors():
        save_record(order, by=by, reason=why)
    announce([order.patient_id], "dose order")
    return order


@transaction.atomic
def confirm_order(*, by: User, order: DoseOrder) -> DoseOrder:
    """An investigator takes a provisional order as theirs."""
    require(by, Permission.DECIDE_DOSE, order.patient.site)
    lock_patient(order.patient)
    order.refresh_from_db()
    if not order.is_provisional:
        raise ValidationError(_("This order has been confirmed already."))
    _decide(order, by)
    save_record(order, by=by, filling=CONFIRMED, markers=["is_provisional"])
    announce([order.patient_id], "dose order")
    return order


def order_doubts(
    patient: Patient, *, from_on: date, pattern_mg: Sequence[int], labs: Labs | None = None
) -> list[str]:
    """What is possible and yet not what the protocol or the label advises, in words.

    `labs`: results that are being typed, before those stored.
    """
    doubts = []
    try:
        check_range(patient, pattern_mg)
    except NeedsConfirmation as doubt:
        doubts += doubt.messages
    if any(pattern_mg):
        doubts += _against_advice(patient, from_on, pattern_mg, labs)
    return doubts


def check_range(patient: Patient, pattern_mg: Sequence[int]) -> None:
    """Raise NeedsConfirmation, in words, for a mean daily dose out of the protocol's range; a hold is inside."""
    regimen = patient.protocol.regimen
    mean = Fraction(sum(pattern_mg), len(pattern_mg))
    code = dose_flag_code(mean, regimen)
    values = {"mean": f"{float(mean):.4g}", "low": regimen.minimum_dose_mg, "high": regimen.planned_dose_mg}
    if code is FlagCode.DOSE_BELOW_300:
        raise NeedsConfirmation(
            _("%(mean)s mg a day is under %(low)s mg: confirm it and say why in the comment.") % values
        )
    if code is FlagCode.DOSE_ABOVE_PLAN:
        raise NeedsConfirmation(
            _("%(mean)s mg a day is over %(high)s mg: confirm it and say why in the comment.") % values
        )


def _against_advice(
    patient: Patient, from_on: date, pattern_mg: Sequence[int], labs: Labs | None
) -> list[str]:
    """Resumed before the label's conditions are met, or raised before the protocol's days at grade 1 or less."""
    before = advice_for(patient, on=from_on - ONE_DAY, labs=labs, labs_until=from_on)
    if before.is_on_hold:
        missing = "; ".join(sentence_words(finding.sentence) for finding in before.not_yet)
        return [_("Not yet to be resumed: %(findings)s.") % {"findings": missing}] if missing else []
    back, mean = before.re_escalation, Fraction(sum(pattern_mg), len(pattern_mg))
    if back is None or before.order is None or mean <= before.order.mean_daily_mg:
        return []
    if back.allowed_on is None:
        return [_("An adverse event of grade 2 or more still goes on: raise the dose when it is over.")]
    if from_on < back.allowed_on:
        values = {
            "day": date_format(back.allowed_on),
            "days": patient.protocol.regimen.re_escalation_after_days,
        }
        return [_("The dose may be raised from %(day)s on: after %(days)s days at grade 1 or less.") % values]
    return []


def _check_event(reason: str, adverse_event: AdverseEvent | None) -> None:
    if reason == DoseReason.TOXICITY and adverse_event is None:
        raise ValidationError({"adverse_event": _("For toxicity, name the adverse event.")})


def _check_doubts(order: DoseOrder, *, confirmed: bool) -> None:
    if confirmed and order.comment.strip():
        return
    if doubts := order_doubts(order.patient, from_on=order.from_on, pattern_mg=order.pattern_mg):
        raise NeedsConfirmation(doubts)


def _decide(order: DoseOrder, by: User) -> None:
    """Decided by who may decide a dose; of anybody else it waits."""
    order.is_provisional = not may(by, Permission.DECIDE_DOSE, order.patient.site)
    order.decided_by = None if order.is_provisional else by
    order.decided_at = None if order.is_provisional else timezone.now()
