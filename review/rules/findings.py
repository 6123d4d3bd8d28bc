"""What is doubtful in a course: possible, therefore accepted, but somebody has to look at it.

A finding is known by its code and by what it is about (a key made of record and day, never of row numbers), so
that the same doubt is asked once and goes away when the record is mended.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction

from dosing.rules.accountability import accountability_intervals
from dosing.rules.contradictions import Contradiction, contradiction_of, orders_without_event
from dosing.rules.flags import holds
from dosing.rules.in_hand import transition_gap
from dosing.rules.orders import dose_periods
from patients.rules.contact import is_usable_address
from patients.rules.eligibility import assess
from protocol.codes import DoseReason, EventOutcome, SeriousCriterion, SupplySource
from protocol.days import extension_from, round_half_up
from protocol.definition import Protocol
from review.rules.facts import ReviewFacts
from visits.rules.imaging import gaps

DEATH_GRADE = 5  # CTCAE: the grade that means death
_ENDED = frozenset({EventOutcome.RECOVERED, EventOutcome.RECOVERED_WITH_SEQUELAE, EventOutcome.FATAL})


class QueryCode(StrEnum):
    LAB_UNIT_NOT_GRADED = "LAB_UNIT_NOT_GRADED"
    SUPPLY_PHASE_MISMATCH = "SUPPLY_PHASE_MISMATCH"
    OVERUSE = "OVERUSE"
    SUPPLY_GAP = "SUPPLY_GAP"
    HOLD_OVER_TOTAL = "HOLD_OVER_TOTAL"
    ELIGIBILITY_BOUNDARY = "ELIGIBILITY_BOUNDARY"
    DOSE_BELOW_MINIMUM_NOT_TOXICITY = "DOSE_BELOW_MINIMUM_NOT_TOXICITY"
    GRADE_5_WITHOUT_DEATH = "GRADE_5_WITHOUT_DEATH"
    EVENT_END_AND_OUTCOME = "EVENT_END_AND_OUTCOME"
    EMAIL_UNUSABLE = "EMAIL_UNUSABLE"
    IMAGING_GAP = "IMAGING_GAP"
    TOXICITY_WITHOUT_EVENT = "TOXICITY_WITHOUT_EVENT"
    REDUCED_WITHOUT_ORDER = Contradiction.REDUCED_WITHOUT_ORDER
    INTERRUPTED_WITHOUT_HOLD = Contradiction.INTERRUPTED_WITHOUT_HOLD
    WITHDRAWN_WITHOUT_END = Contradiction.WITHDRAWN_WITHOUT_END
    INCREASED_WITHOUT_ORDER = Contradiction.INCREASED_WITHOUT_ORDER
    ORDER_SAYS_CHANGED = Contradiction.ORDER_SAYS_CHANGED


@dataclass(frozen=True, slots=True)
class Finding:
    """`about` names the record ("DoseOrder 2024-04-03"); `detail` holds what a sentence needs, ready to be read."""

    code: QueryCode
    about: str
    detail: dict[str, str] = field(default_factory=dict, compare=False)


Rule = Callable[[ReviewFacts, Protocol], Iterator[Finding]]


def findings(facts: ReviewFacts, protocol: Protocol) -> dict[tuple[str, str], Finding]:
    """Every doubtful thing of one patient, by code and key; the first of several with one key stands for all."""
    found: dict[tuple[str, str], Finding] = {}
    for rule in RULES:
        for finding in rule(facts, protocol):
            found.setdefault((finding.code, finding.about), finding)
    return found


def units_not_graded(facts: ReviewFacts, protocol: Protocol) -> Iterator[Finding]:
    """A unit without a grading rule: the results are kept and get no grade until the unit is settled."""
    for test, unit in facts.units_not_graded:
        yield Finding(QueryCode.LAB_UNIT_NOT_GRADED, f"LabResult {test}", {"test": test, "unit": unit})


def supply_outside_phase(facts: ReviewFacts, protocol: Protocol) -> Iterator[Finding]:
    """Study drug before the extension (less the days it may be handed out early), or a prescription after it began."""
    if facts.patient.first_dose_on is None:
        return
    boundary = extension_from(facts.patient.first_dose_on, protocol.regimen)
    earliest_ip = boundary - timedelta(days=protocol.regimen.dispense_before_transition_days)
    for kit in facts.kits:
        is_early = kit.source == SupplySource.IP and kit.dispensed_on < earliest_ip
        is_late = kit.source == SupplySource.PRESCRIPTION and kit.dispensed_on >= boundary
        if is_early or is_late:
            about = f"Kit {kit.dispensed_on.isoformat()} {kit.source}"
            detail = {"kit": kit.kit_id, "source": kit.source, "boundary": boundary.isoformat()}
            yield Finding(QueryCode.SUPPLY_PHASE_MISMATCH, about, detail)


def overuse(facts: ReviewFacts, protocol: Protocol) -> Iterator[Finding]:
    """More tablets gone than the limit allows ("pill dumping", Am J Hypertens 1988;1:309)."""
    periods = dose_periods(facts.orders, facts.last_dose_on)
    for interval in accountability_intervals(facts.kits, facts.returns, periods, facts.last_dose_on):
        percent = interval.percent
        if percent is not None and percent >= Fraction(protocol.adherence.overuse_percent):
            about = f"Interval {interval.from_on.isoformat()}"
            yield Finding(QueryCode.OVERUSE, about, {"percent": str(round_half_up(percent, 2))})


def gap_at_transition(facts: ReviewFacts, protocol: Protocol) -> Iterator[Finding]:
    """Too many days without tablets between the last prescription and the first study drug.

    While there is no study drug yet, the gap is on the worklist: a query is about what has happened.
    """
    study_drug = [kit.dispensed_on for kit in facts.kits if kit.source == SupplySource.IP]
    if not study_drug:
        return
    periods = dose_periods(facts.orders, facts.last_dose_on)
    gap = transition_gap(periods, facts.kits, facts.returns, min(study_drug))
    if gap is not None and gap.until is not None and gap.days > protocol.regimen.supply_gap_query_days:
        detail = {"days": str(gap.days), "from_on": gap.from_on.isoformat(), "to_on": gap.until.isoformat()}
        yield Finding(QueryCode.SUPPLY_GAP, f"Kit {min(study_drug).isoformat()} IP", detail)


def held_too_long(facts: ReviewFacts, protocol: Protocol) -> Iterator[Finding]:
    """All holds that are over, together longer than the protocol's limit for the course."""
    over = [hold for hold in holds(dose_periods(facts.orders, facts.last_dose_on)) if hold.to_on is not None]
    days = sum(hold.days(hold.from_on) for hold in over)
    if days > protocol.regimen.hold_limit_total_days:
        detail = {"days": str(days), "limit": str(protocol.regimen.hold_limit_total_days)}
        yield Finding(QueryCode.HOLD_OVER_TOTAL, "Holds", detail)


def eligibility_boundary(facts: ReviewFacts, protocol: Protocol) -> Iterator[Finding]:
    """A value exactly on the limit of a strict criterion blocks, and asks the investigator."""
    for criterion in assess(facts.patient, protocol).boundary:
        yield Finding(QueryCode.ELIGIBILITY_BOUNDARY, f"Eligibility {criterion}", {"criterion": criterion})


def low_dose_before_entry(facts: ReviewFacts, protocol: Protocol) -> Iterator[Finding]:
    """Below the minimum before enrolment for a reason other than toxicity: not excluded (E6), but asked about."""
    for order in facts.orders:
        is_before = facts.patient.enrolled_on is None or order.from_on < facts.patient.enrolled_on
        is_low = 0 < order.mean_daily_mg < protocol.regimen.minimum_dose_mg
        if is_before and is_low and order.reason != DoseReason.TOXICITY:
            about = f"DoseOrder {order.from_on.isoformat()}"
            mean = str(round_half_up(order.mean_daily_mg, 1))
            detail = {"mean_daily_mg": mean, "reason": order.reason}
            yield Finding(QueryCode.DOSE_BELOW_MINIMUM_NOT_TOXICITY, about, detail)


def fatal_without_death(facts: ReviewFacts, protocol: Protocol) -> Iterator[Finding]:
    """A grade 5 event is a death: its seriousness must say so (ICH E2A)."""
    for event in facts.events:
        if event.grade == DEATH_GRADE and SeriousCriterion.DEATH not in event.serious:
            about = f"AdverseEvent {event.ae_no}"
            yield Finding(QueryCode.GRADE_5_WITHOUT_DEATH, about, {"ae_no": str(event.ae_no)})


def assessments_far_apart(facts: ReviewFacts, protocol: Protocol) -> Iterator[Finding]:
    """Too long between two assessments before a recurrence: unequal intervals bias the time to it.

    While nobody has looked since, the scan is on the worklist: a query is about what has happened.
    """
    days = [day for day in (facts.patient.first_dose_on, facts.patient.enrolled_on) if day is not None]
    if not days or not facts.assessed_on:
        return
    last = facts.recurrence_on or max(facts.assessed_on)
    seen = [day for day in facts.assessed_on if day <= last]
    for gap in gaps(max(days), seen, protocol.follow_up, until=last, on=last):
        if gap.to_on is not None:
            detail = {"from_on": gap.from_on.isoformat(), "to_on": gap.to_on.isoformat()}
            yield Finding(QueryCode.IMAGING_GAP, f"Outcome {gap.to_on.isoformat()}", detail)


def end_against_outcome(facts: ReviewFacts, protocol: Protocol) -> Iterator[Finding]:
    """An event has an end day if and only if its outcome says that it ended; an empty outcome says nothing yet."""
    for event in facts.events:
        if event.outcome and (event.outcome in _ENDED) != (event.ended_on is not None):
            about = f"AdverseEvent {event.ae_no}"
            detail = {"ae_no": str(event.ae_no), "outcome": event.outcome}
            yield Finding(QueryCode.EVENT_END_AND_OUTCOME, about, detail)


def event_against_ledger(facts: ReviewFacts, protocol: Protocol) -> Iterator[Finding]:
    """An event says what was done with the dose; the ledger must know it, and the other way round."""
    for event in facts.events:
        found = contradiction_of(event, facts.orders, facts.last_dose_on)
        if found is not None:
            detail = {"ae_no": str(event.ae_no), "action": event.action_taken}
            yield Finding(QueryCode(found), f"AdverseEvent {event.ae_no}", detail)


def toxicity_without_event(facts: ReviewFacts, protocol: Protocol) -> Iterator[Finding]:
    """A dose changed for toxicity names the event that it was changed for."""
    for order in orders_without_event(facts.orders, facts.patient.enrolled_on):
        from_on = order.from_on.isoformat()
        yield Finding(QueryCode.TOXICITY_WITHOUT_EVENT, f"DoseOrder {from_on}", {"from_on": from_on})


def unusable_email(facts: ReviewFacts, protocol: Protocol) -> Iterator[Finding]:
    """The patient wants reminders, and no mail can reach them."""
    contact = facts.contact
    if contact.reminders and (contact.is_refused or not is_usable_address(contact.email)):
        yield Finding(QueryCode.EMAIL_UNUSABLE, "Contact")


RULES: tuple[Rule, ...] = (
    units_not_graded,
    supply_outside_phase,
    overuse,
    gap_at_transition,
    held_too_long,
    eligibility_boundary,
    low_dose_before_entry,
    fatal_without_death,
    end_against_outcome,
    event_against_ledger,
    toxicity_without_event,
    assessments_far_apart,
    unusable_email,
)
