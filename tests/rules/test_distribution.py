"""Quantiles and bins from values and how often each occurs."""

from collections import Counter
from decimal import Decimal

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.rules.bins import bins
from dashboard.rules.distribution import Distribution, distribution, quantile
from protocol import load_protocol

BINS = bins(load_protocol().adherence)
PERCENTAGES = st.lists(st.decimals(0, 300, places=2), min_size=1, max_size=200)


@given(PERCENTAGES, st.integers(0, 100))
def test_a_quantile_is_that_of_numpy(values, percent):
    found = quantile(Counter(values).items(), Decimal(percent) / 100)
    assert float(found) == pytest.approx(numpy.percentile([float(v) for v in values], percent), abs=1e-9)


@given(PERCENTAGES)
def test_every_value_lies_in_one_bin(values):
    found = distribution(Counter(map(str, values)))
    assert sum(map(found.inside, BINS)) == found.evaluable == len(values)


def test_who_cannot_be_evaluated_is_counted_apart():
    found = distribution({"98.41": 2, "none": 3, "7.00": 1, "50.00": 0})
    assert found == Distribution(((Decimal("7.00"), 1), (Decimal("98.41"), 2)), 3)
    assert (found.evaluable, found.quartiles) == (3, (Decimal("52.705"), Decimal("98.41"), Decimal("98.41")))


@pytest.mark.parametrize("counts", [{}, {"none": 4}])
def test_of_nobody_there_are_no_quartiles(counts):
    assert distribution(counts).quartiles is None


def test_nothing_has_no_quantile():
    with pytest.raises(ValueError, match="no value"):
        quantile([], Decimal("0.5"))
