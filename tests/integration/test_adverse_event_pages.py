"""Report an adverse event and change one: terms, grades, doubts, reasons."""

from datetime import UTC, date, datetime

import pytest

from adverse_events.models import AdverseEvent

pytestmark = pytest.mark.django_db
HEADACHE = {"term": "headache", "grade": "2", "started_on": "2025-07-01"}


@pytest.fixture
def path(consulted):
    return f"/patients/{consulted.uuid}/adverse-events/new/"


@pytest.fixture
def old(consulted):
    return f"/patients/{consulted.uuid}/adverse-events/1/change/"


@pytest.fixture
def nurse(hand, nurse_a):
    return hand(nurse_a)


def test_a_term_is_found_in_any_case(nurse, path):
    assert nurse.send(path, **HEADACHE, causality="POSSIBLE").status_code == 302
    event = AdverseEvent.objects.get(ae_no=2)
    assert (event.term, event.grade, event.causality) == ("Headache", 2, "POSSIBLE")


def test_without_scripts_the_terms_found_are_offered_on_the_page(nurse, path):
    page = nurse.send(path, "check", term="부종").content.decode()
    assert 'value="Periorbital edema"' in page and "Choose the term" in page
    assert nurse.send(path, **HEADACHE | {"term": "부종", "pick": "Periorbital edema"}).status_code == 302
    assert AdverseEvent.objects.get(ae_no=2).term == "Periorbital edema"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"term": "Headaches"}, "no term"),
        ({"grade": "5"}, "no grade 5"),
        ({"started_on": "2025-07-08"}, "future"),
        ({"ended_on": "2025-06-30"}, "before the start"),
    ],
)
def test_impossible_events_are_refused_in_words(nurse, path, typed, sentence):
    assert sentence in nurse.send(path, **HEADACHE | typed).content.decode()
    assert AdverseEvent.objects.count() == 1


@pytest.mark.parametrize(("typed", "ended"), [("2025-03", "2025-06-30"), ("2025", "2025-05")])
def test_a_day_may_be_known_in_part(nurse, path, typed, ended):
    assert nurse.send(path, **HEADACHE | {"started_on": typed, "ended_on": ended}).status_code == 302
    event = AdverseEvent.objects.get(ae_no=2)
    assert (str(event.start), str(event.end)) == (typed, ended)


def test_a_serious_event_asks_when_the_site_became_aware(nurse, path):
    typed = HEADACHE | {"grade": "3", "serious": ["HOSPITALISATION"]}
    page = nurse.send(path, **typed)
    assert "became aware" in page.content.decode() and AdverseEvent.objects.count() == 1
    nurse.send(path, **typed, aware_at="2025-07-06 16:30")
    assert AdverseEvent.objects.get(ae_no=2).aware_at == datetime(2025, 7, 6, 7, 30, tzinfo=UTC)


def test_a_doubt_may_be_confirmed(nurse, path):
    typed = HEADACHE | {"serious": ["DISABILITY"]}
    mark = nurse.send(path, **typed).context["mark"]
    assert nurse.send(path, **typed, **{"confirm-confirmed": mark}).status_code == 302


def test_checking_saves_nothing(nurse, path):
    assert nurse.send(path, "check", **HEADACHE).status_code == 200
    assert AdverseEvent.objects.count() == 1


def test_a_change_starts_from_what_is_saved_and_needs_a_reason(nurse, old):
    assert "say why" in nurse.send(old, grade="2").content.decode()
    assert nurse.send(old, grade="2", reason="Worse since June").status_code == 302
    assert [event.grade for event in AdverseEvent.objects.get().events.order_by("pgh_id")] == [1, 2]


def test_ending_an_event_completes_it_without_a_reason(nurse, old):
    assert nurse.send(old, ended_on="2025-07-01", outcome="RECOVERED/RESOLVED").status_code == 302
    assert AdverseEvent.objects.get().ended_on == date(2025, 7, 1)


def test_an_event_that_is_not_there_is_not_found(nurse, old):
    assert nurse.open(old.replace("/1/", "/7/")).status_code == 404


@pytest.mark.parametrize(("who", "status"), [("nurse_b", 404), ("outsider", 404), ("monitor", 403)])
def test_others_do_not_write_events(hand, path, old, request, who, status):
    other = hand(request.getfixturevalue(who))
    assert {other.open(page).status_code for page in (path, old)} == {status}
    assert {other.send_again(page, {}).status_code for page in (path, old)} == {status}
