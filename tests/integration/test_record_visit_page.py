"""Record a visit: what is asked, what is echoed, what is refused, and that it is all or nothing."""

from datetime import date, time
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from adverse_events.models import AdverseEvent
from clinic.services import parts
from dosing.models import DoseOrder, Kit, KitReturn
from patients.models import Disposition
from tests.factories import ContactFactory, DoseOrderFactory, KitFactory
from tests.integration.conftest import DAY, fields_of
from visits.models import Assessment, LabResult, Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(consulted):
    return f"/patients/{consulted.uuid}/visits/M6/record/"


@pytest.fixture
def nurse(hand, nurse_a):
    return hand(nurse_a)


def visit(code="M6"):
    return Visit.objects.get(visit=code)


def words(page):
    return page.content.decode()


def test_the_page_asks_what_the_schedule_asks(nurse, path):
    page = nurse.open(path)
    forms = page.context["forms"]
    assert [form.test for form in forms.labs] == ["ANC", "WBC", "HGB", "PLT", "BILI", "AST", "ALT", "CREAT"]
    assert {"weight_kg", "ecog", "labs_pending"} <= set(forms.assessment.fields)
    assert "Monday" in words(page) and "treatment day 183" in words(page)


def test_nothing_a_person_must_say_is_filled_in_before(nurse, path):
    sent = [name for name, value in fields_of(nurse.open(path)).items() if value]
    assert [name for name in sent if name.startswith(("kit-", "new-", "seen-"))] == []
    assert not any(name.endswith(("-value", "-grade", "-doses")) for name in sent)


def test_a_clean_visit_is_saved_with_the_next_date(nurse, path, consulted):
    kit = Kit.objects.get()
    answer = nurse.send(
        path, **{f"kit-{kit.pk}-returned": "9", "seen-weight_kg": "61.5", "next-booked_time": "10:30"}
    )
    assert answer.headers["Location"] == f"/patients/{consulted.uuid}/"
    assert (visit().occurred_on, visit().recorded_by.username) == (DAY, "nurse_a")
    assert Assessment.objects.get().weight_kg == Decimal("61.5")
    assert KitReturn.objects.get().tablets_returned == 9
    assert (visit("M9").booked_on, visit("M9").booked_time) == (date(2025, 10, 10), time(10, 30))


def test_the_chart_after_it_says_adherence_and_next_date(nurse, path, consulted):
    nurse.send(path, **{f"kit-{Kit.objects.get().pk}-returned": "16"})
    page = words(nurse.open(f"/patients/{consulted.uuid}/"))
    assert "Adherence by the tablets counted: 92.31 %" in page
    assert "Next visit: Month 9" in page


def test_the_chart_after_it_says_when_reminders_go_out(nurse, path, consulted):
    ContactFactory(patient=consulted)
    nurse.send(path)
    page = words(nurse.open(f"/patients/{consulted.uuid}/"))
    assert "Reminders will be sent on: 3 Oct 2025, 9 Oct 2025." in page


@pytest.mark.parametrize("action", ["check", "add_events", "add_kits"])
def test_looking_saves_nothing(nurse, path, action):
    page = nurse.send(path, action, **{f"kit-{Kit.objects.get().pk}-returned": "16"})
    assert page.status_code == 200
    assert "Adherence 92.31" in words(page)
    assert (visit().occurred_on, KitReturn.objects.count()) == (None, 0)


def test_rows_are_added_without_scripts(nurse, path):
    page = nurse.send(path, "add_events")
    assert len(page.context["forms"].new_events) == 2
    assert page.context["has_errors"] is False


def test_the_live_echo_is_a_fragment_and_saves_nothing(nurse, path):
    sent = fields_of(nurse.open(path)) | {"lab-ANC-value": "0.9", "action": "save"}
    page = nurse.send_again(path, sent, headers={"hx-request": "true"})
    assert "<html" not in words(page)
    assert "grade 3" in words(page) and "advises to hold" in words(page)
    assert visit().occurred_on is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"day__occurred_on": "2025-07-08"}, "future"),
        ({"day__occurred_on": "yesterday"}, "valid date"),
        ({"new-0-term": "Headaches", "new-0-grade": "1", "new-0-started_on": "2025-07-01"}, "no term"),
        ({"new-0-term": "headache", "new-0-grade": "5", "new-0-started_on": "2025-07-01"}, "no grade 5"),
        ({"ae-1-what": "CHANGED"}, "new grade"),
        ({"ae-1-what": "RESOLVED"}, "when it ended"),
        ({"ae-1-what": "RESOLVED", "ae-1-ended_on": "2025-01-01"}, "before the start"),
        ({"missed-doses": "3", "missed-from_on": ""}, "which days"),
        ({"dose-decision": "HOLD"}, "needed for the decision"),
        ({"dose-decision": "HOLD", "dose-reason": "TOXICITY"}, "name the adverse event"),
        ({"dose-decision": "CHANGE", "dose-pattern": "4oo", "dose-reason": "OTHER"}, "milligrams"),
        ({"dose-decision": "CHANGE", "dose-pattern": "0", "dose-reason": "OTHER"}, "is a hold"),
        ({"out-0-kit_id": "RX-77"}, "handed out already"),
        ({"out-0-tablets": "30"}, "number of the kit"),
        ({"next-booked_on": "", "next-booked_time": "10:30"}, "needs its day"),
    ],
)
def test_what_is_impossible_is_said_and_nothing_is_saved(nurse, path, typed, sentence):
    page = nurse.send(path, **typed)
    assert page.status_code == 200
    assert sentence in words(page)
    assert "<title>Error:" in words(page)
    assert (visit().occurred_on, visit("M9").booked_on) == (None, None)


def test_more_tablets_back_than_out_is_refused_beside_the_field(nurse, path):
    kit = Kit.objects.get()
    page = nurse.send(path, **{f"kit-{kit.pk}-returned": "101"})
    assert "only 100 were out" in words(page)
    assert page.context["forms"].returns[0][1].errors["returned"]


def test_events_are_changed_resolved_and_added(nurse, path, consulted):
    typed = {"new-0-term": "nausea", "new-0-grade": "2", "new-0-started_on": "2025-06-30"}
    nurse.send(path, **typed, **{"ae-1-what": "RESOLVED", "ae-1-ended_on": "2025-07-01"})
    old, new = AdverseEvent.objects.order_by("ae_no")
    assert (old.outcome, old.ended_on) == ("RECOVERED/RESOLVED", date(2025, 7, 1))
    assert (new.ae_no, new.term, new.grade) == (2, "Nausea", 2)


def test_a_hold_names_the_event_reported_on_the_same_page(nurse, path):
    typed = {"new-0-term": "Nausea", "new-0-grade": "3", "new-0-started_on": "2025-07-05"}
    decision = {"dose-decision": "HOLD", "dose-reason": "TOXICITY", "dose-event": "NEW"}
    nurse.send(path, **typed, **decision)
    order = DoseOrder.objects.get(from_on=DAY)
    assert (order.pattern_mg, order.adverse_event.term) == ([0], "Nausea")


REDUCED = {"dose-decision": "CHANGE", "dose-reason": "PATIENT_DECISION"}


@pytest.mark.parametrize("pattern", ["200", "400/0", "299"])
def test_under_300_asks_for_confirmation_and_reason(nurse, path, pattern):
    page = nurse.send(path, **REDUCED, **{"dose-pattern": pattern})
    assert "under 300 mg" in words(page) and "Yes, this is meant" in words(page)
    assert page.context["forms"].dose.errors["comment"]
    assert visit().occurred_on is None
    typed = {"dose-pattern": pattern, "dose-comment": "PI agreed", "confirm-confirmed": page.context["mark"]}
    assert nurse.send(path, **REDUCED, **typed).status_code == 302


def test_a_tick_without_a_reason_is_not_enough(nurse, path):
    typed = REDUCED | {"dose-pattern": "200"}
    mark = nurse.send(path, **typed).context["mark"]
    page = nurse.send(path, **typed, **{"confirm-confirmed": mark})
    assert page.context["forms"].dose.errors["comment"]
    assert not DoseOrder.objects.filter(from_on=DAY).exists()


def test_a_tick_for_one_doubt_does_not_confirm_another(nurse, path):
    typed = REDUCED | {"dose-pattern": "200", "dose-comment": "PI agreed"}
    mark = nurse.send(path, **typed).context["mark"]
    page = nurse.send(path, **typed | {"dose-pattern": "100", "confirm-confirmed": mark})
    assert "100 mg a day is under" in words(page)
    assert not DoseOrder.objects.filter(from_on=DAY).exists()


@pytest.mark.parametrize(
    "decision",
    [
        REDUCED | {"dose-pattern": "300"},
        REDUCED | {"dose-pattern": "400/300"},
        {"dose-decision": "HOLD", "dose-reason": "SUPPLY"},
    ],
)
def test_300_and_a_hold_ask_nothing(nurse, path, decision):
    assert nurse.send(path, **decision).status_code == 302


def test_stopping_is_confirmed_and_ends_treatment(nurse, path, consulted):
    event = consulted.adverse_events.get()
    stop = {"dose-decision": "STOP", "dose-last_dose_on": "2025-07-06", "dose-why": "ADVERSE EVENT"}
    stop["dose-event"] = str(event.pk)
    page = nurse.send(path, **stop)
    assert "ends for good" in words(page)
    nurse.send(path, **stop, **{"confirm-confirmed": page.context["mark"]})
    assert Disposition.objects.get().last_dose_on == date(2025, 7, 6)
    assert Disposition.objects.get().ae_no == event.ae_no
    assert visit("M9").booked_on is None


@pytest.mark.parametrize(("day", "doubt"), [("2025-11-30", "outside the window"), ("2025-10-05", "closed")])
def test_a_doubtful_next_date_asks(nurse, path, day, doubt):
    page = nurse.send(path, **{"next-booked_on": day})
    assert doubt in words(page)
    ticked = {"confirm-confirmed": page.context["mark"], "confirm-doubted": "Patient is abroad"}
    assert nurse.send(path, **{"next-booked_on": day}, **ticked).status_code == 302


def test_the_proposed_quantity_reaches_the_end_of_the_next_window(nurse, path):
    page = nurse.open(path)
    assert page.context["forms"].kits[0].initial["tablets"] == 106  # to 2025-10-20, both days inside
    nurse.send(path, **{"out-0-kit_id": "RX-78"})
    assert Kit.objects.get(kit_id="RX-78").tablets == 106


@pytest.mark.parametrize(("expires_on", "is_warned"), [("2025-10-19", True), ("2025-10-20", False)])
def test_a_kit_that_expires_before_the_next_window_ends_is_said_and_saved(nurse, path, expires_on, is_warned):
    typed = {"out-0-kit_id": "RX-78", "out-0-expires_on": expires_on}
    said = "Kit RX-78 expires on"
    assert (said in words(nurse.send(path, action="", **typed))) is is_warned
    answer = nurse.send(path, **typed)
    assert str(Kit.objects.get(kit_id="RX-78").expires_on) == expires_on
    assert (said in words(nurse.open(answer.url))) is is_warned


def test_a_failure_at_the_last_step_leaves_nothing(nurse, path, monkeypatch):
    def fail(**_):
        raise ValidationError("The calendar is on fire.")

    monkeypatch.setattr(parts, "book_visit", fail)
    kit = Kit.objects.get()
    page = nurse.send(
        path,
        **{f"kit-{kit.pk}-returned": "9", "lab-ANC-value": "3", "seen-ecog": "1", "out-0-kit_id": "RX-78"},
    )
    assert "on fire" in words(page)
    assert visit().revision == 0
    assert [m.objects.count() for m in (Assessment, LabResult, KitReturn)] == [0, 0, 0]
    assert Kit.objects.count() == 1


def test_the_same_page_sent_twice_makes_one_record(nurse, path, consulted):
    sent = fields_of(nurse.open(path)) | {"out-0-kit_id": "RX-78", "seen-weight_kg": "60", "action": "save"}
    first, second = nurse.send_again(path, sent), nurse.send_again(path, sent)
    assert first.headers["Location"] == second.headers["Location"]
    assert (visit().revision, Kit.objects.count()) == (1, 2)


def test_the_second_saver_sees_the_difference(nurse, path, hand, pi_a):
    sent = fields_of(nurse.open(path)) | {"action": "save"}
    nurse.send_again(path, sent | {"seen-weight_kg": "60"})
    page = hand(pi_a).send_again(path, sent | {"seen-weight_kg": "70", "lab-ANC-value": "2"})
    assert page.status_code == 409
    rows = [choice.difference for choice in page.context["choices"]]
    found = {row.label: (row.stored, row.typed) for row in rows}
    assert found["weight (kg)"] == (Decimal("60.0"), Decimal("70"))
    assert Assessment.objects.get().weight_kg == Decimal("60.0")


def test_pending_results_are_entered_later_without_a_reason(nurse, path):
    nurse.send(path, **{"seen-labs_pending": "on"})
    page = fields_of(nurse.open(path))
    page.pop("seen-labs_pending")
    assert nurse.send_again(path, page | {"lab-ANC-value": "2.2", "action": "save"}).status_code == 302
    assert (LabResult.objects.get().value, Assessment.objects.get().labs_pending) == (Decimal("2.2"), False)


def test_an_unscheduled_visit_is_made_once(nurse, consulted):
    path = f"/patients/{consulted.uuid}/visits/UNS/record/"
    sent = fields_of(nurse.open(path)) | {"seen-weight_kg": "60", "action": "save"}
    assert [nurse.send_again(path, sent).status_code for _ in range(2)] == [302, 302]
    assert Visit.objects.filter(visit="UNS").count() == 1
    assert nurse.open(f"{path}?on=2025-07-07").context["consultation"].is_recorded


def test_advice_on_hold_waits_for_every_condition(nurse, path, consulted):
    page = nurse.send(path, "check", **{"lab-PLT-value": "49", "lab-ANC-value": "2"})
    assert "PLT 49 &lt; 50" in words(page)


def test_limits_are_carried_over_and_marked(nurse, path):
    nurse.send(path, **{"lab-ANC-value": "2.2", "lab-ANC-lln": "1.7", "lab-ANC-uln": "7"})
    page = nurse.open(path.replace("M6", "M9"))
    assert page.context["forms"].labs[0].initial == {
        "unit": "10⁹/L",
        "lln": Decimal("1.7"),
        "uln": Decimal(7),
    }
    assert "limits carried over: confirm" in words(page)


@pytest.mark.parametrize("code", ["M7", "uns", "EOT"])
def test_a_visit_the_patient_does_not_have_is_not_found(nurse, consulted, code):
    assert nurse.open(f"/patients/{consulted.uuid}/visits/{code}/record/").status_code == 404


@pytest.mark.parametrize(("who", "status"), [("nurse_b", 404), ("outsider", 404), ("monitor", 403)])
def test_others_do_not_record(hand, path, request, who, status):
    other = hand(request.getfixturevalue(who))
    assert (other.open(path).status_code, other.send_again(path, {}).status_code) == (status, status)


def test_two_kits_of_one_day_are_counted_together(nurse, path, consulted):
    other = KitFactory(patient=consulted, kit_id="RX-79", dispensed_on=date(2025, 4, 7), tablets=10)
    page = nurse.send(path, "check", **{f"kit-{other.pk}-returned": "10"})
    assert "cannot be computed" in words(page)


def test_a_dose_of_the_next_days_is_in_the_proposal(nurse, path, consulted):
    DoseOrderFactory(patient=consulted, from_on=date(2025, 7, 8), pattern_mg=[300])
    page = nurse.open(path)
    quantities = {form.initial["strength_mg"]: form.initial["tablets"] for form in page.context["forms"].kits}
    assert quantities == {400: 1, 100: 315}
