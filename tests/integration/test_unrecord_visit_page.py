"""A visit recorded by mistake is taken back: with a reason, as one act, and with nothing lost from the history."""

import pghistory.models
import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from tests.factories import LabResultFactory
from tests.integration.conftest import DAY
from visits.models import Assessment, LabResult, Visit
from visits.services import mark_not_done, record_unscheduled_visit, unrecord_visit

pytestmark = pytest.mark.django_db
WHY = {"reason_kind": "Entered for the wrong patient or visit", "reason": "was 01-102"}


@pytest.fixture
def nurse(hand, nurse_a):
    return hand(nurse_a)


@pytest.fixture
def base(consulted):
    return f"/patients/{consulted.uuid}/visits"


@pytest.fixture
def path(base):
    return f"{base}/M6/unrecord/"


@pytest.fixture
def recorded(nurse, base):
    typed = {"seen-weight_kg": "61.5", "lab-ANC-value": "2.5", "lab-ANC-unit": "10^9/L"}
    nurse.send(f"{base}/M6/record/", **typed)
    return Visit.objects.get(visit="M6")


def words(page):
    return page.content.decode()


def test_the_page_lists_what_goes_and_changes_nothing(nurse, path, recorded):
    page = words(nurse.open(path))
    assert "What is taken back" in page and "2.5" in page and "ECOG" in page
    assert Visit.objects.get(visit="M6").occurred_on == DAY


def test_the_saved_visit_leads_there(nurse, base, path, recorded):
    assert path in words(nurse.open(f"{base}/M6/record/"))


def test_it_is_to_be_done_again_with_nothing_measured(nurse, path, recorded):
    assert nurse.send(path, **WHY).status_code == 302
    visit = Visit.objects.get(visit="M6")
    assert (visit.occurred_on, visit.recorded_at, visit.recorded_by) == (None, None, None)
    assert visit.revision > recorded.revision
    assert not Assessment.objects.exists() and not LabResult.objects.exists()


def test_the_trail_holds_it_as_one_act_with_its_reason(nurse, path, recorded):
    nurse.send(path, **WHY)
    reason = "Entered for the wrong patient or visit: was 01-102"
    context = pghistory.models.Context.objects.get(metadata__reason=reason)
    events = pghistory.models.Events.objects.filter(pgh_context_id=context.pk)
    assert {event.pgh_model.split(".")[1].removesuffix("Event") for event in events} >= {
        "Visit",
        "Assessment",
    }


def test_without_a_reason_nothing_changes(nurse, path, recorded):
    page = words(nurse.send(path))
    assert "say why" in page and "<title>Error:" in page.replace("\n", "")
    assert Visit.objects.get(visit="M6").occurred_on == DAY


def test_a_visit_changed_meanwhile_is_looked_at_again(nurse, path, recorded):
    page = words(nurse.send_again(path, WHY | {"revision": recorded.revision - 1}))
    assert "look again" in page
    assert Visit.objects.get(visit="M6").occurred_on == DAY


def test_sent_twice_it_says_that_nothing_is_recorded(nurse, path, recorded):
    nurse.send(path, **WHY)
    assert "nothing to take back" in words(nurse.send_again(path, WHY))


def test_not_done_is_taken_back_too(nurse, path, consulted, nurse_a):
    mark_not_done(by=nurse_a, visit=Visit.objects.get(visit="M6"), why="Moved away")
    assert "was not done" in words(nurse.open(path))
    nurse.send(path, **WHY)
    assert (Visit.objects.get(visit="M6").not_done, Visit.objects.get(visit="M6").reason) == (False, "")


def test_an_unscheduled_visit_is_gone(nurse, base, consulted, nurse_a):
    record_unscheduled_visit(by=nurse_a, patient=consulted, occurred_on=DAY)
    assert nurse.send(f"{base}/UNS/unrecord/?on={DAY}", **WHY).status_code == 302
    assert not Visit.objects.filter(visit="UNS").exists()


def test_results_stay_when_another_visit_was_on_that_day(nurse, path, recorded, consulted, nurse_a):
    record_unscheduled_visit(by=nurse_a, patient=consulted, occurred_on=DAY)
    nurse.send(path, **WHY)
    assert LabResult.objects.count() == 1


def test_results_of_other_days_stay(nurse, path, recorded, consulted):
    LabResultFactory(patient=consulted)
    nurse.send(path, **WHY)
    assert LabResult.objects.count() == 1


@pytest.mark.parametrize("code", ["UNS", "M99"])
def test_what_is_not_there_is_not_found(nurse, base, code, consulted):
    assert nurse.open(f"{base}/{code}/unrecord/").status_code == 404


def test_the_service_wants_its_reason(recorded, nurse_a):
    with pytest.raises(ValidationError, match="say why"):
        unrecord_visit(by=nurse_a, visit=recorded, reason=" ")


def test_the_service_refuses_a_visit_without_a_record(consulted, nurse_a, english):
    with pytest.raises(ValidationError, match="Nothing is recorded"):
        unrecord_visit(by=nurse_a, visit=Visit.objects.get(visit="M9"), reason="mistake")


def test_another_site_may_not(recorded, nurse_b):
    with pytest.raises(PermissionDenied):
        unrecord_visit(by=nurse_b, visit=recorded, reason="mistake")
