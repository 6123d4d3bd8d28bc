"""Results that were pending: a short page with nothing else on it, reached from the worklist."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from clinic.services import VisitEntry, record_labs
from tests.factories import LabResultFactory
from tests.integration.conftest import DAY, fields_of, kept_of
from visits.models import Assessment, LabResult, Visit
from visits.services import mark_not_done

pytestmark = pytest.mark.django_db

PENDING = {"seen-weight_kg": "60", "seen-labs_pending": "on"}


@pytest.fixture
def base(consulted):
    return f"/patients/{consulted.uuid}/visits"


@pytest.fixture
def path(base):
    return f"{base}/M6/labs/"


@pytest.fixture
def nurse(hand, nurse_a):
    return hand(nurse_a)


@pytest.fixture
def pending(nurse, base):
    assert nurse.send(f"{base}/M6/record/", **PENDING).status_code == 302
    return Visit.objects.get(visit="M6")


def words(page):
    return page.content.decode()


def test_the_worklist_leads_there(nurse, path, pending):
    assert path in words(nurse.open("/clinic/worklist/labs/"))


def test_an_unscheduled_visit_is_told_by_its_day(nurse, base, consulted):
    nurse.send(f"{base}/UNS/record/", **PENDING)
    address = f"{base}/UNS/labs/?on={DAY.isoformat()}"
    assert address in words(nurse.open("/clinic/worklist/labs/"))
    assert nurse.send(address, **{"lab-PLT-value": "150"}).status_code == 302
    assert Visit.objects.filter(visit="UNS").count() == 1


def test_results_are_saved_and_nothing_is_pending_any_more(nurse, path, pending):
    assert nurse.send(path, **{"lab-ANC-value": "2.2", "lab-PLT-value": "150"}).status_code == 302
    found = {row.test: (row.value, row.collected_on) for row in LabResult.objects.all()}
    assert found == {"ANC": (Decimal("2.2"), DAY), "PLT": (Decimal(150), DAY)}
    stored = Assessment.objects.get()
    assert (stored.labs_pending, stored.weight_kg) == (False, Decimal(60))
    assert LabResult.objects.first().events.get().pgh_context["reason"] == "Results entered: M6"


def test_some_may_still_be_to_come(nurse, path, pending):
    nurse.send(path, **{"lab-ANC-value": "2.2", "pending-labs_pending": "on"})
    assert Assessment.objects.get().labs_pending
    assert LabResult.objects.count() == 1


def test_nothing_typed_saves_nothing(nurse, path, pending):
    page = nurse.send(path)
    assert "Enter a result" in words(page) and "<title>Error:" in words(page).replace("\n", "")
    assert Assessment.objects.get().labs_pending


def test_limits_are_carried_over_and_marked(nurse, path, pending, consulted):
    LabResultFactory(
        patient=consulted, test="ANC", collected_on=date(2025, 4, 7), lln=Decimal("1.7"), uln=Decimal(7)
    )
    page = nurse.open(path)
    assert "limits carried over: confirm" in words(page)
    sent = fields_of(page)
    assert (sent["lab-ANC-lln"], sent.get("lab-ANC-value")) == ("1.7", None)


def test_grade_and_label_rule_are_echoed(nurse, path, pending):
    sent = fields_of(nurse.open(path)) | {"lab-ANC-value": "0.9"}
    page = words(nurse.send_again(path, sent, headers={"hx-request": "true"}))
    assert "grade 3" in page and "Advice, not an order." in page
    assert not LabResult.objects.exists()


def test_what_cannot_be_read_is_kept(nurse, path, pending):
    page = nurse.send(path, **{"lab-ANC-value": "low"})
    assert 'value="low"' in words(page)
    assert not LabResult.objects.exists()


def test_one_result_is_corrected_and_one_removed_with_a_reason(nurse, path, pending):
    nurse.send(path, **{"lab-ANC-value": "2.2", "lab-PLT-value": "150"})
    page = nurse.send(path, **{"lab-ANC-value": "2.3", "lab-PLT-value": ""})
    assert {row.label: row.typed for row in page.context["changes"]} == {
        "Neutrophils": "2.3 10^9/L",
        "Platelets": None,
    }
    form = nurse.send_again(path, kept_of(page) | {"action": "edit"})
    assert fields_of(form)["lab-ANC-value"] == "2.3"
    assert LabResult.objects.count() == 2
    assert nurse.explain(path, page).status_code == 302
    assert [(row.test, row.value) for row in LabResult.objects.all()] == [("ANC", Decimal("2.3"))]


def test_somebody_else_was_quicker(nurse, path, pending, hand, pi_a):
    sent = fields_of(nurse.open(path)) | {"lab-ANC-value": "2.2", "action": "save"}
    hand(pi_a).send(path, **{"lab-ANC-value": "2.5"})
    page = nurse.send_again(path, sent)
    assert "look again" in words(page)
    assert [(row.stored, row.typed) for row in page.context["changes"]] == [("2.5 10^9/L", "2.2 10^9/L")]
    assert fields_of(page)["lab-ANC-value"] == "2.2"
    page = nurse.send_again(path, fields_of(page) | {"action": "save"})
    assert nurse.explain(path, page).status_code == 302
    assert LabResult.objects.get().value == Decimal("2.2")


def test_results_of_a_visit_without_an_assessment(nurse, path, base):
    nurse.send(f"{base}/M6/record/")
    assert nurse.send(path, **{"lab-ANC-value": "2.2"}).status_code == 302
    assert not Assessment.objects.get().labs_pending


def test_a_visit_that_is_not_recorded_says_so(nurse, path, consulted, nurse_a):
    assert "not recorded yet" in words(nurse.open(path))
    mark_not_done(by=nurse_a, visit=Visit.objects.get(visit="M6"), why="Moved away")
    page = nurse.send_again(path, {"lab-ANC-value": "2.2", "action": "save"})
    assert "not recorded yet" in words(page)
    assert not LabResult.objects.exists()


@pytest.mark.parametrize("code", ["M7", "UNS"])
def test_a_visit_the_patient_does_not_have_is_not_found(nurse, base, code):
    assert nurse.open(f"{base}/{code}/labs/").status_code == 404


def test_another_site_may_not(pending, consulted, nurse_b):
    with pytest.raises(PermissionDenied):
        record_labs(by=nurse_b, patient=consulted, visit=pending, entry=VisitEntry(DAY))
