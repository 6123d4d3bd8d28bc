"""Laboratory trends of the chart: which results are drawn, and the sentence above each picture."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from clinic.selectors.course import course_of
from clinic.selectors.lab_lines import lab_sheet
from clinic.selectors.lab_trends import lab_trends
from tests.factories import LabResultFactory, PatientFactory

pytestmark = pytest.mark.django_db
TODAY = date(2025, 12, 1)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def trends(*results):
    """(month, value, unit) of neutrophils."""
    patient = PatientFactory()
    for month, value, unit in results:
        LabResultFactory(patient=patient, collected_on=date(2025, month, 3), value=Decimal(value), unit=unit)
    course = course_of(patient, on=TODAY)
    return lab_trends(course, lab_sheet(course))


@pytest.mark.parametrize(
    ("results", "title"),
    [
        ([(3, "3.1"), (6, "2.9")], "Neutrophils: never abnormal, last 2.9 10⁹/L"),
        ([(3, "0.9"), (6, "2.9")], "Neutrophils: grade 3 on 3 Mar 2025, last 2.9 10⁹/L"),
        ([(3, "3.1"), (6, "1.2")], "Neutrophils: grade 2 now, 1.2 10⁹/L"),
    ],
)
def test_the_title_states_the_worst_and_the_latest(results, title):
    (trend,) = trends(*((month, value, "10^9/L") for month, value in results))
    assert trend.title == title
    assert len(trend.picture.points) == 2


def test_another_unit_is_in_the_table_only():
    (trend,) = trends((3, "3100", "/mm3"), (6, "2.9", "10^9/L"))
    assert (len(trend.picture.points), trend.in_another_unit) == (1, 1)


def test_a_test_in_another_unit_throughout_has_no_picture():
    (trend,) = trends((3, "3100", "/mm3"))
    assert trend.picture is None and "another unit" in trend.title


def test_without_results_there_is_no_trend():
    assert trends() == ()


def test_the_label_limit_is_drawn():
    (trend,) = trends((3, "3.1", "10^9/L"))
    assert "HOLD" in {line.kind for line in trend.picture.limits}
