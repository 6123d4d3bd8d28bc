"""Drafts of a visit: kept, brought back, seen by nobody else, discarded, gone with the saved visit and with time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.permissions import Role
from clinic.models import Draft
from clinic.services import discard_old_drafts
from clinic.tasks import sweep_drafts
from tests.integration.conftest import Hand, fields_of
from visits.models import Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(consulted):
    return f"/patients/{consulted.uuid}/visits/M6/record/"


@pytest.fixture
def discard_path(consulted):
    return f"/patients/{consulted.uuid}/visits/M6/draft/discard/"


@pytest.fixture
def nurse(hand, nurse_a):
    return hand(nurse_a)


@pytest.fixture
def colleague(client_class, person, site_01):
    return Hand(client_class(), person("nurse_c", Role.NURSE, site_01))


@pytest.fixture
def client_class(client):
    return type(client)


def words(page):
    return page.content.decode()


def test_a_draft_that_keeps_itself_says_when_and_saves_nothing(nurse, path):
    answer = nurse.send(path, action="keep", **{"seen-weight_kg": "61.5"})
    assert (answer.status_code, words(answer).strip()) == (200, "Draft kept at 10:00")
    assert Visit.objects.get(visit="M6").occurred_on is None
    assert Draft.objects.get().typed["seen-weight_kg"] == ["61.5"]


def test_only_fields_of_the_page_are_kept(nurse, path):
    nurse.send(path, action="keep", csrfmiddlewaretoken="secret", stranger="1")
    assert {"csrfmiddlewaretoken", "stranger", "action"} & Draft.objects.get().typed.keys() == set()


def test_the_draft_comes_back_with_its_time_and_without_complaints(nurse, path):
    nurse.send(path, action="keep", **{"seen-weight_kg": "sixty", "new-0-term": "Nausea"})
    page = nurse.open(path)
    assert "Your draft of" in words(page) and 'value="sixty"' in words(page) and "Nausea" in words(page)
    assert "Error:" not in words(page)


def test_a_second_keep_takes_the_place_of_the_first(nurse, path):
    nurse.send(path, action="keep", **{"seen-weight_kg": "61"})
    nurse.send(path, action="keep", **{"seen-weight_kg": "62"})
    assert Draft.objects.get().typed["seen-weight_kg"] == ["62"]


def test_the_button_keeps_without_scripts_and_the_worklist_leads_back(nurse, path, consulted):
    answer = nurse.send(path, action="keep_draft", **{"seen-weight_kg": "61.5"})
    assert answer.headers["Location"] == f"/patients/{consulted.uuid}/"
    worklist = words(nurse.open("/clinic/"))
    assert "Draft of Month 6 visit" in worklist and path in worklist


def test_a_draft_of_a_new_unscheduled_visit_is_kept_apart(nurse, path, consulted):
    unscheduled = path.replace("M6", "UNS")
    nurse.send(path, action="keep", **{"seen-weight_kg": "61"})
    nurse.send(unscheduled, action="keep", **{"seen-weight_kg": "55"})
    assert 'value="55"' in words(nurse.open(unscheduled))
    assert Draft.objects.count() == 2


def test_a_draft_of_a_recorded_unscheduled_visit_leads_back_to_its_day(nurse, path, consulted):
    unscheduled = path.replace("M6", "UNS")
    nurse.send(unscheduled)
    nurse.send(f"{unscheduled}?on=2025-07-07", action="keep", **{"seen-weight_kg": "55"})
    assert f"{unscheduled}?on=2025-07-07" in words(nurse.open("/clinic/"))


def test_saving_the_visit_removes_its_draft(nurse, path):
    nurse.send(path, action="keep", **{"seen-weight_kg": "61.5"})
    nurse.send(path)
    assert not Draft.objects.exists()
    assert Visit.objects.get(visit="M6").occurred_on is not None


def test_checking_keeps_the_draft(nurse, path):
    nurse.send(path, action="keep")
    nurse.send(path, action="check")
    assert Draft.objects.count() == 1


def test_a_late_keep_of_a_saved_page_makes_no_draft(nurse, path):
    sent = fields_of(nurse.open(path))
    nurse.send_again(path, sent | {"action": "save"})
    assert nurse.send_again(path, sent | {"action": "keep"}).status_code == 204
    assert not Draft.objects.exists()


def test_a_colleague_is_told_of_the_draft_and_sees_nothing_of_it(nurse, path, colleague):
    nurse.send(path, action="keep", **{"seen-weight_kg": "61.7"})
    page = words(colleague.open(path))
    assert "nurse_a has a draft of this visit since" in page and "61.7" not in page
    assert "Draft of Month 6 visit" not in words(colleague.open("/clinic/"))


def test_a_draft_overtaken_by_a_colleague_says_so_and_is_compared(nurse, path, colleague):
    nurse.send(path, action="keep", **{"seen-weight_kg": "61.7"})
    colleague.send(path, **{"seen-weight_kg": "60"})
    page = nurse.open(path)
    assert "The visit was saved since" in words(page)
    assert nurse.send_again(path, fields_of(page) | {"action": "save"}).status_code == 409
    assert Draft.objects.count() == 1


def test_discarding_is_asked_first_and_then_done(nurse, path, discard_path):
    nurse.send(path, action="keep")
    assert "cannot be brought back" in words(nurse.open(discard_path))
    assert Draft.objects.count() == 1
    assert nurse.send_again(discard_path, {}).status_code == 302
    assert not Draft.objects.exists()


def test_without_a_draft_there_is_nothing_to_discard(nurse, discard_path):
    assert "nothing to discard" in words(nurse.open(discard_path))
    assert nurse.send_again(discard_path, {}).status_code == 200


def test_a_visit_that_is_not_there_has_no_draft(nurse, discard_path):
    assert nurse.open(discard_path.replace("M6", "M99")).status_code == 404


def test_discarding_leaves_the_draft_of_a_colleague(nurse, path, discard_path, colleague):
    nurse.send(path, action="keep")
    colleague.send(path, action="keep")
    colleague.send_again(discard_path, {})
    assert Draft.objects.get().user.username == "nurse_a"


def test_old_drafts_are_swept(nurse, path, settings):
    nurse.send(path, action="keep")
    now = timezone.now()
    assert discard_old_drafts(at=now + timedelta(days=14), after=timedelta(days=14)) == 0
    settings.DRAFTS_LAST = timedelta(seconds=-1)
    assert sweep_drafts() == 1
