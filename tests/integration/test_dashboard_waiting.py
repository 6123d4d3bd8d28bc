"""What waits for the principal investigator on the dashboard."""

from datetime import date

import pytest

from courses.services import rebuild_summaries
from dosing.services import order_dose
from tests.factories import DoseOrderFactory, FlagAcknowledgementFactory

pytestmark = pytest.mark.django_db
LOW_ON = date(2025, 6, 2)


@pytest.fixture
def waiting(hand, pi_a, consulted, frozen):
    def read(user=pi_a):
        rebuild_summaries([consulted.pk], on=frozen)
        return hand(user).open("/dashboard/")

    return read


def test_a_low_dose_waits_until_it_is_acknowledged(waiting, consulted):
    DoseOrderFactory(patient=consulted, from_on=LOW_ON, pattern_mg=[200])
    page = waiting()
    assert [flag.from_on for _patient, flag in page.context["waiting"].flags] == [LOW_ON]
    assert f"/patients/{consulted.uuid}/flags/DOSE_BELOW_300/2025-06-02/acknowledge/" in page.content.decode()
    FlagAcknowledgementFactory(patient=consulted, from_on=LOW_ON)
    page = waiting()
    assert page.context["waiting"].flags == ()
    assert [row.summary.patient for row in page.context["flagged"]] == [consulted]


def test_a_long_hold_waits_too(waiting, consulted):
    DoseOrderFactory(patient=consulted, from_on=LOW_ON, pattern_mg=[0])
    assert [flag.code for _patient, flag in waiting().context["waiting"].flags] == ["HOLD_OVER_28_DAYS"]
    FlagAcknowledgementFactory(patient=consulted, from_on=LOW_ON, code="HOLD_OVER_28_DAYS", mean_daily_mg=0)
    assert waiting().context["waiting"].flags == ()


def test_a_provisional_order_leads_to_its_confirmation(waiting, consulted, nurse_a):
    order = order_dose(
        by=nurse_a, patient=consulted, from_on=LOW_ON, pattern_mg=[300], reason="PATIENT_DECISION"
    )
    page = waiting()
    assert list(page.context["waiting"].orders) == [order]
    assert f"/doses/{order.pk}/confirm/" in page.content.decode()


def test_who_only_reads_is_led_to_no_act(waiting, consulted, monitor):
    DoseOrderFactory(patient=consulted, from_on=LOW_ON, pattern_mg=[200])
    page = waiting(monitor).content.decode()
    assert "Waiting for the principal investigator" in page and "acknowledge/" not in page


def test_nothing_waits_of_a_quiet_course(waiting):
    assert "Nothing waits." in waiting().content.decode()
