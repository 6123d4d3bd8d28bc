"""The page of the doses: what is advised, what is offered, who confirms and who acknowledges."""

from datetime import date
from decimal import Decimal

import pytest

from dosing.models import DoseOrder, FlagAcknowledgement
from tests.factories import (
    AdverseEventFactory,
    DoseOrderFactory,
    FlagAcknowledgementFactory,
    LabResultFactory,
    PatientFactory,
    ScreeningFactory,
)

pytestmark = pytest.mark.django_db
DAY = date(2025, 7, 7)


@pytest.fixture
def path(consulted):
    return f"/patients/{consulted.uuid}/doses/"


@pytest.fixture
def nurse(hand, nurse_a, frozen):
    return hand(nurse_a)


@pytest.fixture
def pi(hand, pi_a, frozen):
    return hand(pi_a)


def result(patient, test, value, on=DAY):
    LabResultFactory(patient=patient, collected_on=on, test=test, value=Decimal(value))


def hold(patient, from_on, event):
    return DoseOrderFactory(
        patient=patient, from_on=from_on, pattern_mg=[0], reason="TOXICITY", adverse_event=event
    )


@pytest.fixture
def neutropenia(consulted):
    return AdverseEventFactory(
        patient=consulted, ae_no=7, term="Neutrophil count decreased", grade=3, started_on=date(2025, 6, 2)
    )


def offers(page):
    return {
        offer.act: (offer.dose_mg, bool(offer.not_yet)) for offer in page.context["ledger"].guidance.offers
    }


def text(page):
    return page.content.decode()


def test_neutrophils_of_0_8_show_the_label_s_hold_and_its_source(nurse, path, consulted, neutropenia):
    result(consulted, "ANC", "0.8")
    page = nurse.open(path)
    assert "The label advises to hold imatinib." in text(page) and "ANC 0.8 &lt; 1" in text(page)
    assert "SmPC" in text(page)
    assert "occurrence 1: hold, and resume at 400 mg when it is over." in text(page)
    assert offers(page) == {"REDUCE": (300, False), "HOLD": (None, False), "STOP": (None, False)}


def test_the_offered_hold_is_filled_in_with_its_event(nurse, path, consulted, neutropenia):
    result(consulted, "ANC", "0.8")
    offer = next(o for o in nurse.open(path).context["ledger"].guidance.offers if o.act == "HOLD")
    nurse.send(offer.url)
    order = DoseOrder.objects.get(from_on=DAY)
    assert (order.pattern_mg, order.reason, order.adverse_event) == ([0], "TOXICITY", neutropenia)


@pytest.mark.parametrize(
    ("anc", "plt", "not_yet"), [("1.4", "80", True), ("1.5", "74", True), ("1.5", "75", False)]
)
def test_resuming_is_not_yet_until_every_condition_is_met(
    nurse, path, consulted, neutropenia, anc, plt, not_yet
):
    hold(consulted, date(2025, 6, 2), neutropenia)
    result(consulted, "ANC", anc)
    result(consulted, "PLT", plt)
    page = nurse.open(path)
    assert offers(page)["RESUME"] == (400, not_yet)
    assert ("not yet" in text(page)) is not_yet
    assert "On hold for 36 days, at most 90" in text(page)


def test_the_second_time_the_table_proposes_300(nurse, path, consulted, neutropenia):
    hold(consulted, date(2025, 3, 3), neutropenia)
    DoseOrderFactory(patient=consulted, from_on=date(2025, 4, 1), reason="RESUME")
    hold(consulted, date(2025, 6, 2), neutropenia)
    result(consulted, "ANC", "2.0")
    result(consulted, "PLT", "180")
    page = nurse.open(path)
    assert offers(page)["RESUME"] == (300, False)
    assert "occurrence 2: hold, and resume at 300 mg" in text(page)
    nurse.send(page.context["ledger"].guidance.offers[0].url)
    assert DoseOrder.objects.get(from_on=DAY).pattern_mg == [300]


def test_who_was_on_300_comes_back_to_300(nurse, path, consulted, neutropenia):
    DoseOrderFactory(patient=consulted, from_on=date(2025, 5, 5), pattern_mg=[300])
    hold(consulted, date(2025, 6, 2), neutropenia)
    result(consulted, "ANC", "2.0")
    result(consulted, "PLT", "180")
    assert offers(nurse.open(path))["RESUME"] == (300, False)


def test_the_third_time_no_dose_is_offered(nurse, path, consulted, neutropenia):
    for month in (2, 3, 6):
        hold(consulted, date(2025, month, 2), neutropenia)
        DoseOrderFactory(patient=consulted, from_on=date(2025, month, 20), pattern_mg=[300])
    hold(consulted, date(2025, 7, 1), neutropenia)
    assert offers(nurse.open(path))["RESUME"] == (None, True)
    assert "discontinue imatinib" in text(nurse.open(path))


def test_a_hold_for_another_reason_comes_back_to_the_dose_before_it(nurse, path, consulted):
    DoseOrderFactory(patient=consulted, from_on=date(2025, 6, 2), pattern_mg=[0], reason="SUPPLY")
    assert offers(nurse.open(path))["RESUME"] == (400, False)


def test_a_lowered_dose_may_be_raised_after_its_days(nurse, path, consulted):
    DoseOrderFactory(patient=consulted, from_on=date(2025, 6, 9), pattern_mg=[300])
    assert offers(nurse.open(path))["RE_ESCALATE"] == (400, False)
    assert "At grade 1 or less since" in text(nurse.open(path))


def test_a_dose_lowered_yesterday_is_not_yet_raised(nurse, path, consulted):
    DoseOrderFactory(patient=consulted, from_on=date(2025, 7, 6), pattern_mg=[300])
    assert offers(nurse.open(path))["RE_ESCALATE"] == (400, True)


def test_notes_of_the_label_stand_below(nurse, path, consulted):
    ScreeningFactory(patient=consulted, stable_hepatitis_b=True, childbearing_potential=True)
    page = text(nurse.open(path))
    assert "Hepatitis B: test" in page and "Childbearing potential" in page and "grapefruit" in page


def test_what_a_provisional_order_asks_of_whom(nurse, hand, pi_a, path):
    nurse.send(f"{path}new/", act="REDUCE", pattern="300", reason="PATIENT_DECISION")
    order = DoseOrder.objects.get(from_on=DAY)
    assert "provisional" in text(nurse.open(path))
    confirm, pi = f"{path}{order.pk}/confirm/", hand(pi_a)
    assert confirm in text(pi.open(path))
    assert pi.client.post(confirm).status_code == 302
    assert "pi_a" in text(pi.open(path)) and confirm not in text(pi.open(path))
    again = pi.client.post(confirm)
    assert "confirmed already" in text(again)


def test_a_nurse_cannot_confirm(hand, nurse_a, frozen, path, consulted):
    order = DoseOrder.objects.get()
    assert hand(nurse_a).open(f"{path}{order.pk}/confirm/").status_code == 403


def test_an_order_is_corrected_with_old_and_new_in_the_trail(nurse, path, consulted):
    order = DoseOrderFactory(patient=consulted, from_on=date(2025, 6, 2), pattern_mg=[300])
    correct = f"{path}{order.pk}/correct/"
    assert nurse.send(correct, pattern="400").status_code == 200
    assert nurse.send(correct, pattern="400", why="Misread").status_code == 302
    order.refresh_from_db()
    assert (order.pattern_mg, order.events.latest("pgh_id").pgh_context["reason"]) == ([400], "Misread")


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ({"pattern": ""}, "Give the dose."),
        ({"pattern": "x"}, "pattern of days"),
        ({"reason": "TOXICITY"}, "name the adverse event"),
        ({"pattern": "200"}, "confirm it and say why"),
        ({"from_on": "2025-01-06"}, "order from this day already"),
    ],
)
def test_a_correction_is_refused_in_words_and_keeps_what_was_typed(nurse, path, consulted, typed, asked):
    order = DoseOrderFactory(patient=consulted, from_on=date(2025, 6, 2), pattern_mg=[300])
    page = nurse.send(f"{path}{order.pk}/correct/", **{"why": "Misread", **typed})
    assert page.status_code == 200 and asked in text(page)
    assert "Misread" in text(page)


@pytest.mark.parametrize("name", ["correct", "confirm"])
def test_another_patients_order_is_not_found(pi, path, consulted, name):
    other = DoseOrderFactory()
    assert pi.open(f"{path}{other.pk}/{name}/").status_code == 404


@pytest.fixture
def flag(consulted):
    DoseOrderFactory(patient=consulted, from_on=date(2025, 6, 2), pattern_mg=[200])
    return f"/patients/{consulted.uuid}/flags/DOSE_BELOW_300/2025-06-02/acknowledge/"


def test_the_principal_investigator_acknowledges_a_low_dose(pi, path, flag):
    assert flag in text(pi.open(path)) and "Under 300 mg" in text(pi.open(path))
    assert pi.send(flag, comment="").status_code == 200
    assert pi.send(flag, comment="Tolerates no more").status_code == 302
    page = text(pi.open(path))
    assert "Tolerates no more" in page and flag not in page
    assert pi.open(flag).context["state"].acknowledgement == FlagAcknowledgement.objects.get()


def test_an_acknowledged_flag_leaves_the_banner_and_not_the_history(pi, path, consulted, flag):
    assert pi.open(path).context["banner"].flags
    FlagAcknowledgementFactory(patient=consulted, from_on=date(2025, 6, 2))
    page = pi.open(path)
    assert page.context["banner"].flags == ()
    assert [row.flag.code for row in page.context["ledger"].flags] == ["DOSE_BELOW_300"]


def test_a_flag_acknowledged_twice_says_so(pi, flag, consulted):
    FlagAcknowledgementFactory(patient=consulted, from_on=date(2025, 6, 2))
    assert "acknowledged already" in text(pi.client.post(flag, {"comment": "Again"}))


@pytest.mark.parametrize("day", ["2025-06-03", "no-day"])
def test_what_is_not_flagged_is_not_found(pi, path, consulted, flag, day):
    assert pi.open(flag.replace("2025-06-02", day)).status_code == 404


def test_before_the_first_order_nothing_is_offered_but_an_order(nurse, site_01):
    new = PatientFactory(site=site_01)
    page = nurse.open(f"/patients/{new.uuid}/doses/")
    assert offers(page) == {} and "No dose orders yet." in text(page)


def test_a_reader_sees_the_doses_and_no_acts(hand, monitor, frozen, path, consulted):
    page = text(hand(monitor).open(path))
    assert "What is advised" in page and "What can be done" not in page
