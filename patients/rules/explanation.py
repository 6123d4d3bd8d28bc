"""What stands behind the verdict of a criterion: the facts that were entered, and a sentence for each part of it.

A sentence names its fact by `fact_name`; the page puts the words of that name into it. Limits come from the protocol.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from patients.rules.logic import measured
from protocol.codes import Verdict
from protocol.definition import Threshold
from protocol.sentences import Sentence, gettext_noop

FactValue = Decimal | int | str | bool | date | tuple[str, ...] | None

FACT = "fact"  # the value of a sentence that is the name of a fact
MISSING = gettext_noop("%(fact)s: not known yet.")
_MEASURED: dict[str, dict[Verdict, str]] = {
    "gt": {
        Verdict.MET: gettext_noop("%(fact)s: %(value)s is more than %(limit)s, as asked."),
        Verdict.BOUNDARY_NOT_MET: gettext_noop(
            "%(fact)s: %(value)s is exactly the limit; more than %(limit)s is asked."
        ),
        Verdict.NOT_MET: gettext_noop("%(fact)s: %(value)s is too low; more than %(limit)s is asked."),
    },
    "ge": {
        Verdict.MET: gettext_noop("%(fact)s: %(value)s is at least %(limit)s, as asked."),
        Verdict.NOT_MET: gettext_noop("%(fact)s: %(value)s is too low; at least %(limit)s is asked."),
    },
    "lt": {
        Verdict.MET: gettext_noop("%(fact)s: %(value)s is less than %(limit)s, as asked."),
        Verdict.BOUNDARY_NOT_MET: gettext_noop(
            "%(fact)s: %(value)s is exactly the limit; less than %(limit)s is asked."
        ),
        Verdict.NOT_MET: gettext_noop("%(fact)s: %(value)s is too high; less than %(limit)s is asked."),
    },
    "le": {
        Verdict.MET: gettext_noop("%(fact)s: %(value)s is at most %(limit)s, as asked."),
        Verdict.NOT_MET: gettext_noop("%(fact)s: %(value)s is too high; at most %(limit)s is asked."),
    },
}
_YES = gettext_noop("%(fact)s: yes.")
_NO = gettext_noop("%(fact)s: no.")


@dataclass(frozen=True, slots=True)
class Entered:
    """One fact as it was entered; `unit` is a text such as "10⁹/L"."""

    name: str
    value: FactValue
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One fact of a criterion and what it amounts to."""

    entered: Entered
    why: Sentence


def fact_part(name: str, value: FactValue, sentence: Sentence | None) -> Part:
    """A fact with its sentence; None where it is not known."""
    return Part(Entered(name, value), sentence or Sentence(MISSING, {FACT: name}))


def yes_no_part(name: str, value: bool | None) -> Part:
    message = MISSING if value is None else _YES if value else _NO
    return Part(Entered(name, value), Sentence(message, {FACT: name}))


def measured_part(
    name: str, value: Decimal | None, threshold: Threshold, unit: str = "", uln: Decimal | None = None
) -> Part:
    """A measurement against its threshold, in its unit; relative ones say the factor and the upper limit."""
    entered = Entered(name, value, unit)
    verdict = measured(value, threshold, uln)
    if value is None:
        return Part(entered, Sentence(MISSING, {FACT: name}))
    if verdict is Verdict.UNKNOWN:
        return Part(entered, Sentence(MISSING, {FACT: f"{name}_uln"}))
    limit = f"{threshold.limit} × {plain(uln)}" if threshold.relative_to_uln else _with_unit(threshold, unit)
    values = {FACT: name, "value": plain(value), "limit": limit}
    return Part(entered, Sentence(_MEASURED[threshold.operator][verdict], values))


def plain(value: Decimal | None) -> str:
    """Without the zeros that storage adds, never in powers of ten."""
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _with_unit(threshold: Threshold, unit: str) -> str:
    return f"{threshold.limit} {unit}".strip()
