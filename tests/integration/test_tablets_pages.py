"""The accountability log of a patient and of a site, and kits handed out, corrected and counted."""

from datetime import date, timedelta

import pytest

from dosing.models import Kit, KitReturn
from tests.factories import KitFactory, KitReturnFactory, PatientFactory

pytestmark = pytest.mark.django_db
DAY = date(2025, 7, 7)


@pytest.fixture
def kit(consulted):
    return Kit.objects.get()


@pytest.fixture
def path(consulted):
    return f"/patients/{consulted.uuid}/"


@pytest.fixture
def nurse(hand, nurse_a, frozen):
    return hand(nurse_a)


def text(page):
    return page.content.decode()


def test_the_log_shows_every_kit_with_its_balance(nurse, path, consulted, kit):
    KitReturnFactory(kit=kit, returned_on=DAY, tablets_returned=9, tablets_lost=1, tablets_kept=2)
    page = nurse.open(f"{path}accountability/")
    (balance,) = page.context["log"].balances
    assert (balance.dispensed, balance.returned, balance.lost, balance.used, balance.kept) == (
        100,
        9,
        1,
        88,
        2,
    )
    assert balance.difference == 0
    assert "RX-77" in text(page) and "system" in text(page)


def test_an_empty_log_says_so(nurse, site_01):
    new = PatientFactory(site=site_01)
    assert "No tablets dispensed yet." in text(nurse.open(f"/patients/{new.uuid}/accountability/"))


def test_what_a_spreadsheet_would_run_is_inert(hand, pi_a, frozen, path, consulted):
    KitFactory(patient=consulted, kit_id="=1+1", lot="@lot", dispensed_on=DAY)
    answer = hand(pi_a).open(f"{path}accountability/?format=csv")
    rows = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(rows) == 3 and "'=1+1" in rows[2] and "'@lot" in rows[2]


@pytest.mark.parametrize("place", ["accountability/", "/clinic/accountability/"])
def test_only_who_may_export_takes_a_file(nurse, path, place):
    address = place if place.startswith("/") else path + place
    assert nurse.open(f"{address}?format=csv").status_code == 403
    assert "format=csv" not in text(nurse.open(address))


def test_a_site_s_log_holds_its_own_kits_only(hand, pi_a, frozen, consulted):
    KitFactory(kit_id="OTHER-SITE", patient__site__code="02")
    page = hand(pi_a).open("/clinic/accountability/?site=01")
    assert "RX-77" in text(page) and "OTHER-SITE" not in text(page)
    assert hand(pi_a).open("/clinic/accountability/?site=02").status_code == 404


def test_a_site_s_log_is_narrowed_by_source_and_taken_as_a_file(hand, pi_a, frozen, consulted):
    page = hand(pi_a).open("/clinic/accountability/?source=IP")
    assert page.context["log"].lines == () and page.context["source"] == "IP"
    answer = hand(pi_a).open("/clinic/accountability/?format=csv&source=nonsense")
    assert "RX-77" in b"".join(answer.streaming_content).decode("utf-8-sig")


def test_the_log_of_a_site_asks_the_database_as_often_for_many_kits(
    hand, pi_a, frozen, consulted, django_assert_max_num_queries
):
    visitor = hand(pi_a)
    for number in range(20):
        KitReturnFactory(kit=KitFactory(patient=consulted, dispensed_on=date(2025, 2, 1 + number)))
    with django_assert_max_num_queries(20):
        visitor.open("/clinic/accountability/")


def test_a_kit_is_proposed_to_the_end_of_the_next_window(nurse, path, consulted):
    page = nurse.open(f"{path}kits/new/")
    until = page.context["proposal"].until
    (needed,) = page.context["proposal"].tablets
    assert (needed.strength_mg, needed.tablets) == (400, (until - DAY).days + 1)
    assert page.context["form"].initial["source"] == "PRESCRIPTION"


def test_a_kit_is_handed_out_with_lot_and_expiry(nurse, path, consulted):
    answer = nurse.send(f"{path}kits/new/", kit_id="RX-78", lot="L-7", expires_on="2026-12-31")
    assert answer.status_code == 302
    kit = Kit.objects.get(kit_id="RX-78")
    assert (kit.lot, kit.expires_on, kit.dispensed_on) == ("L-7", date(2026, 12, 31), DAY)


@pytest.mark.parametrize(("days", "is_warned"), [(-1, True), (0, False)])
def test_a_kit_that_expires_before_the_next_window_ends_is_handed_out_with_a_warning(
    nurse, path, consulted, days, is_warned
):
    until = nurse.open(f"{path}kits/new/").context["proposal"].until
    nurse.send(f"{path}kits/new/", kit_id="RX-78", expires_on=str(until + timedelta(days=days)))
    assert Kit.objects.filter(kit_id="RX-78").exists()
    assert ("Kit RX-78 expires on" in text(nurse.open(path + "accountability/"))) is is_warned


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"expires_on": "2025-07-06"}, "expired by the day"),
        ({"source": "IP"}, "Study drug is handed out from"),
        ({"kit_id": "RX-77"}, "handed out already"),
        ({"tablets": "x"}, "whole number"),
    ],
)
def test_an_impossible_kit_is_refused_in_words_and_stays_typed(nurse, path, consulted, typed, said):
    page = nurse.send(f"{path}kits/new/", **{"kit_id": "RX-78", "tablets": "90", "lot": "L-7", **typed})
    assert page.status_code == 200 and said in text(page)
    assert "L-7" in text(page) and Kit.objects.count() == 1


def test_study_drug_is_proposed_once_the_transition_is_near(nurse, site_01):
    later = PatientFactory(site=site_01, first_dose_on=date(2022, 7, 8))
    assert nurse.open(f"/patients/{later.uuid}/kits/new/").context["form"].initial["source"] == "IP"


def test_a_kit_is_corrected_with_a_reason(nurse, path, kit):
    address = f"{path}kits/{kit.pk}/correct/"
    assert nurse.send(address, tablets="90").status_code == 200
    assert nurse.send(address, tablets="90", why="Miscounted").status_code == 302
    kit.refresh_from_db()
    assert (kit.tablets, kit.events.latest("pgh_id").pgh_context["reason"]) == (90, "Miscounted")


def test_a_kit_cannot_become_smaller_than_what_came_back(nurse, path, kit):
    KitReturnFactory(kit=kit, returned_on=DAY, tablets_returned=80)
    page = nurse.send(f"{path}kits/{kit.pk}/correct/", tablets="70", why="Miscounted")
    assert "80 tablets back, only 70 were out" in text(page)
    kit.refresh_from_db()
    assert kit.tablets == 100


def test_a_kit_is_counted_and_counted_again_with_a_reason(nurse, path, kit):
    address = f"{path}kits/{kit.pk}/count/"
    assert nurse.send(address, tablets_returned="9", tablets_kept="2").status_code == 302
    assert "say why" in text(nurse.send(address, tablets_returned="8"))
    assert nurse.send(address, tablets_returned="8", why="Counted again").status_code == 302
    row = KitReturn.objects.get()
    assert (row.tablets_returned, row.tablets_lost, row.tablets_kept) == (8, 0, 2)


@pytest.mark.parametrize(
    ("typed", "said"), [({"tablets_returned": "101"}, "only 100 were out"), ({}, "This field is required")]
)
def test_a_count_that_cannot_be_is_refused(nurse, path, kit, typed, said):
    assert said in text(nurse.send(f"{path}kits/{kit.pk}/count/", **typed))


def test_another_patient_s_kit_is_not_found(nurse, path):
    assert nurse.open(f"{path}kits/{KitFactory().pk}/count/").status_code == 404
