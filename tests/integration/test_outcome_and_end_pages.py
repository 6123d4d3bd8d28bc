"""Outcomes, and the two ends: what follows is said before it is saved, and seen afterwards."""

from datetime import date

import pytest

from patients.models import Disposition, Outcome
from tests.factories import AdverseEventFactory, DispositionFactory, OutcomeFactory

pytestmark = pytest.mark.django_db
TREATMENT = {
    "record": "TREATMENT",
    "ended_on": "2025-07-07",
    "last_dose_on": "2025-07-06",
    "why": "PHYSICIAN DECISION",
}


@pytest.fixture
def outcome(consulted):
    return f"/patients/{consulted.uuid}/outcomes/new/"


@pytest.fixture
def end(consulted):
    return f"/patients/{consulted.uuid}/ends/new/"


@pytest.fixture
def nurse(hand, nurse_a):
    return hand(nurse_a)


@pytest.fixture
def suspicion(consulted):
    return OutcomeFactory(patient=consulted, kind="SUSPECTED", on=date(2025, 6, 20), comment="liver")


@pytest.fixture
def settle(consulted, suspicion):
    return f"/patients/{consulted.uuid}/outcomes/{suspicion.pk}/settle/"


def test_an_assessment_is_recorded(nurse, outcome):
    page = nurse.send(outcome, kind="DISEASE_FREE", on="2025-07-01", comment="CT abdomen")
    assert page.headers["Location"].endswith("?tab=outcomes")
    assert Outcome.objects.get().on == date(2025, 7, 1)
    assert Outcome.objects.get().comment == "CT abdomen"


def test_a_suspicion_is_said_to_be_no_event(nurse, outcome):
    page = nurse.client.post(outcome, {"kind": "SUSPECTED", "on": "2025-07-01"}, follow=True)
    assert "no event until it is confirmed" in page.content.decode()
    assert not Disposition.objects.exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"kind": "DEATH", "on": "2024-12-01"}, "before enrolment"),
        ({"kind": "ALIVE", "on": "2025-07-08"}, "future"),
        ({"kind": ""}, "required"),
    ],
)
def test_impossible_outcomes_are_refused_in_words(nurse, outcome, typed, sentence):
    assert sentence in nurse.send(outcome, **typed).content.decode()
    assert not Outcome.objects.exists()


def test_a_death_says_first_which_visits_appointments_and_mails_fall(nurse, outcome, consulted):
    visit = consulted.visits.get(visit="M9")
    typed = {"kind": "DEATH", "on": "2025-07-05", "last_dose_on": "2025-07-04"}
    page = nurse.send(outcome, **typed)
    found = page.context["found"]
    assert visit.visit in {coming.code for coming in found.cancelled}
    assert found.kept == () and not Outcome.objects.exists()
    nurse.send(outcome, action="confirm", **typed)
    assert set(Disposition.objects.values_list("record", "reason")) == {
        ("TREATMENT", "DEATH"),
        ("PARTICIPATION", "DEATH"),
    }


def test_what_is_confirmed_can_first_be_corrected(nurse, outcome):
    page = nurse.send(outcome, action="edit", kind="DEATH", on="2025-07-05", comment="at home")
    assert page.context["form"]["comment"].value() == "at home"
    assert not Outcome.objects.exists()


def test_a_recurrence_is_confirmed_and_ends_treatment_in_one_act(nurse, settle, consulted):
    typed = {"settlement": "CONFIRMED", "on": "2025-07-07", "last_dose_on": "2025-07-06", "why": "biopsy"}
    page = nurse.send(settle, **typed)
    found = page.context["found"]
    assert "OS6" in {coming.code for coming in found.added}
    assert {coming.code for coming in found.moved} == {"SFU", "CTR"}
    assert "2025-07-07" not in Disposition.objects.values_list("ended_on", flat=True)
    done = nurse.client.post(settle, typed | {"action": "confirm"}, follow=True)
    assert "dated the first scan" in done.content.decode()
    assert consulted.outcomes.get(kind="RECURRENCE").on == date(2025, 6, 20)
    assert Disposition.objects.get().reason == "DISEASE RELAPSE"


def test_a_suspicion_is_refuted_in_words(nurse, settle, suspicion):
    assert "in your words" in nurse.send(settle, settlement="REFUTED", on="2025-07-07").content.decode()
    done = nurse.client.post(
        settle, {"settlement": "REFUTED", "on": "2025-07-07", "why": "scar"}, follow=True
    )
    assert "never counted" in done.content.decode()
    suspicion.refresh_from_db()
    assert suspicion.settled_why == "scar"


def test_who_settles_too_late_is_told(nurse, settle):
    typed = {"settlement": "REFUTED", "on": "2025-07-07", "why": "scar"}
    nurse.send(settle, **typed)
    assert "settled already" in nurse.send(settle, **typed).content.decode()


def test_only_a_suspicion_is_settled(nurse, consulted):
    seen = OutcomeFactory(patient=consulted, kind="DISEASE_FREE", on=date(2025, 6, 1))
    assert nurse.open(f"/patients/{consulted.uuid}/outcomes/{seen.pk}/settle/").status_code == 404


def test_an_outcome_is_corrected_with_its_reason(nurse, consulted, suspicion):
    path = f"/patients/{consulted.uuid}/outcomes/{suspicion.pk}/"
    assert "say why" in nurse.send(path, on="2025-06-21").content.decode()
    assert "required" in nurse.send(path, on="").content.decode()
    assert nurse.send(path, on="2025-06-21", reason="typed the report's date").status_code == 302
    suspicion.refresh_from_db()
    assert suspicion.on == date(2025, 6, 21)


def test_a_patient_who_is_off_treatment_is_asked_for_no_last_dose(nurse, outcome, settle, consulted):
    DispositionFactory(patient=consulted)
    for page in (outcome, settle):
        assert "last_dose_on" not in nurse.open(page).context["form"].fields


def test_the_end_of_treatment_is_confirmed_and_plans_what_follows(nurse, end, consulted):
    page = nurse.send(end, **TREATMENT)
    assert {"EOT", "LT6"} <= {coming.code for coming in page.context["found"].added}
    assert "Physician" in page.content.decode() and not Disposition.objects.exists()
    done = nurse.client.post(end, TREATMENT | {"action": "confirm"}, follow=True)
    assert f"{len(page.context['found'].cancelled)} cancelled" in done.content.decode()
    assert Disposition.objects.get().last_dose_on == date(2025, 7, 6)
    assert consulted.visits.filter(visit="EOT").exists()


def test_leaving_the_study_asks_for_no_last_dose(nurse, end):
    typed = {"record": "PARTICIPATION", "ended_on": "2025-07-07", "why": "WITHDRAWAL BY SUBJECT"}
    assert nurse.send(end, **typed).context["found"].kept == ()
    nurse.send(end, action="confirm", **typed)
    assert Disposition.objects.get().last_dose_on is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"last_dose_on": ""}, "day of the last dose"),
        ({"ended_on": ""}, "required"),
        ({"why": ""}, "required"),
        ({"why": "ADVERSE EVENT"}, "Name the adverse event"),
        ({"why": "COMPLETED"}, "or later"),
        ({"why": "DISEASE RELAPSE"}, "record it first"),
        ({"why": "OTHER"}, "in your words"),
        ({"last_dose_on": "2025-01-01"}, "ordered after this day"),
    ],
)
def test_an_end_is_complete_and_fits_the_facts(nurse, end, typed, sentence):
    assert sentence in nurse.send(end, **TREATMENT | typed).content.decode()
    assert not Disposition.objects.exists()


def test_an_end_by_an_event_names_it(nurse, end, consulted):
    AdverseEventFactory(patient=consulted, ae_no=7, term="Nausea")
    nurse.send(end, action="confirm", **TREATMENT | {"why": "ADVERSE EVENT", "ae_no": "7"})
    assert Disposition.objects.get().ae_no == 7


def test_a_first_end_is_no_change_and_no_failed_screening(nurse, end, consulted):
    form = nurse.open(end).context["form"]
    assert "reason" not in form.fields
    assert "SCREEN FAILURE" not in dict(form.fields["why"].choices)
    DispositionFactory(patient=consulted)
    assert "Why is it changed?" in nurse.open(end).content.decode()


def test_a_recorded_end_is_corrected_on_the_same_page(nurse, end, consulted):
    stored = DispositionFactory(patient=consulted, reason="PHYSICIAN DECISION")
    form = nurse.open(f"{end}?record=TREATMENT").context["form"]
    assert form["ended_on"].value() == stored.ended_on
    typed = TREATMENT | {"ended_on": "2025-07-06", "reason": "typing error"}
    nurse.send(end, action="confirm", **typed)
    assert Disposition.objects.get().ended_on == date(2025, 7, 6)


@pytest.mark.parametrize(("who", "status"), [("nurse_b", 404), ("outsider", 404), ("monitor", 403)])
def test_others_record_no_outcome_and_no_end(hand, outcome, end, settle, request, who, status):
    other = hand(request.getfixturevalue(who))
    assert {other.open(page).status_code for page in (outcome, end, settle)} == {status}
    assert {other.send_again(page, {}).status_code for page in (outcome, end, settle)} == {status}
