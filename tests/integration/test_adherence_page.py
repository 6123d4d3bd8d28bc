"""Adherence: three measures side by side, the same numbers as the course summary."""

from datetime import date
from decimal import Decimal

import pytest

from courses.services import rebuild_summaries
from tests.factories import KitFactory, KitReturnFactory, MissedDosesFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(hand, monitor, consulted, frozen):
    """Reads the page afresh."""
    return lambda: hand(monitor).open(f"/patients/{consulted.uuid}/adherence/")


def kit(patient, on, returned=None, **counts):
    kit = KitFactory(patient=patient, dispensed_on=on, tablets=100)
    if returned is not None:
        KitReturnFactory(kit=kit, returned_on=date(2025, 7, 7), tablets_returned=returned, **counts)
    return kit


def test_the_whole_course_is_that_of_the_summary(page, consulted):
    kit(consulted, date(2025, 1, 6), returned=9)
    MissedDosesFactory(patient=consulted)
    rebuild_summaries([consulted.pk], on=date(2025, 7, 7))
    consulted.refresh_from_db()
    stored = consulted.summary
    whole, standard, extension = page().context["page"].parts
    assert whole.pill_count_percent == stored.pill_count_percent == Decimal("100.00")
    assert (whole.pdc_percent, whole.rdi_taken_percent) == (stored.pdc_percent, stored.rdi_percent)
    assert whole.rdi_ordered_percent == Decimal("100.00") > whole.rdi_taken_percent
    assert standard.pill_count_percent == whole.pill_count_percent
    assert (extension.pill_count_percent, extension.evaluable) == (None, 0)


def test_a_missing_return_is_not_evaluable_and_has_bounds(page, consulted):
    kit(consulted, date(2025, 1, 6))
    (interval,) = page().context["page"].intervals
    assert (interval.percent, interval.lowest_percent, interval.highest_percent) == (
        None,
        Decimal("0.00"),
        Decimal("100.00"),
    )
    assert "not evaluable" in page().content.decode()


def test_too_many_tablets_gone_is_a_query(page, consulted):
    kit(consulted, date(2025, 1, 6), returned=0)
    KitFactory(patient=consulted, dispensed_on=date(2025, 3, 27))
    interval = page().context["page"].intervals[-1]
    assert (interval.percent, interval.is_overuse) == (Decimal("125.00"), True)


def test_definitions_bands_and_reported_doses_stand_on_the_page(page, consulted):
    MissedDosesFactory(patient=consulted)
    words = page().content.decode()
    assert "nothing is assumed" in words and "90 % and more is good" in words
    assert "Missed doses reported by the patient" in words and "None reported." not in words


def test_without_anything_counted_it_says_so(page, consulted):
    words = page().content.decode()
    assert "No interval between two dispensings is over yet." in words and "None reported." in words
