"""The page of the dose ledger: what is advised, what can be done, what was ordered, what is flagged."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from accounts.access import may
from accounts.models import User
from accounts.permissions import Permission
from clinic.selectors.course import Course
from clinic.selectors.dosing_lines import OrderLine, order_lines
from dosing.models import DoseOrder
from dosing.rules.modification import DoseAct, reduced_dose
from dosing.selectors import DosingAdvice, FlagState, advice_for, flags_of
from dosing.words import (
    ACTS,
    note_words,
    proposal_words,
    re_escalation_words,
    table_source,
)
from patients.models import Patient
from patients.words import sentence_words
from protocol.codes import DispositionRecord, DoseReason


@dataclass(frozen=True, slots=True)
class AdviceLine:
    """What is advised, on what grounds, and where that stands. `is_alarm`: it asks to stop the drug."""

    sentence: str
    grounds: str
    source: str
    is_alarm: bool = False


@dataclass(frozen=True, slots=True)
class ConditionLine:
    sentence: str
    is_met: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """An act that fits the dose of the day. `not_yet`: why it should wait; it can still be done, with a reason."""

    act: str
    name: str
    dose_mg: int | None
    url: str
    not_yet: str = ""


@dataclass(frozen=True, slots=True)
class Guidance:
    advice: DosingAdvice
    lines: tuple[AdviceLine, ...]
    conditions: tuple[ConditionLine, ...]
    notes: tuple[AdviceLine, ...]
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    guidance: Guidance
    orders: tuple[OrderLine, ...]
    flags: tuple[FlagState, ...]
    may_order: bool
    may_decide: bool
    may_acknowledge: bool


def ledger(user: User, course: Course) -> Ledger:
    patient, site = course.patient, course.patient.site
    return Ledger(
        guidance=guidance(course),
        orders=order_lines(course, with_later=True),
        flags=flags_of(patient, on=course.on),
        may_order=may(user, Permission.ORDER_DOSE, site),
        may_decide=may(user, Permission.DECIDE_DOSE, site),
        may_acknowledge=may(user, Permission.ACKNOWLEDGE_FLAG, site),
    )


def guidance(course: Course) -> Guidance:
    advice = advice_for(course.patient, on=course.on)
    return Guidance(
        advice=advice,
        lines=tuple(_lines(course, advice)),
        conditions=tuple(
            ConditionLine(sentence_words(finding.sentence), finding.is_crossed)
            for finding in advice.conditions
        ),
        notes=tuple(AdviceLine(note_words(note), "", note.source) for note in advice.notes),
        offers=tuple(_offers(course, advice)),
    )


def dose_orders_of(patient: Patient) -> QuerySet[DoseOrder]:
    return DoseOrder.objects.filter(patient=patient).select_related("adverse_event", "patient__site")


def _lines(course: Course, advice: DosingAdvice) -> Iterator[AdviceLine]:
    for label in advice.labels:
        grounds = "; ".join(sentence_words(finding.sentence) for finding in label.findings)
        yield AdviceLine(sentence_words(label.sentence), grounds, label.source, label.is_alarm)
    for row in advice.proposals:
        yield AdviceLine(proposal_words(row), "", table_source(course.protocol), row.proposal.is_alarm)
    if advice.re_escalation is not None:
        days = course.protocol.regimen.re_escalation_after_days
        words = re_escalation_words(advice.re_escalation, days)
        yield AdviceLine(words, "", table_source(course.protocol))


def _offers(course: Course, advice: DosingAdvice) -> Iterator[Offer]:
    """Nothing before the first order, nothing after the end."""
    if advice.order is None or course.all_facts.last_dose_on is not None:
        return
    if advice.is_on_hold:
        not_yet = "; ".join(sentence_words(finding.sentence) for finding in advice.not_yet)
        yield _offer(course, advice, DoseAct.RESUME, advice.resume_dose_mg, not_yet)
    else:
        lower = reduced_dose(int(advice.order.mean_daily_mg), course.protocol.regimen)
        if lower is not None:
            yield _offer(course, advice, DoseAct.REDUCE, lower)
        yield _offer(course, advice, DoseAct.HOLD, None)
    if (back := advice.re_escalation) is not None:
        words = re_escalation_words(back, course.protocol.regimen.re_escalation_after_days)
        yield _offer(course, advice, DoseAct.RE_ESCALATE, back.dose_mg, "" if back.is_allowed else words)
    yield _offer(course, advice, DoseAct.STOP, None)


def _offer(
    course: Course, advice: DosingAdvice, act: DoseAct, dose_mg: int | None, not_yet: str = ""
) -> Offer:
    uuid = course.patient.uuid
    if act is DoseAct.STOP:
        query = urlencode({"record": DispositionRecord.TREATMENT.value})
        return Offer(
            act, str(ACTS[act]), None, f"{reverse('clinic:record_disposition', args=[uuid])}?{query}"
        )
    asked = {
        "act": act.value,
        "dose": dose_mg or "",
        "ae": _event_behind(advice) if act is DoseAct.HOLD else "",
    }
    query = urlencode({name: value for name, value in asked.items() if value})
    return Offer(
        act, str(ACTS[act]), dose_mg, f"{reverse('clinic:order_dose', args=[uuid])}?{query}", not_yet
    )


def _event_behind(advice: DosingAdvice) -> int | str:
    """The first event for which the table proposes a hold."""
    holding = [row for row in advice.proposals if row.proposal.action.startswith("HOLD")]
    return holding[0].event.ae_no if holding else ""


def initial_order(act: str, dose: str, ae_no: str) -> dict[str, object]:
    """What a guided order begins with; everything can be changed."""
    reasons = {
        DoseAct.RESUME: DoseReason.RESUME,
        DoseAct.RE_ESCALATE: DoseReason.RE_ESCALATION,
    }
    if ae_no:
        reasons |= dict.fromkeys((DoseAct.HOLD, DoseAct.REDUCE), DoseReason.TOXICITY)
    return (
        {"act": act, "pattern": dose, "reason": reasons.get(DoseAct(act), "")} if act in list(DoseAct) else {}
    )
