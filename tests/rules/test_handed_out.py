"""Which quantities handed out want a second look."""

import pytest

from clinic.rules.handed_out import QuantityDoubt, quantities_in_doubt
from dosing.rules.tablets import TabletQuantity


def doubts(out, needed, *, is_as_proposed=False):
    sides = [[TabletQuantity(*pair) for pair in side.items()] for side in (out, needed)]
    return quantities_in_doubt(*sides, is_as_proposed=is_as_proposed)


@pytest.mark.parametrize(
    ("out", "needed", "in_doubt"),
    [
        ({400: 81}, {400: 81}, []),
        ({400: 88}, {400: 81}, []),
        ({400: 89}, {400: 81}, [QuantityDoubt(400, 89, 81)]),
        ({400: 73}, {400: 81}, [QuantityDoubt(400, 73, 81)]),
        ({400: 108}, {100: 216}, [QuantityDoubt(400, 108, 0), QuantityDoubt(100, 0, 216)]),
        ({400: 30}, {}, [QuantityDoubt(400, 30, 0)]),
    ],
)
def test_more_than_a_few_tablets_of_a_strength(out, needed, in_doubt):
    assert list(doubts(out, needed)) == in_doubt


@pytest.mark.parametrize(("tablets", "number"), [(106, 0), (105, 1), (107, 1)])
def test_an_untouched_proposal_is_exact_or_out_of_date(tablets, number):
    assert len(doubts({400: tablets}, {400: 106}, is_as_proposed=True)) == number


def test_kits_of_one_strength_count_together():
    two = [TabletQuantity(400, 53), TabletQuantity(400, 53)]
    assert quantities_in_doubt(two, [TabletQuantity(400, 106)], is_as_proposed=True) == ()
