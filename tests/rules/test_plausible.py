"""Measurements that look like a slip of the hand."""

from decimal import Decimal

import pytest

from clinic.rules.plausible import is_pressure_turned_round, is_sudden_change, is_unusual_weight


@pytest.mark.parametrize(
    ("kg", "unusual"), [("29.9", True), ("30", False), ("200", False), ("200.1", True), ("640", True)]
)
def test_an_unusual_weight(kg, unusual):
    assert is_unusual_weight(Decimal(kg)) is unusual


@pytest.mark.parametrize(("kg", "sudden"), [("54", False), ("53.9", True), ("66", False), ("66.1", True)])
def test_a_change_of_more_than_a_tenth(kg, sudden):
    assert is_sudden_change(Decimal(kg), Decimal(60)) is sudden


@pytest.mark.parametrize(("pressure", "turned"), [((120, 80), False), ((80, 80), True), ((80, 120), True)])
def test_a_pressure_turned_round(pressure, turned):
    assert is_pressure_turned_round(*pressure) is turned
