"""The echo beside what is being typed: what each value means, before anything is saved."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from adverse_events.rules.facts import AdverseEventFacts
from adverse_events.rules.lab_grades import LabGrade, LabValue, lab_grade
from adverse_events.rules.lab_proposals import KnownLabs, LabProposal, Result, lab_proposals
from clinic.forms.consultation import ConsultationForms
from clinic.forms.entry import lab_values
from clinic.forms.record import LabForm
from clinic.rules.echo import (
    DayMeaning,
    day_meaning,
    intervals_counted,
    tablets_to_hand_out,
)
from clinic.selectors.consultation import Consultation
from clinic.selectors.lab_lines import lab_value
from dosing.rules.accountability import AccountabilityInterval, pill_count_percent
from dosing.rules.advice import LabelAdvice, advice_of_labs
from dosing.rules.flags import dose_flag_code
from dosing.rules.holds import toxicity_holds
from dosing.rules.kits import KitReturnFacts
from dosing.rules.orders import DoseOrderFacts
from dosing.rules.tablets import TabletQuantity
from dosing.words import expiry_words
from protocol.codes import FlagCode, LabTest
from protocol.days import round_half_up
from visits.rules.schedule import is_in_window


@dataclass(frozen=True, slots=True)
class DoseEcho:
    mean_daily_mg: Fraction
    is_hold: bool
    flag: FlagCode | None

    @property
    def mean(self) -> object:
        return round_half_up(self.mean_daily_mg, 1)


@dataclass(frozen=True, slots=True)
class NextEcho:
    day: date
    in_window: bool
    is_working_day: bool


@dataclass(frozen=True, slots=True)
class LabEcho:
    """The grade of each result typed, and what the label says of all of them.

    `unreported`: tests whose grade no adverse event accounts for, neither a stored one nor one typed on the page.
    """

    grades: Mapping[LabTest, LabGrade]
    advice: tuple[LabelAdvice, ...]
    unreported: Mapping[LabTest, LabProposal]


@dataclass(frozen=True, slots=True)
class Echo:
    """`expiring`: a sentence for every kit that expires before the days it is handed out for."""

    day: DayMeaning | None
    labs: LabEcho
    intervals: tuple[AccountabilityInterval, ...]
    dose: DoseEcho | None
    expiring: tuple[str, ...]
    proposal: tuple[TabletQuantity, ...] | None
    proposal_until: date | None
    next: NextEcho | None

    @property
    def adherence_percent(self) -> object:
        """Of all tablets counted at this visit, pooled; None while a kit of the interval is missing."""
        percent = pill_count_percent(self.intervals)
        return None if percent is None else round_half_up(percent, 2)


def echo_of(forms: ConsultationForms) -> Echo:
    consultation = forms.consultation
    day = forms.values(forms.day).get("occurred_on") or forms.day.initial.get("occurred_on")
    seen_on = day or forms.on
    new_order = _new_order(forms)
    until = consultation.next_visit.visit.closes_on if consultation.next_visit else None
    return Echo(
        day=_day(consultation, day),
        labs=lab_echo(consultation, forms.labs, _events_typed(forms)),
        intervals=_intervals(forms, seen_on),
        dose=_dose(new_order, consultation),
        expiring=() if forms.is_stop else tuple(_expiring(forms, until)),
        proposal=() if forms.is_stop else proposal_of(consultation, seen_on, new_order),
        proposal_until=until,
        next=_next(forms),
    )


def proposal_of(
    consultation: Consultation, from_on: date, new: DoseOrderFacts | None = None
) -> tuple[TabletQuantity, ...] | None:
    """Tablets for every day from the visit to the end of the next window; None if there is no such window."""
    coming = consultation.next_visit
    if coming is None or coming.visit.closes_on is None or coming.visit.closes_on < from_on:
        return None
    course = consultation.course
    if course.all_facts.last_dose_on is not None:
        return ()
    return tablets_to_hand_out(
        course.all_facts.orders, new, from_on, coming.visit.closes_on, course.protocol.regimen
    )


def _day(consultation: Consultation, day: date | None) -> DayMeaning | None:
    visit = consultation.visit
    if day is None:
        return None
    window = (visit.opens_on, visit.closes_on) if visit else (None, None)
    return day_meaning(day, consultation.patient.first_dose_on, *window)


def lab_echo(
    consultation: Consultation, labs: Sequence[LabForm], typed_events: Sequence[AdverseEventFacts] = ()
) -> LabEcho:
    typed = {
        LabTest(lab.test): LabValue(LabTest(lab.test), lab.value, lab.unit, lab.lln, lab.uln)
        for lab in lab_values(labs)
    }
    return LabEcho(
        grades={
            test: lab_grade(lab, consultation.baselines.get(test), version=consultation.dictionary_version)
            for test, lab in typed.items()
        },
        advice=_advice(consultation, typed),
        unreported=_unreported(consultation, typed, typed_events),
    )


def _unreported(
    consultation: Consultation, typed: Mapping[LabTest, LabValue], typed_events: Sequence[AdverseEventFacts]
) -> Mapping[LabTest, LabProposal]:
    if not typed or consultation.patient.first_dose_on is None:
        return {}
    visit, baselines = consultation.visit, consultation.baselines
    day = visit.occurred_on if visit and visit.occurred_on else consultation.course.on
    results = [Result(day, lab) for lab in typed.values()]
    known = KnownLabs(
        results,
        baselines,
        at_entry=baselines,
        answered=consultation.answered_grades,
        version=consultation.dictionary_version,
    )
    events = [*(event.facts for event in consultation.ongoing), *typed_events]
    return {found.result.lab.test: found for found in lab_proposals(known, events)}


def _events_typed(forms: ConsultationForms) -> list[AdverseEventFacts]:
    """New events on the page, as far as they can be read."""
    read = (forms.values(form) for form in forms.new_events)
    return [
        AdverseEventFacts(0, typed["term"], typed["started_on"].earliest, grade=typed["grade"])
        for typed in read
        if typed.get("term") and typed.get("started_on") and typed.get("grade")
    ]


def _advice(consultation: Consultation, typed: Mapping[LabTest, LabValue]) -> tuple[LabelAdvice, ...]:
    """Silent until a result is typed: advice speaks of the results in front of one."""
    if not typed:
        return ()
    course = consultation.course
    holds, held_for = toxicity_holds(course.facts.orders, consultation.rule_of_event)
    earlier = {LabTest(test): lab_value(row) for test, row in consultation.earlier_labs.items()}
    labs = earlier | dict(typed) if held_for else dict(typed)
    return advice_of_labs(course.protocol.label_rules, labs, holds, held_for)


def _intervals(forms: ConsultationForms, seen_on: date) -> tuple[AccountabilityInterval, ...]:
    facts = forms.consultation.course.facts
    typed = [
        KitReturnFacts(entry.kit.kit_id, seen_on, entry.returned, entry.lost, entry.kept)
        for entry in forms.return_entries()
    ]
    periods = forms.consultation.course.periods
    return intervals_counted(facts.kits, facts.returns, typed, periods, seen_on)


def _new_order(forms: ConsultationForms) -> DoseOrderFacts | None:
    order = forms.order_entry()
    return DoseOrderFacts(order.from_on, order.pattern_mg, order.from_on, order.reason) if order else None


def _dose(order: DoseOrderFacts | None, consultation: Consultation) -> DoseEcho | None:
    if order is None:
        return None
    flag = dose_flag_code(order.mean_daily_mg, consultation.course.protocol.regimen)
    return DoseEcho(order.mean_daily_mg, order.is_hold, flag)


def _expiring(forms: ConsultationForms, until: date | None) -> Iterator[str]:
    for form in forms.handed_out:
        kit = forms.values(form)
        yield from expiry_words(kit["kit_id"], kit.get("expires_on"), until)


def _next(forms: ConsultationForms) -> NextEcho | None:
    coming = forms.consultation.next_visit
    day = forms.values(forms.next).get("booked_on") or (forms.next.initial or {}).get("booked_on")
    if coming is None or day is None:
        return None
    window = (coming.visit.opens_on or day - timedelta(days=1), coming.visit.closes_on or day)
    return NextEcho(day, is_in_window(day, *window), coming.is_working_day(day))
