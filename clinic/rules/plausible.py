"""Measurements that are possible and yet look like a slip of the hand."""

from decimal import Decimal

USUAL_WEIGHT_KG = (Decimal(30), Decimal(200))
USUAL_CHANGE = Decimal("0.10")  # of the last weight, either way


def is_unusual_weight(weight_kg: Decimal) -> bool:
    """Outside the weights of nearly all adults, both limits inside."""
    lightest, heaviest = USUAL_WEIGHT_KG
    return not lightest <= weight_kg <= heaviest


def is_sudden_change(weight_kg: Decimal, last_kg: Decimal) -> bool:
    """More than a tenth of the last weight gained or lost."""
    return abs(weight_kg - last_kg) > USUAL_CHANGE * last_kg


def is_pressure_turned_round(systolic_mmhg: int, diastolic_mmhg: int) -> bool:
    """The systolic pressure is always the higher one."""
    return systolic_mmhg <= diastolic_mmhg
