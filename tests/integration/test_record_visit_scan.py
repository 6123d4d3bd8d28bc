"""The scan of a visit: what it shows becomes an outcome, pending stays pending, a recurrence is confirmed first."""

from datetime import date

import pytest

from patients.models import Disposition, Outcome
from tests.factories import OutcomeFactory
from tests.integration.conftest import DAY, fields_of
from visits.models import Visit, VisitProcedure

pytestmark = pytest.mark.django_db
SEEN = {"scan-result": "DISEASE_FREE", "scan-on": "2025-07-03", "scan-comment": "CT at another hospital"}
RECURRED = {"scan-result": "RECURRENCE", "scan-comment": "liver, biopsy"}
ENDED = RECURRED | {"scan-last_dose_on": "2025-07-06"}


@pytest.fixture
def path(consulted):
    return f"/patients/{consulted.uuid}/visits/M6/record/"


@pytest.fixture
def nurse(hand, nurse_a):
    return hand(nurse_a)


def words(page):
    return " ".join(page.content.decode().split())


def outcomes():
    return [(row.kind, row.on, row.comment) for row in Outcome.objects.order_by("pk")]


def kept():
    return [(row.answer, row.done_on, row.note) for row in VisitProcedure.objects.filter(procedure="CT")]


def confirmed(nurse, path, typed):
    """Sent, and sent again with the doubts confirmed that it raised."""
    page = nurse.send(path, **typed)
    return nurse.send(path, **typed, **{"confirm-confirmed": page.context["mark"]})


def test_it_is_asked_where_the_schedule_asks(nurse, path):
    assert "Imaging" in words(nurse.open(path))
    assert nurse.open(path.replace("M6", "M9")).context["forms"].scan is None
    assert nurse.open(path.replace("M6", "UNS")).context["forms"].scan is not None


def test_blank_stops_nothing(nurse, path):
    assert nurse.send(path).status_code == 302
    assert outcomes() == [] and kept() == []


def test_what_it_shows_is_an_outcome_of_its_day(nurse, path):
    assert nurse.send(path, **SEEN).status_code == 302
    assert outcomes() == [("DISEASE_FREE", date(2025, 7, 3), "CT at another hospital")]
    assert kept() == [("DONE", date(2025, 7, 3), "CT at another hospital")]


def test_without_a_day_it_is_the_day_of_the_visit(nurse, path):
    nurse.send(path, **{"scan-result": "SUSPECTED"})
    assert outcomes() == [("SUSPECTED", DAY, "")]


def test_what_was_read_is_corrected_where_outcomes_are(nurse, path):
    nurse.send(path, **SEEN)
    page = nurse.open(path)
    assert page.context["forms"].scan is None
    assert "The scan of 3 Jul 2025 is read" in words(page)


def test_a_pending_result_comes_in_without_a_reason(nurse, path):
    nurse.send(path, **{"scan-result": "PENDING", "scan-on": "2025-07-04"})
    assert outcomes() == [] and kept() == [("PENDING", date(2025, 7, 4), "")]
    assert nurse.send(path, **{"scan-result": "DISEASE_FREE"}).status_code == 302
    assert outcomes() == [("DISEASE_FREE", date(2025, 7, 4), "")]


def test_not_done_says_why(nurse, path):
    page = nurse.send(path, **{"scan-result": "NOT_DONE"})
    assert "Say why it was not done." in words(page)
    nurse.send(path, **{"scan-result": "NOT_DONE", "scan-comment": "scanner broken", "scan-on": "2025-07-04"})
    assert kept() == [("NOT_DONE", None, "scanner broken")]


def test_a_day_without_a_result_is_asked_about(nurse, path):
    assert "Say what the scan shows" in words(nurse.send(path, **{"scan-on": "2025-07-04"}))


def test_a_recurrence_is_confirmed_before_anything_is_saved(nurse, path):
    page = nurse.send(path, **ENDED)
    assert "treatment ends with the last dose of 6 Jul 2025" in words(page)
    assert outcomes() == [] and Visit.objects.get(visit="M6").occurred_on is None


def test_a_confirmed_recurrence_ends_treatment(nurse, path, consulted):
    assert confirmed(nurse, path, ENDED).status_code == 302
    assert outcomes() == [("RECURRENCE", DAY, "liver, biopsy")]
    end = Disposition.objects.get()
    assert (end.record, end.last_dose_on, end.reason) == ("TREATMENT", date(2025, 7, 6), "DISEASE RELAPSE")
    assert Visit.objects.get(visit="M9").booked_on is None
    assert "Survival follow-up begins" in words(nurse.open(f"/patients/{consulted.uuid}/"))


def test_a_recurrence_without_a_last_dose_leaves_treatment(nurse, path):
    assert "does not end treatment" in words(nurse.send(path, **RECURRED))
    confirmed(nurse, path, RECURRED)
    assert len(outcomes()) == 1 and not Disposition.objects.exists()


def test_a_suspicion_is_settled_first(nurse, path, consulted):
    OutcomeFactory(patient=consulted, kind="SUSPECTED", on=date(2025, 6, 2))
    assert "confirm or refute that first" in words(confirmed(nurse, path, RECURRED))
    assert kept() == [] and len(outcomes()) == 1


def test_treatment_is_not_ended_twice(nurse, path):
    stop = {"dose-decision": "STOP", "dose-last_dose_on": "2025-07-06", "dose-why": "DISEASE RELAPSE"}
    assert "Treatment is stopped below already" in words(confirmed(nurse, path, ENDED | stop))
    assert outcomes() == []


def test_the_same_page_twice_is_one_outcome(nurse, path):
    typed = fields_of(nurse.open(path)) | SEEN | {"action": "save"}
    assert [nurse.send_again(path, typed).status_code for _ in range(2)] == [302, 302]
    assert len(outcomes()) == 1


def test_the_second_saver_sees_another_result(nurse, path):
    typed = fields_of(nurse.open(path)) | {"scan-result": "SUSPECTED", "action": "save"}
    nurse.send(path, **SEEN)
    page = nurse.send_again(path, typed)
    found = {row.difference.label: row.difference for row in page.context["choices"]}
    shown = found["What the scan shows"]
    assert shown.stored.endswith("3 Jul 2025 · CT at another hospital")
    assert shown.typed == "Suspected recurrence · 7 Jul 2025"


def test_pending_is_taken_back_with_its_reason(nurse, path):
    nurse.send(path, **{"scan-result": "PENDING"})
    page = nurse.send(path, **{"scan-result": "", "scan-on": ""})
    assert [row.typed for row in page.context["changes"]] == [None]
    nurse.explain(path, page)
    assert kept() == []


def test_a_visit_taken_back_and_recorded_again_keeps_its_outcome(nurse, path):
    nurse.send(path, **SEEN)
    nurse.send(path.replace("record", "unrecord"), reason_kind="Typing error")
    assert kept() == []
    assert nurse.send(path, **SEEN).status_code == 302
    assert len(outcomes()) == 1 and len(kept()) == 1
