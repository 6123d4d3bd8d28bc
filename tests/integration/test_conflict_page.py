"""Two people on one visit: the second sees what differs, chooses field by field, and loses nothing typed."""

from decimal import Decimal

import pytest

from dosing.models import DoseOrder, Kit, KitReturn
from tests.integration.conftest import DAY, fields_of, kept_of
from visits.models import Assessment, LabResult, Visit
from visits.services import book_visit

pytestmark = pytest.mark.django_db

WHY = {"confirm-reason_kind": "New information"}


@pytest.fixture
def path(consulted):
    return f"/patients/{consulted.uuid}/visits/M6/record/"


@pytest.fixture
def nurse(hand, nurse_a):
    return hand(nurse_a)


@pytest.fixture
def overtaken(nurse, path, hand, pi_a):
    """The nurse opened the page, the investigator saved first; the nurse's page as she would send it."""
    sent = fields_of(nurse.open(path)) | {"action": "save"}
    pi = hand(pi_a)
    typed = {"seen-weight_kg": "60", "seen-ecog": "1", "lab-ANC-value": "2.5", "next-booked_time": "10:00"}
    assert pi.send(path, **typed, **{"dose-decision": "HOLD", "dose-reason": "SUPPLY"}).status_code == 302
    return sent


def words(page):
    return page.content.decode()


def choices(page):
    return {choice.name: choice.chosen for choice in page.context["choices"]}


def chosen(page, **answers):
    said = choices(page) | {f"choose-{name.replace('__', '-')}": value for name, value in answers.items()}
    return kept_of(page) | said | {"seen_revision": page.context["stored"].revision, "action": "merge"}


def mine(overtaken):
    """Another weight, no ECOG, another ANC, and tablets that nobody else has counted."""
    kit = Kit.objects.get()
    return overtaken | {"seen-weight_kg": "70", "lab-ANC-value": "2", f"kit-{kit.pk}-returned": "9"}


def test_where_only_one_has_a_value_it_is_proposed(nurse, path, overtaken):
    page = nurse.send_again(path, mine(overtaken))
    kit = Kit.objects.get()
    assert page.status_code == 409
    assert choices(page) | {"choose-next": ""} == {
        "choose-seen-weight_kg": "", "choose-seen-ecog": "theirs", "choose-lab-ANC": "",
        f"choose-kit-{kit.pk}": "mine", "choose-next": "",
    }  # fmt: skip
    assert "keep theirs" in words(page) and "take mine" in words(page)


def test_what_is_left_unsaid_is_asked_for(nurse, path, overtaken):
    page = nurse.send_again(path, mine(overtaken))
    page = nurse.send_again(path, chosen(page, seen__weight_kg="theirs"))
    assert page.status_code == 409
    assert "which value is to hold" in words(page)
    assert choices(page)["choose-seen-weight_kg"] == "theirs"
    assert not KitReturn.objects.exists()


def test_theirs_stands_and_what_is_new_of_mine_is_saved(nurse, path, overtaken):
    page = nurse.send_again(path, mine(overtaken))
    answer = nurse.send_again(path, chosen(page, seen__weight_kg="theirs", lab__ANC="theirs", next="theirs"))
    assert answer.status_code == 302
    stored = Assessment.objects.get()
    assert (stored.weight_kg, stored.ecog) == (Decimal(60), 1)
    assert LabResult.objects.get().value == Decimal("2.5")
    assert KitReturn.objects.get().tablets_returned == 9
    assert DoseOrder.objects.get(from_on=DAY).pattern_mg == [0]


def test_mine_over_theirs_asks_once_for_the_reason(nurse, path, overtaken):
    page = nurse.send_again(path, mine(overtaken))
    page = nurse.send_again(path, chosen(page, seen__weight_kg="mine", lab__ANC="theirs", next="theirs"))
    assert [row.label for row in page.context["changes"] if row.is_correction] == ["weight (kg)"]
    assert Assessment.objects.get().weight_kg == Decimal(60)
    assert nurse.explain(path, page, **WHY).status_code == 302
    assert Assessment.objects.get().weight_kg == Decimal(70)
    assert Assessment.objects.get().events.latest("pgh_id").pgh_context["reason"] == "New information"


def test_a_dose_of_mine_corrects_theirs(nurse, path, overtaken):
    reduced = {"dose-decision": "CHANGE", "dose-pattern": "300", "dose-reason": "PATIENT_DECISION"}
    page = nurse.send_again(path, overtaken | reduced)
    page = nurse.send_again(path, chosen(page, dose="mine", next="theirs"))
    assert nurse.explain(path, page, **WHY).status_code == 302
    assert DoseOrder.objects.get(from_on=DAY).pattern_mg == [300]


def test_a_dose_of_theirs_stands(nurse, path, overtaken):
    reduced = {"dose-decision": "CHANGE", "dose-pattern": "300", "dose-reason": "PATIENT_DECISION"}
    page = nurse.send_again(path, overtaken | reduced)
    assert nurse.send_again(path, chosen(page, dose="theirs", next="theirs")).status_code == 302
    assert DoseOrder.objects.get(from_on=DAY).pattern_mg == [0]


def test_a_third_person_is_seen_too(nurse, path, overtaken, nurse_a):
    page = nurse.send_again(path, mine(overtaken))
    sent = chosen(page, seen__weight_kg="mine", lab__ANC="mine", next="theirs")

    again = nurse.send_again(path, sent | {"seen_revision": "0"})
    assert again.status_code == 409
    assert Assessment.objects.get().weight_kg == Decimal(60)


def test_what_somebody_took_out_meanwhile_is_not_proposed_again(nurse, path, hand, pi_a):
    nurse.send(path, **{"lab-ANC-value": "2.5"})
    sent = fields_of(nurse.open(path)) | {"seen-weight_kg": "70", "action": "save"}
    pi = hand(pi_a)
    pi.explain(path, pi.send(path, **{"lab-ANC-value": ""}))
    assert not LabResult.objects.exists()
    page = nurse.send_again(path, sent)
    assert choices(page)["choose-lab-ANC"] == ""
    answer = nurse.send_again(path, chosen(page, lab__ANC="theirs", seen__weight_kg="mine"))
    assert answer.status_code == 302
    assert not LabResult.objects.exists()


def test_back_to_what_i_typed_and_still_told(nurse, path, overtaken):
    page = nurse.send_again(path, mine(overtaken))
    form = nurse.send_again(path, kept_of(page) | {"action": "edit"})
    assert fields_of(form)["seen-weight_kg"] == "70"
    assert nurse.send_again(path, fields_of(form) | {"action": "save"}).status_code == 409


def test_a_faulty_page_is_kept_until_it_can_be_compared(nurse, path, overtaken):
    page = nurse.send_again(path, overtaken | {"seen-weight_kg": "x"})
    assert page.status_code == 409 and "has a fault" in words(page)
    form = nurse.send_again(path, kept_of(page) | {"action": "edit"})
    assert fields_of(form)["seen-weight_kg"] == "x"
    assert (
        nurse.send_again(path, kept_of(page) | {"action": "merge", "seen_revision": "1"}).status_code == 409
    )


def test_a_visit_that_was_only_booked_meanwhile(nurse, path, consulted, nurse_a):
    sent = fields_of(nurse.open(path)) | {"seen-weight_kg": "70", "action": "save"}
    book_visit(by=nurse_a, visit=Visit.objects.get(visit="M6"), booked_on=DAY)
    page = nurse.send_again(path, sent)
    assert "Somebody else has changed Month 6" in words(page)
    assert nurse.send_again(path, chosen(page)).status_code == 302
    assert Assessment.objects.get().weight_kg == Decimal(70)


def test_two_unscheduled_visits_of_one_day_become_one(nurse, consulted, hand, pi_a):
    path = f"/patients/{consulted.uuid}/visits/UNS/record/"
    sent = fields_of(nurse.open(path)) | {"seen-weight_kg": "70", "action": "save"}
    hand(pi_a).send(path, **{"seen-weight_kg": "60"})
    page = nurse.send_again(path, sent)
    assert page.context["address"].endswith(f"?on={DAY.isoformat()}")
    page = nurse.send_again(page.context["address"], chosen(page, seen__weight_kg="mine"))
    assert nurse.explain(f"{path}?on={DAY.isoformat()}", page, **WHY).status_code == 302
    assert Assessment.objects.get().weight_kg == Decimal(70)
    assert Visit.objects.filter(visit="UNS").count() == 1


def test_to_merge_without_a_visit_only_shows_the_form(nurse, consulted):
    path = f"/patients/{consulted.uuid}/visits/UNS/record/"
    assert nurse.send(path, "merge").status_code == 200
    assert not Visit.objects.filter(visit="UNS").exists()
