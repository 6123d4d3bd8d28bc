"""Outcomes, and the two ends: said before they are saved, and what follows from them."""

from datetime import date

import pytest

from patients.models import Disposition, Outcome
from tests.factories import DispositionFactory

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


def test_an_assessment_is_recorded(nurse, outcome):
    assert nurse.send(outcome, kind="DISEASE_FREE", on="2025-07-01").status_code == 302
    assert Outcome.objects.get().on == date(2025, 7, 1)


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


def test_the_end_of_treatment_is_confirmed_and_plans_what_follows(nurse, end, consulted):
    page = nurse.send(end, **TREATMENT)
    assert "ends for good" in page.content.decode() and not Disposition.objects.exists()
    nurse.send(end, **TREATMENT, **{"confirm-confirmed": page.context["mark"]})
    assert Disposition.objects.get().last_dose_on == date(2025, 7, 6)
    assert consulted.visits.filter(visit="EOT").exists()


def test_leaving_the_study_asks_for_no_last_dose(nurse, end):
    typed = {"record": "PARTICIPATION", "ended_on": "2025-07-07", "why": "WITHDRAWAL BY SUBJECT"}
    page = nurse.send(end, **typed)
    assert "leaves the study" in page.content.decode()
    nurse.send(end, **typed, **{"confirm-confirmed": page.context["mark"]})
    assert Disposition.objects.get().last_dose_on is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"last_dose_on": ""}, "day of the last dose"),
        ({"ended_on": ""}, "required"),
        ({"why": ""}, "required"),
    ],
)
def test_an_end_is_complete(nurse, end, typed, sentence):
    assert sentence in nurse.send(end, **TREATMENT | typed).content.decode()


def test_a_first_end_is_no_change_and_no_failed_screening(nurse, end, consulted):
    form = nurse.open(end).context["form"]
    assert "reason" not in form.fields
    assert "SCREEN FAILURE" not in dict(form.fields["why"].choices)
    DispositionFactory(patient=consulted)
    assert "Why is it changed?" in nurse.open(end).content.decode()


def test_an_impossible_end_is_refused_in_words(nurse, end):
    typed = TREATMENT | {"last_dose_on": "2025-01-01"}
    mark = nurse.send(end, **typed).context["mark"]
    page = nurse.send(end, **typed, **{"confirm-confirmed": mark})
    assert "ordered after this day" in page.content.decode()


@pytest.mark.parametrize(("who", "status"), [("nurse_b", 404), ("outsider", 404), ("monitor", 403)])
def test_others_record_no_outcome_and_no_end(hand, outcome, end, request, who, status):
    other = hand(request.getfixturevalue(who))
    assert {other.open(page).status_code for page in (outcome, end)} == {status}
    assert {other.send_again(page, {}).status_code for page in (outcome, end)} == {status}
