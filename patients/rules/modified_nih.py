"""Risk of recurrence by the modified NIH criteria (Joensuu, Hum Pathol 2008;39:1411).

Sizes are cut continuously at 2, 5 and 10 cm and mitoses at 5 and 10 per 50 HPF, the upper end inside each
class, so that 2.05 cm has a class too. The cuts are those of the paper and no parameter of the protocol.
"""

from collections.abc import Iterable
from decimal import Decimal
from itertools import product

from patients.rules.facts import TumourFacts
from protocol.codes import RiskClass, RuptureCode, TumourSite

_SIZE_CUTS_CM = (Decimal(2), Decimal(5), Decimal(10))
_MITOSES_CUTS = (Decimal(5), Decimal(10))


def has_rupture(rupture_codes: tuple[str, ...] | None) -> bool | None:
    """Whether any Nishida code is a rupture (R1…R6) and not a minor defect; None when not known."""
    if rupture_codes is None:
        return None
    return any(RuptureCode(code).is_rupture for code in rupture_codes)


def possible_classes(tumour: TumourFacts) -> frozenset[RiskClass]:
    """Every class that what is known of the tumour leaves open: one when enough is known."""
    return frozenset(
        _risk_class(size, mitoses, gastric, rupture)
        for size, mitoses, gastric, rupture in product(
            _bands(tumour.tumour_size_cm, _SIZE_CUTS_CM),
            _bands(tumour.mitoses_per_50hpf, _MITOSES_CUTS),
            _truths(tumour.tumour_site == TumourSite.GASTRIC if tumour.tumour_site else None),
            _truths(has_rupture(tumour.rupture_codes)),
        )
    )


def modified_nih(tumour: TumourFacts) -> RiskClass | None:
    """The class; None when what is known leaves more than one open."""
    classes = possible_classes(tumour)
    return next(iter(classes)) if len(classes) == 1 else None


def _risk_class(size: int, mitoses: int, gastric: bool, rupture: bool) -> RiskClass:
    """`size` 0…3 and `mitoses` 0…2 count the cuts that are exceeded."""
    if rupture or size == len(_SIZE_CUTS_CM) or mitoses == len(_MITOSES_CUTS):
        return RiskClass.HIGH
    is_large, is_dividing = size == len(_SIZE_CUTS_CM) - 1, mitoses > 0
    if is_large and is_dividing:
        return RiskClass.HIGH
    if is_large or is_dividing:
        return RiskClass.INTERMEDIATE if gastric else RiskClass.HIGH
    return RiskClass.LOW if size else RiskClass.VERY_LOW


def _bands(value: Decimal | None, cuts: tuple[Decimal, ...]) -> Iterable[int]:
    return range(len(cuts) + 1) if value is None else (sum(value > cut for cut in cuts),)


def _truths(fact: bool | None) -> tuple[bool, ...]:
    return (False, True) if fact is None else (fact,)
