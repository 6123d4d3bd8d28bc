"""CTCAE grades from laboratory values: the cut-offs, baselines, units and missing limits."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adverse_events.rules.ctcae import FILES, find_term
from adverse_events.rules.lab_criteria import CRITERIA, lab_test_of
from adverse_events.rules.lab_grades import GRADED_UNITS, LabValue, grade_bands, lab_grade
from protocol.codes import LabTest

LIMITS = {
    "ANC": ("1.8", "7.5"),
    "PLT": ("150", "400"),
    "HGB": ("12.0", "17.0"),
    "WBC": ("4.0", "10.0"),
    "BILI": ("0.2", "1.2"),
    "AST": ("5", "40"),
    "ALT": ("5", "40"),
    "CREAT": ("0.6", "1.2"),
}


def lab(test, value, **changes):
    lln, uln = (Decimal(limit) for limit in LIMITS[test])
    result = LabValue(LabTest(test), Decimal(str(value)), GRADED_UNITS[LabTest(test)], lln, uln)
    return replace(result, **changes)


def grade_of(test, value, baseline=None, version="5.0", **changes):
    before = lab(test, baseline) if baseline else None
    return lab_grade(lab(test, value, **changes), before, version=version).grade


@pytest.mark.parametrize(
    ("test", "value", "grade"),
    [
        ("ANC", "1.8", 0),
        ("ANC", "1.79", 1),
        ("ANC", "1.5", 1),
        ("ANC", "1.49", 2),
        ("ANC", "1.0", 2),
        ("ANC", "1.000000000000", 2),
        ("ANC", "0.99", 3),
        ("ANC", "0.5", 3),
        ("ANC", "0.49", 4),
        ("PLT", "150", 0),
        ("PLT", "149", 1),
        ("PLT", "75", 1),
        ("PLT", "74", 2),
        ("PLT", "50", 2),
        ("PLT", "49", 3),
        ("PLT", "25", 3),
        ("PLT", "24.9", 4),
        ("WBC", "4.0", 0),
        ("WBC", "3.99", 1),
        ("WBC", "3.0", 1),
        ("WBC", "2.99", 2),
        ("WBC", "1.99", 3),
        ("WBC", "1.0", 3),
        ("WBC", "0.99", 4),
        ("HGB", "12.0", 0),
        ("HGB", "11.9", 1),
        ("HGB", "10.0", 1),
        ("HGB", "9.9", 2),
        ("HGB", "8.0", 2),
        ("HGB", "7.9", 3),
        ("HGB", "2.0", 3),
    ],
)
def test_low_values(test, value, grade):
    assert grade_of(test, value) == grade


@pytest.mark.parametrize(
    ("test", "multiple", "grade"),
    [
        ("ALT", "1.0", 0),
        ("ALT", "1.01", 1),
        ("ALT", "3.0", 1),
        ("ALT", "3.01", 2),
        ("ALT", "5.00", 2),
        ("ALT", "5.01", 3),
        ("ALT", "20.0", 3),
        ("ALT", "20.01", 4),
        ("AST", "3.0", 1),
        ("AST", "20.01", 4),
        ("BILI", "1.0", 0),
        ("BILI", "1.5", 1),
        ("BILI", "1.51", 2),
        ("BILI", "3.0", 2),
        ("BILI", "3.01", 3),
        ("BILI", "10.0", 3),
        ("BILI", "10.01", 4),
        ("CREAT", "1.0", 0),
        ("CREAT", "1.01", 1),
        ("CREAT", "1.5", 1),
        ("CREAT", "1.51", 2),
        ("CREAT", "3.01", 3),
        ("CREAT", "6.0", 3),
        ("CREAT", "6.01", 4),
    ],
)
def test_high_values_as_multiples_of_the_upper_limit(test, multiple, grade):
    assert grade_of(test, Decimal(multiple) * Decimal(LIMITS[test][1])) == grade


@pytest.mark.parametrize(
    ("test", "baseline", "value", "grade"),
    [
        ("ALT", "40", "60", 1),
        ("ALT", "60", "89", 0),
        ("ALT", "60", "90", 1),
        ("ALT", "60", "180", 1),
        ("ALT", "60", "181", 2),
        ("ALT", "60", "301", 3),
        ("AST", "60", "1201", 4),
        ("BILI", "2.0", "2.0", 0),
        ("BILI", "2.0", "2.1", 1),
        ("BILI", "2.0", "3.1", 2),
        ("BILI", "2.0", "20.1", 4),
        ("CREAT", "0.6", "0.9", 0),
        ("CREAT", "0.6", "0.91", 2),
        ("CREAT", "0.6", "1.81", 3),
        ("CREAT", "2.0", "2.1", 2),
        ("CREAT", "2.0", "7.3", 4),
    ],
)
def test_values_against_the_baseline(test, baseline, value, grade):
    assert grade_of(test, value, baseline) == grade


def test_the_laboratorys_limit_of_today_serves_a_baseline_without_one():
    before = replace(lab("ALT", "60"), uln=None)
    assert lab_grade(lab("ALT", "89"), before).grade == 0
    assert lab_grade(replace(lab("ALT", "89"), uln=None), before).grade is None


def test_exact_multiples_are_not_lost_to_rounding():
    """Three times 13.3 is 39.9: in binary fractions it is a little more."""
    assert grade_of("ALT", "39.9", uln=Decimal("13.3")) == 1
    many_digits = Decimal("13." + "3" * 30)
    assert grade_of("ALT", "39." + "9" * 30, uln=many_digits) == 1


@pytest.mark.parametrize(
    ("test", "value", "grade"),
    [("ANC", "1.49", 2), ("ANC", "1.5", None), ("HGB", "7.9", 3), ("HGB", "15", None)],
)
def test_a_missing_lower_limit_matters_only_for_grade_1(test, value, grade):
    assert grade_of(test, value, lln=None) == grade


def test_a_missing_limit_is_named():
    assert (
        str(lab_grade(lab("ANC", 3, lln=None)).reason) == "The laboratory's lower limit for ANC is missing."
    )
    assert (
        str(lab_grade(lab("ALT", 3, uln=None)).reason) == "The laboratory's upper limit for ALT is missing."
    )


@pytest.mark.parametrize("test", list(LIMITS))
def test_another_unit_is_not_graded_and_says_so(test):
    found = lab_grade(lab(test, 1, unit="μkat/L"))
    assert found.grade is None
    assert "“μkat/L” is kept and not graded" in str(found.reason)


def test_a_baseline_in_another_unit_is_not_compared():
    assert lab_grade(lab("ALT", 50), lab("ALT", 1, unit="μkat/L")).grade is None


@pytest.mark.parametrize(
    ("test", "baseline", "value", "grade"),
    [
        ("ANC", None, "1.79", 0),
        ("ANC", None, "1.5", 0),
        ("ANC", None, "1.49", 1),
        ("ANC", None, "0.99", 2),
        ("ANC", None, "0.49", 3),
        ("ANC", None, "0.09", 4),
        ("PLT", None, "149", 1),
        ("PLT", None, "49", 3),
        ("PLT", None, "10", 3),
        ("PLT", None, "9.9", 4),
        ("HGB", None, "7.9", 3),
        ("ALT", None, "40.1", 1),
        ("ALT", None, "200.1", 3),
        ("ALT", "60", "59", 0),
        ("ALT", "60", "60", 1),
        ("ALT", "60", "90.1", 2),
        ("ALT", "60", "120.1", 3),
        ("ALT", "60", "240.1", 4),
        ("BILI", "2.0", "2.0", 1),
        ("BILI", "2.0", "3.1", 2),
        ("BILI", "2.0", "5.1", 3),
        ("CREAT", "1.0", "1.6", 1),
        ("CREAT", "0.5", "0.76", 2),
        ("CREAT", "0.5", "1.51", 3),
    ],
)
def test_version_6_moved_limits(test, baseline, value, grade):
    assert grade_of(test, value, baseline, version="6.0") == grade


def test_without_a_lower_limit_version_6_still_grades_neutrophils():
    assert grade_of("ANC", "1.6", version="6.0", lln=None) == 0


def test_low_platelets_are_another_term_in_version_6():
    found = {version: lab_grade(lab("PLT", 40), version=version).term for version in FILES}
    assert found == {"5.0": "Platelet count decreased", "6.0": "Thrombocytopenia"}
    assert {lab_test_of(term) for term in found.values()} == {LabTest.PLT}


@pytest.mark.parametrize("version", FILES)
@pytest.mark.parametrize("test", list(LabTest))
def test_every_test_has_a_unit_and_a_term_of_the_dictionary(test, version):
    term = CRITERIA[version].terms[test]
    assert GRADED_UNITS[test]
    assert find_term(term, version)
    assert lab_grade(lab(test.value, 5), version=version).term == term
    assert lab_test_of(term) is test


VALUES = st.decimals(0, 1000, places=2)
VERSIONS = st.sampled_from(list(FILES))


@given(st.sampled_from(["ANC", "PLT", "HGB", "WBC"]), VALUES, VALUES, VERSIONS)
def test_a_lower_count_never_has_a_lower_grade(test, one, other, version):
    low, high = (grade_of(test, value, version=version) for value in (min(one, other), max(one, other)))
    assert low >= high


@given(
    st.sampled_from(["ALT", "AST", "BILI", "CREAT"]),
    VALUES,
    VALUES,
    st.none() | st.decimals("0.1", 200, places=1),
    VERSIONS,
)
def test_a_higher_value_never_has_a_lower_grade(test, one, other, baseline, version):
    low, high = min(one, other), max(one, other)
    assert grade_of(test, low, baseline, version) <= grade_of(test, high, baseline, version)


@given(st.sampled_from(list(LIMITS)), VALUES, VERSIONS)
def test_every_grade_exists_for_its_term(test, value, version):
    found = lab_grade(lab(test, value), version=version)
    assert found.grade == 0 or found.grade in find_term(found.term, version).grades


MEASURED = st.decimals("0.01", "2000", places=2)


@given(st.sampled_from(list(LabTest)), MEASURED, VERSIONS)
def test_a_band_holds_the_values_of_its_grade(test, value, version):
    """Off the edges, where which side is inside differs between tests that are low and tests that are high."""
    lln, uln = Decimal("140"), Decimal("400")
    bands = grade_bands(test, lln, uln, version=version)
    if any(value in (band.above, band.upto) for band in bands):
        return
    inside = [b.grade for b in bands if b.above < value and (b.upto is None or value < b.upto)]
    graded = lab_grade(LabValue(test, value, GRADED_UNITS[test], lln, uln), version=version).grade
    assert (inside or [0]) == [graded]


@pytest.mark.parametrize("test", [LabTest.ALT, LabTest.BILI, LabTest.CREAT])
def test_without_an_upper_limit_a_high_test_has_no_bands(test):
    assert grade_bands(test, None, None) == ()


@pytest.mark.parametrize("lln", [None, Decimal("1.2")])
def test_a_low_test_without_a_useful_lower_limit_has_no_first_grade(lln):
    assert [band.grade for band in grade_bands(LabTest.ANC, lln, None)] == [4, 3, 2]
