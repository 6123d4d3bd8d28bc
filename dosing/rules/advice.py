"""What the label and the protocol's dose-modification table advise: advice, never an order.

The hold rules are those of the imatinib label for blood counts and liver tests. Which tests, limits and
doses they name stands in the protocol's definition (`label_rules`, `modifications`), with its source.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from adverse_events.rules.lab_grades import LabValue, has_graded_unit
from patients.rules.logic import measured
from protocol.codes import LabTest, Verdict
from protocol.definition import LabelRule, ModificationAction, ModificationStep, Threshold
from protocol.sentences import Sentence, gettext_noop

Labs = Mapping[LabTest, LabValue]  # the latest result of each test

SIGNS = {"gt": ">", "ge": "≥", "lt": "<", "le": "≤"}
CROSSED = gettext_noop("%(test)s %(value)s %(sign)s %(limit)s")
CROSSED_ULN = gettext_noop("%(test)s %(value)s %(sign)s %(limit)s × ULN (%(uln)s)")
NOT_MET = gettext_noop("%(test)s %(value)s, must be %(sign)s %(limit)s")
NOT_MET_ULN = gettext_noop("%(test)s %(value)s, must be %(sign)s %(limit)s × ULN (%(uln)s)")
MISSING = gettext_noop("%(test)s has no usable result, must be %(sign)s %(limit)s")
MISSING_ULN = gettext_noop("%(test)s has no usable result, must be %(sign)s %(limit)s × ULN")


class AdviceAction(StrEnum):
    HOLD = "HOLD"
    RESUME = "RESUME"
    NOT_YET = "NOT_YET"  # on hold, and not all conditions to resume are met or known
    DISCONTINUE = "DISCONTINUE"
    NONE = "NONE"


SENTENCES = {
    AdviceAction.HOLD: gettext_noop("The label advises to hold imatinib."),
    AdviceAction.RESUME: gettext_noop("Imatinib may be resumed at %(dose_mg)s mg a day."),
    AdviceAction.NOT_YET: gettext_noop("Not yet to be resumed."),
    AdviceAction.DISCONTINUE: gettext_noop(
        "Occurrence %(occurrence)s: the protocol advises to discontinue imatinib."
    ),
    AdviceAction.NONE: gettext_noop("No advice."),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A threshold of a rule and the result beside it; `lab` is None without a usable result."""

    test: LabTest
    threshold: Threshold
    lab: LabValue | None
    is_crossed: bool

    @property
    def sentence(self) -> Sentence:
        """For example "ANC 0.99 < 1.0" or "ALT 100, must be < 2.5 × ULN (40)"."""
        relative = self.threshold.relative_to_uln
        if self.lab is None:
            message = MISSING_ULN if relative else MISSING
        elif self.is_crossed:
            message = CROSSED_ULN if relative else CROSSED
        else:
            message = NOT_MET_ULN if relative else NOT_MET
        return Sentence(message, self._numbers)

    @property
    def _numbers(self) -> dict[str, str]:
        return {
            "test": self.test.value,
            "value": _plain(self.lab.value if self.lab else None),
            "sign": SIGNS[self.threshold.operator],
            "limit": _plain(self.threshold.limit),
            "uln": _plain(self.lab.uln if self.lab else None),
        }


@dataclass(frozen=True, slots=True)
class LabelAdvice:
    """The advice of one rule; `findings` are the limits crossed (HOLD) or not met yet (NOT_YET)."""

    action: AdviceAction
    rule_code: str
    occurrence: int
    source: str
    findings: tuple[Finding, ...] = ()
    resume_dose_mg: int | None = None

    @property
    def is_alarm(self) -> bool:
        """Whether it asks to stop the drug, now or for good; leave to resume it alarms nobody."""
        return self.action in (AdviceAction.HOLD, AdviceAction.DISCONTINUE)

    @property
    def sentence(self) -> Sentence:
        numbers = {"dose_mg": self.resume_dose_mg, "occurrence": self.occurrence}
        return Sentence(SENTENCES[self.action], numbers)


def label_advice(rule: LabelRule, labs: Labs, *, on_hold: bool, occurrence: int) -> LabelAdvice:
    """What one hold rule of the label advises from the latest results.

    `on_hold`: the patient is on hold because of this rule. `occurrence`: 1 the first time it applies. A
    result that is missing, in another unit or without the upper limit it is measured by never holds and
    never releases.
    """
    dose_mg = rule.resume_dose_mg_by_occurrence[min(occurrence, len(rule.resume_dose_mg_by_occurrence)) - 1]
    if on_hold:
        findings = tuple(f for f in _findings(rule.resume_when, labs) if not f.is_crossed)
        action = AdviceAction.NOT_YET if findings else AdviceAction.RESUME
    else:
        findings = tuple(f for f in _findings(rule.hold_when, labs) if f.is_crossed)
        action = AdviceAction.HOLD if findings else AdviceAction.NONE
    if dose_mg is None and action in (AdviceAction.HOLD, AdviceAction.RESUME):
        action = AdviceAction.DISCONTINUE
    return LabelAdvice(action, rule.code, occurrence, rule.source, findings, dose_mg)


def advice_of_labs(
    rules: Sequence[LabelRule],
    labs: Labs,
    holds: Mapping[str, int],
    held_for: str | None,
) -> tuple[LabelAdvice, ...]:
    """What each hold rule of the label advises, silent ones left out.

    `holds`: how often each rule has led to a hold before; `held_for`: the rule of the hold that is on now.
    """
    found = (
        label_advice(
            rule,
            labs,
            on_hold=rule.code == held_for,
            occurrence=max(holds.get(rule.code, 0) + (rule.code != held_for), 1),
        )
        for rule in rules
    )
    return tuple(advice for advice in found if advice.action is not AdviceAction.NONE)


def resume_conditions(rule: LabelRule, labs: Labs) -> tuple[Finding, ...]:
    """Every condition to resume after a hold of this rule; `is_crossed` says which of them are met."""
    return tuple(_findings(rule.resume_when, labs))


def modification_action(steps: Sequence[ModificationStep], event: str, occurrence: int) -> ModificationAction:
    """The table's action for the n-th occurrence of an event; the last one stands for all later ones.

    KeyError for an event the table does not have.
    """
    found = {step.occurrence: step.action for step in steps if step.event == event}
    if not found:
        raise KeyError(event)
    return found[min(occurrence, max(found))]


def _findings(thresholds: Sequence[tuple[str, Threshold]], labs: Labs) -> list[Finding]:
    return [_finding(LabTest(test), threshold, labs.get(LabTest(test))) for test, threshold in thresholds]


def _finding(test: LabTest, threshold: Threshold, lab: LabValue | None) -> Finding:
    is_usable = lab is not None and (threshold.relative_to_uln or has_graded_unit(lab))
    if lab is None or not is_usable:
        return Finding(test, threshold, None, is_crossed=False)
    verdict = measured(lab.value, threshold, lab.uln)
    return Finding(test, threshold, None if verdict is Verdict.UNKNOWN else lab, verdict is Verdict.MET)


def _plain(number: Decimal | None) -> str:
    """Without trailing zeros and exponent: 1.500000 is 1.5."""
    return "" if number is None else f"{number.normalize():f}"
