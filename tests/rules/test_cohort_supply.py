"""Which row of the returns brings back more than was out."""

from datetime import date

import pytest

from exchange.rules.supply import KitRow, ReturnRow, excesses

D1, D2, D3 = date(2025, 1, 6), date(2025, 3, 1), date(2025, 5, 1)


def kit(name, day, tablets=30, *, strength=400, row=2, back=None):
    return KitRow(row, name, day, strength, tablets, back)


def back(row, returned, lost=0, kept=0):
    return ReturnRow(row, returned, lost, kept)


def places(*kits):
    return [(excess.in_returns, excess.row) for excess in excesses(kits)]


def test_the_row_that_takes_the_total_over_is_named():
    """Three kits of one day, 90 tablets out, counted in the order of the file: 25 + 40 pass, 26 more do not."""
    kits = [kit("A", D1, back=back(9, 26)), kit("B", D1, back=back(7, 25)), kit("C", D1, back=back(8, 40))]
    assert places(*kits) == [(True, 9)]


def test_rows_after_the_one_that_goes_over_say_nothing_new():
    kits = [kit("A", D1, back=back(7, 80)), kit("B", D1, back=back(8, 11)), kit("C", D1, back=back(9, 5))]
    assert places(*kits) == [(True, 8)]


def test_a_kit_alone_may_come_back_larger_than_it_was():
    assert places(kit("A", D1, back=back(7, 31)), kit("B", D1, back=back(8, 29))) == []


def test_strengths_are_counted_apart():
    kits = [kit("A", D1, back=back(7, 30)), kit("B", D1, strength=100, back=back(8, 31))]
    assert places(*kits) == [(True, 8)]


def test_what_was_kept_is_out_in_the_next_interval_alone():
    first = kit("A", D1, back=back(7, 0, kept=5))
    assert places(first, kit("B", D2, back=back(8, 35))) == []
    assert places(first, kit("B", D2), kit("C", D3, back=back(9, 31))) == [(True, 9)]


def test_what_is_stored_counts_before_the_rows_of_the_file():
    kits = [kit("A", D1, row=None, back=back(None, 30)), kit("B", D1, back=back(7, 31))]
    assert places(*kits) == [(True, 7)]


@pytest.mark.parametrize(
    ("kits", "place"),
    [
        ([kit("A", D1, 10, row=4, back=back(None, 11)), kit("B", D2, row=5)], (False, 4)),
        ([kit("A", D1, row=None, back=back(6, 0)), kit("B", D2, row=None, back=back(None, 31))], (True, 6)),
    ],
)
def test_a_change_that_makes_a_stored_return_impossible_is_named_instead(kits, place):
    assert places(*kits) == [place]


@pytest.mark.parametrize(
    "kits",
    [
        [kit("A", None), kit("B", D1, back=back(7, 99))],
        [kit("A", D1, None, back=back(7, 99))],
        [kit("A", D1, strength=None), kit("B", D1, back=back(7, 99))],
        [kit("A", D1, back=back(7, 0, kept=None)), kit("B", D2, back=back(8, 99))],
    ],
)
def test_nothing_is_said_where_a_figure_could_not_be_read(kits):
    assert places(*kits) == []


def test_a_figure_that_could_not_be_read_does_not_hide_a_later_excess():
    kits = [kit("A", D1, None), kit("B", D2), kit("C", D3, back=back(9, 31))]
    assert places(*kits) == [(True, 9)]
