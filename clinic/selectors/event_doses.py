"""The dose ledger as an adverse event sees it: the orders that name it, those that may be its own, what is missing."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from accounts.access import may
from accounts.models import User
from accounts.permissions import Permission
from adverse_events.models import AdverseEvent
from dosing.models import DoseOrder
from dosing.rules.contradictions import Contradiction, contradiction_of, orders_to_match
from dosing.rules.modification import DoseAct, reduced_dose
from dosing.selectors import DosingAdvice, advice_for
from patients.models import Disposition
from protocol.codes import ActionTaken, DispositionRecord

_ACTS = {ActionTaken.DOSE_REDUCED: DoseAct.REDUCE, ActionTaken.DRUG_INTERRUPTED: DoseAct.HOLD}
_NEEDED = {
    ActionTaken.DOSE_REDUCED: Permission.ORDER_DOSE,
    ActionTaken.DRUG_INTERRUPTED: Permission.ORDER_DOSE,
    ActionTaken.DRUG_WITHDRAWN: Permission.RECORD_OUTCOME,
}


@dataclass(frozen=True, slots=True)
class EventDoses:
    """`named`: orders that name the event; `to_match`: orders that do what it says and name none."""

    event: AdverseEvent
    named: tuple[DoseOrder, ...]
    to_match: tuple[DoseOrder, ...]
    contradiction: Contradiction | None

    @property
    def is_settled(self) -> bool:
        return self.contradiction is None and not self.to_match


def event_doses(event: AdverseEvent) -> EventDoses:
    rows = list(DoseOrder.objects.filter(patient=event.patient_id).select_related("adverse_event"))
    ends = Disposition.objects.filter(patient=event.patient_id, record=DispositionRecord.TREATMENT)
    last_dose_on = ends.values_list("last_dose_on", flat=True).first()
    orders, by_day = [row.facts for row in rows], {row.from_on: row for row in rows}
    return EventDoses(
        event=event,
        named=tuple(row for row in rows if row.adverse_event_id == event.pk),
        to_match=tuple(
            by_day[done.order.from_on] for done in orders_to_match(event.facts, orders, last_dose_on)
        ),
        contradiction=contradiction_of(event.facts, orders, last_dose_on),
    )


def settling_url(user: User, doses: EventDoses, *, on: date) -> str:
    """The page on which what an event says is ordered, ended or matched; "" where nothing is left to do there."""
    event, patient = doses.event, doses.event.patient
    needed = _NEEDED.get(event.action_taken)  # type: ignore[call-overload]
    if needed is None or doses.is_settled or not may(user, needed, patient.site):
        return ""
    if event.action_taken == ActionTaken.DRUG_WITHDRAWN:
        asked = {"record": DispositionRecord.TREATMENT.value, "ae": event.ae_no}
        return f"{reverse('clinic:record_disposition', args=[patient.uuid])}?{urlencode(asked)}"
    act = _ACTS[ActionTaken(event.action_taken)]
    day = on if event.ended_on is None else event.started_on
    asked = {"act": act.value, "ae": event.ae_no, "day": day.isoformat()}
    if act is DoseAct.REDUCE and (dose_mg := _lower_dose(event, advice_for(patient, on=day))):
        asked["dose"] = dose_mg
    return f"{reverse('clinic:order_dose', args=[patient.uuid])}?{urlencode(asked)}"


def _lower_dose(event: AdverseEvent, advice: DosingAdvice) -> int | None:
    """What the table proposes for this occurrence of the event, where that is lower; else the next level below."""
    now = advice.before_hold
    if now is None:
        return None
    proposed = [row.proposal.resume_dose_mg for row in advice.proposals if row.event.ae_no == event.ae_no]
    lower = [mg for mg in proposed if mg is not None and mg < now.mean_daily_mg]
    return lower[0] if lower else reduced_dose(int(now.mean_daily_mg), event.patient.protocol.regimen)
