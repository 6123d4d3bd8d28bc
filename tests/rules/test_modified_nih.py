"""The risk classes, with everything known and with gaps."""

from decimal import Decimal as D
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.rules.facts import TumourFacts
from patients.rules.modified_nih import has_rupture, modified_nih, possible_classes

SIZES = st.none() | st.decimals("0.1", "30", places=1)
MITOSES = st.none() | st.integers(0, 30).map(D)
SITES = st.sampled_from([None, "GASTRIC", "SMALL_BOWEL", "COLORECTAL", "OTHER"])
RUPTURES = st.sampled_from([None, (), ("R2",), ("N1",)])


def tumour(size, mitoses, site, rupture=()):
    return TumourFacts(
        tumour_size_cm=None if size is None else D(size),
        mitoses_per_50hpf=None if mitoses is None else D(mitoses),
        tumour_site=site,
        rupture_codes=rupture,
    )


@pytest.mark.parametrize(
    ("size", "mitoses", "gastric", "elsewhere"),
    [
        ("2.0", 5, "VERY_LOW", "VERY_LOW"),
        ("2.05", 5, "LOW", "LOW"),
        ("5.0", 5, "LOW", "LOW"),
        ("5.0", 6, "INTERMEDIATE", "HIGH"),
        ("1.0", 10, "INTERMEDIATE", "HIGH"),
        ("1.0", 11, "HIGH", "HIGH"),
        ("5.1", 5, "INTERMEDIATE", "HIGH"),
        ("10.0", 5, "INTERMEDIATE", "HIGH"),
        ("5.1", 6, "HIGH", "HIGH"),
        ("10.1", 0, "HIGH", "HIGH"),
    ],
)
def test_classes_by_size_mitoses_and_site(size, mitoses, gastric, elsewhere):
    assert modified_nih(tumour(size, mitoses, "GASTRIC")) == gastric
    for site in ("SMALL_BOWEL", "COLORECTAL", "OTHER"):
        assert modified_nih(tumour(size, mitoses, site)) == elsewhere


@pytest.mark.parametrize(("code", "expected"), [("R1", True), ("R6", True), ("N1", False), ("N4", False)])
def test_rupture_by_nishida(code, expected):
    assert has_rupture((code,)) is expected
    assert (modified_nih(tumour("1.0", 1, "GASTRIC", (code,))) == "HIGH") is expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (tumour("10.1", None, None, None), "HIGH"),
        (tumour(None, 11, None, None), "HIGH"),
        (tumour(None, None, None, ("R1",)), "HIGH"),
        (tumour("1.0", 1, None), "VERY_LOW"),
        (tumour("6.0", 1, None), None),
        (tumour("6.0", 6, None, None), "HIGH"),
        (tumour("6.0", None, "SMALL_BOWEL"), "HIGH"),
        (tumour("1.0", 1, "GASTRIC", None), None),
        (tumour(None, 1, "GASTRIC"), None),
        (TumourFacts(), None),
    ],
)
def test_class_is_known_only_when_one_is_left(facts, expected):
    assert modified_nih(facts) == expected


@given(SIZES, MITOSES, SITES, RUPTURES)
def test_possible_classes_are_those_of_every_completion(size, mitoses, site, rupture):
    sizes = ["1", "3", "7", "12"] if size is None else [size]
    counts = [1, 7, 12] if mitoses is None else [mitoses]
    sites = ["GASTRIC", "OTHER"] if site is None else [site]
    ruptures = [(), ("R1",)] if rupture is None else [rupture]
    completions = product(sizes, counts, sites, ruptures)
    expected = {modified_nih(tumour(*completion)) for completion in completions}
    assert possible_classes(tumour(size, mitoses, site, rupture)) == expected
