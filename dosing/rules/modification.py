"""The protocol's dose-modification table applied to an event: what it proposes, for which occurrence, and why.

A proposal, never an order. What the table has no row for (an event without a grade, anaemia, leukopenia) gets none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from adverse_events.rules.facts import AdverseEventFacts
from adverse_events.rules.history import GradeStep, Spell, spells_above
from adverse_events.rules.lab_criteria import lab_test_of
from dosing.rules.advice import modification_action
from dosing.rules.orders import DosePeriod
from protocol.codes import LabTest
from protocol.days import ONE_DAY
from protocol.definition import LabelRule, ModificationAction, Protocol, Regimen

_NOT_IN_TABLE = frozenset({LabTest.HGB, LabTest.WBC})
_TOLERABLE_GRADE = 1  # re-escalation needs a time at this grade or less
_DEATH = 5
_SEVERE = 3  # CTCAE: where the limits of the label's hold rules lie


class DoseAct(StrEnum):
    """What somebody does with the dose, in the order in which the acts are offered."""

    REDUCE = "REDUCE"
    HOLD = "HOLD"
    RESUME = "RESUME"
    RE_ESCALATE = "RE_ESCALATE"
    STOP = "STOP"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One row of the table, read for one event. `resume_dose_mg` None: the dose is not touched, or treatment ends."""

    ae_no: int
    row: str
    occurrence: int
    action: ModificationAction
    resume_dose_mg: int | None

    @property
    def is_alarm(self) -> bool:
        """Whether it asks to stop the drug, now or for good."""
        return self.action != "CONTINUE"


@dataclass(frozen=True, slots=True)
class ReEscalation:
    """A way back to the planned dose. `since` None: something of grade 2 or more still goes on."""

    dose_mg: int
    since: date | None
    allowed_on: date | None
    is_allowed: bool


def label_rule_of(term: str, rules: Sequence[LabelRule]) -> str | None:
    """The label rule that looks at the laboratory test behind a term."""
    behind = lab_test_of(term)
    rules_of = {LabTest(test): rule.code for rule in rules for test, _threshold in rule.hold_when}
    return rules_of.get(behind) if behind else None


def spells_not_tolerable(
    event: AdverseEventFacts, history: Sequence[GradeStep], on: date
) -> tuple[Spell, ...]:
    """The spells of grade 2 or more of an event, up to a day."""
    until = on if event.ended_on is None else min(event.ended_on, on)
    return tuple(spells_above(history, _TOLERABLE_GRADE, until))


def table_row(
    event: AdverseEventFacts, history: Sequence[GradeStep], protocol: Protocol, on: date
) -> str | None:
    """The row of the table that speaks of an event by its worst grade up to a day; None where the table is silent.

    An event that gets better stays what it was: a hold for it counts as one for its worst grade.
    """
    if rule := label_rule_of(event.term, protocol.label_rules):
        return rule
    if event.grade is None or event.grade >= _DEATH or lab_test_of(event.term) in _NOT_IN_TABLE:
        return None
    if event.grade > 2:
        return f"GRADE_{event.grade}_NON_HAEMATOLOGICAL"
    longest = max((spell.days for spell in spells_not_tolerable(event, history, on)), default=0)
    is_persistent = event.grade == 2 and longest > protocol.regimen.persistent_grade_2_days
    return "INTOLERABLE_GRADE_2" if is_persistent else "TOLERABLE"


def is_proposed_for(event: AdverseEventFacts, row: str, held_for: str | None) -> bool:
    """Does the table speak of this event now: behind the hold that is on, or going on and grave enough for its row?"""
    if row == held_for:
        return True
    is_laboratory = row in ("HAEMATOLOGICAL", "HEPATIC")
    return event.ended_on is None and (not is_laboratory or (event.grade or 0) >= _SEVERE)


def proposal(
    event: AdverseEventFacts,
    row: str,
    holds: Mapping[str, int],
    held_for: str | None,
    dose_mg: int,
    protocol: Protocol,
) -> Proposal:
    """What the table says of this event. `dose_mg`: the mean dose before the hold, or now without one."""
    occurrence = max(holds.get(row, 0) + (row != held_for), 1)
    action = modification_action(protocol.modifications, row, occurrence)
    return Proposal(event.ae_no, row, occurrence, action, _resume_dose(action, dose_mg, protocol.regimen))


def reduced_dose(dose_mg: int, regimen: Regimen) -> int | None:
    """The next dose level below; None under the lowest: treatment is discontinued rather than lowered further."""
    return max((level.dose_mg for level in regimen.dose_levels if level.dose_mg < dose_mg), default=None)


def re_escalation(
    periods: Sequence[DosePeriod], above: Sequence[Spell], on: date, regimen: Regimen
) -> ReEscalation | None:
    """May a lowered dose go back up? None while the dose is not lowered, or on hold.

    The protocol's days are counted from the first day of the lowered dose, or from the day after the last one of
    grade 2 or more, whichever is later. `above`: the spells of that grade of every event, up to the day.
    """
    lowered = _lowered_since(periods, on, regimen)
    if lowered is None:
        return None
    if any(spell.to_on >= on for spell in above):
        return ReEscalation(regimen.planned_dose_mg, None, None, is_allowed=False)
    since = max([lowered, *(spell.to_on + ONE_DAY for spell in above)])
    allowed_on = since + timedelta(days=regimen.re_escalation_after_days)
    return ReEscalation(regimen.planned_dose_mg, since, allowed_on, is_allowed=on >= allowed_on)


def _lowered_since(periods: Sequence[DosePeriod], on: date, regimen: Regimen) -> date | None:
    """Since when, without a break, the dose on a day has been above 0 and under the plan."""
    since: date | None = None
    for period in periods:
        if period.from_on > on or (period.to_on is not None and period.to_on < on and period.order.is_hold):
            continue
        is_lowered = 0 < period.order.mean_daily_mg < regimen.planned_dose_mg
        since = (since or period.from_on) if is_lowered else None
    return since


def _resume_dose(action: ModificationAction, dose_mg: int, regimen: Regimen) -> int | None:
    if action in ("HOLD_RESUME_REDUCED", "HOLD_PI_DECISION"):
        return reduced_dose(regimen.planned_dose_mg, regimen)
    return dose_mg if action == "HOLD_RESUME_SAME" else None
