"""The page of one adverse event: its grades, how it was judged, and what may be done about it."""

from datetime import date

import pytest

from adverse_events.models import AdverseEvent
from adverse_events.services import EventValues, record_grade, report_adverse_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(nurse_a, consulted):
    """Diarrhea since some day of March, as a nurse judged it."""
    values = EventValues(
        term="Diarrhea", started_on=date(2025, 3, 1), start_precision="MONTH", grade=1, causality="POSSIBLE"
    )
    return report_adverse_event(by=nurse_a, patient=consulted, values=values)


@pytest.fixture
def path(event):
    return f"/patients/{event.patient.uuid}/adverse-events/{event.ae_no}/"


@pytest.fixture
def nurse(hand, nurse_a):
    return hand(nurse_a)


@pytest.fixture
def pi(hand, pi_a):
    return hand(pi_a)


def text_of(page):
    return " ".join(page.content.decode().split())


def test_an_event_is_read_in_full(hand, monitor, nurse_a, event, path):
    record_grade(by=nurse_a, event=event, grade=3, from_on=date(2025, 5, 2))
    text = text_of(hand(monitor).open(path))
    assert "2025-03 (day unknown)" in text and "99 to 129 days" in text
    assert "Increase of &gt;=7 stools" in text and "Provisional" in text and "worst: 3" in text
    assert "Record another grade" not in text and "Confirm assessment" not in text


@pytest.mark.parametrize(("who", "may_confirm"), [("nurse_a", False), ("pi_a", True)])
def test_each_sees_what_they_may_do(hand, request, path, who, may_confirm):
    text = text_of(hand(request.getfixturevalue(who)).open(path))
    assert (path + "confirm/" in text) is may_confirm
    assert path + "grades/new/" in text


def test_another_grade_is_recorded_from_a_day(nurse, event, path):
    page = nurse.open(path + "grades/new/")
    assert "5 · Death" in text_of(page)
    assert nurse.send(path + "grades/new/", grade="2", from_on="2025-05").status_code == 302
    event.refresh_from_db()
    assert [(step.grade, str(step.since)) for step in event.history] == [(1, "2025-03"), (2, "2025-05")]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "This field is required"),
        ({"grade": "1", "from_on": "2025-05-02"}, "this grade on that day already"),
        ({"grade": "2", "from_on": "2025-02-28"}, "before the event began"),
        ({"grade": "2", "from_on": "May"}, "Write a day"),
    ],
)
def test_impossible_grades_are_refused_in_words(nurse, event, path, typed, sentence):
    assert sentence in text_of(nurse.send(path + "grades/new/", **typed))
    assert event.grades.count() == 1


def test_a_step_is_corrected_and_removed_with_a_reason(nurse, nurse_a, event, path):
    step = record_grade(by=nurse_a, event=event, grade=3, from_on=date(2025, 5, 2))
    address = f"{path}grades/{step.pk}/"
    assert "say why" in text_of(nurse.send(address, grade="2"))
    assert nurse.send(address, grade="2", reason="Misread").status_code == 302
    assert AdverseEvent.objects.get(pk=event.pk).grade == 2
    assert "say why" in text_of(nurse.send(address, "remove"))
    assert nurse.send(address, "remove", reason="Never was").status_code == 302
    assert event.grades.count() == 1


def test_the_first_step_is_left_to_the_event(nurse, event, path):
    address = f"{path}grades/{event.grades.get().pk}/"
    assert "with the event itself" in text_of(nurse.send(address, grade="2", reason="No"))


def test_an_assessment_is_confirmed_as_it_stands(pi, pi_a, event, path):
    page = text_of(pi.open(path + "confirm/"))
    assert "→ <strong>Possible</strong>" in page
    assert pi.send(path + "confirm/").status_code == 302
    event.refresh_from_db()
    assert (event.is_provisional, event.confirmed_by) == (False, pi_a)
    assert "confirmed already" in text_of(pi.send(path + "confirm/"))


def test_an_assessment_is_corrected_first_with_a_reason(pi, event, path):
    assert "say why" in text_of(pi.send(path + "confirm/", causality="PROBABLE"))
    assert pi.send(path + "confirm/", causality="PROBABLE", reason="Typical").status_code == 302
    event.refresh_from_db()
    assert (event.causality, event.is_provisional) == ("PROBABLE", False)


@pytest.mark.parametrize(("who", "rows"), [("nurse_a", 0), ("pi_a", 1)])
def test_what_waits_is_on_the_worklist_of_who_may_confirm(hand, request, path, who, rows):
    parts = hand(request.getfixturevalue(who)).open("/clinic/").context["worklist"].loose_ends
    found = [row.url for part in parts if part.source.key == "assessments" for row in part.rows]
    assert found == [path + "confirm/"] * rows


def test_the_chart_says_what_is_provisional(nurse, event, path):
    text = text_of(nurse.open(f"/patients/{event.patient.uuid}/?tab=events"))
    assert path in text and "Provisional" in text and "2025-03 (day unknown)" in text


def test_terms_are_found_while_they_are_typed(nurse):
    asked = {"version": "6.0", "prefix": "new-0", "new-0-term": "말초"}
    answer = nurse.client.get("/clinic/ctcae/", asked, headers={"HX-Request": "true"}).content.decode()
    assert 'name="new-0-pick"' in answer and "Peripheral edema" in answer and "<html" not in answer


def test_terms_are_found_on_a_page_of_their_own(nurse):
    text = text_of(nurse.open("/clinic/ctcae/?term=ANC&version=6.0"))
    assert "&lt;0.1 x 10^9/L" in text
    assert nurse.open("/clinic/ctcae/?version=4.03").status_code == 404
