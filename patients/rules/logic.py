"""Three- and four-valued logic over facts that may be missing.

Criteria combine as NOT_MET < BOUNDARY_NOT_MET < UNKNOWN < MET: `and` is the lowest part, `or` the highest.
Exclusions are the same with False < None (not known) < True.
"""

import operator
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from protocol.codes import Verdict
from protocol.definition import Threshold

_RANK = {verdict: rank for rank, verdict in enumerate(Verdict)}
_TRUTH_RANK = {False: 0, None: 1, True: 2}
_COMPARE: dict[str, Callable[[Decimal, Decimal | Fraction], bool]] = {
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}


def all_of(*parts: Verdict) -> Verdict:
    """`and`: the lowest of the parts."""
    return min(parts, key=_RANK.__getitem__)


def any_of(*parts: Verdict) -> Verdict:
    """`or`: the highest of the parts."""
    return max(parts, key=_RANK.__getitem__)


def met(fact: bool | None) -> Verdict:
    """A yes/no fact as a verdict; not known is UNKNOWN."""
    if fact is None:
        return Verdict.UNKNOWN
    return Verdict.MET if fact else Verdict.NOT_MET


def measured(value: Decimal | None, threshold: Threshold, uln: Decimal | None = None) -> Verdict:
    """`value` against a threshold, exactly; on the limit of a strict operator it is BOUNDARY_NOT_MET."""
    if value is None or (threshold.relative_to_uln and uln is None):
        return Verdict.UNKNOWN
    limit: Decimal | Fraction = threshold.limit
    if uln is not None and threshold.relative_to_uln:
        limit = Fraction(limit) * Fraction(uln)  # a Decimal product would round beyond 28 digits
    if _COMPARE[threshold.operator](value, limit):
        return Verdict.MET
    return Verdict.BOUNDARY_NOT_MET if value == limit else Verdict.NOT_MET


def both(*parts: bool | None) -> bool | None:
    """`and` of three-valued facts."""
    return min(parts, key=_TRUTH_RANK.__getitem__)


def either(*parts: bool | None) -> bool | None:
    """`or` of three-valued facts."""
    return max(parts, key=_TRUTH_RANK.__getitem__)


def negated(fact: bool | None) -> bool | None:
    """`not`; what is not known stays so."""
    return None if fact is None else not fact
