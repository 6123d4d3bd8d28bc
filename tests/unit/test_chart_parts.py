"""The parts of the chart, each from a few records: visits, doses and tablets, events, laboratory, trail."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

import audit
from clinic.selectors.banner import patient_banner
from clinic.selectors.course import course_of
from clinic.selectors.course_drawing import course_drawing
from clinic.selectors.dosing_lines import adherence, interval_lines, order_lines
from clinic.selectors.event_lines import event_lines
from clinic.selectors.lab_lines import lab_sheet
from clinic.selectors.notes import query_lines, worth_knowing
from clinic.selectors.trail import trail_of
from clinic.selectors.visit_lines import visit_lines
from patients.criteria import Eligibility, eligibility_words
from patients.rules.criteria import report
from patients.words import CRITERIA
from review.services import sync_queries
from tests import factories
from visits.models import LabResult, Visit
from visits.services.projection import project_visits

pytestmark = pytest.mark.django_db
TODAY = date(2025, 12, 1)


def eligibility_of(course) -> Eligibility:
    return eligibility_words(report(course.facts.patient, course.protocol))


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def patient(system):
    """First dose on 6 January 2025, 400 mg, the schedule projected."""
    patient = factories.PatientFactory()
    factories.EnrolmentFactory(patient=patient)
    factories.DoseOrderFactory(patient=patient)
    project_visits(by=system, patient_ids=[patient.pk])
    return patient


def change(patient, system, visit: str, **fields) -> None:
    with audit.recording(by=system, reason="Test"):
        Visit.objects.filter(patient=patient, visit=visit).update(**fields)


def status_of(patient, code: str, on: date = TODAY) -> str:
    return {line.code: line.status for line in visit_lines(course_of(patient, on=on))}[code]


@pytest.mark.parametrize(
    ("occurred_on", "status"),
    [
        (date(2025, 7, 6), "COMPLETED"),
        (date(2025, 7, 20), "COMPLETED"),
        (date(2025, 7, 21), "COMPLETED_OUT_OF_WINDOW"),
    ],
)
def test_visit_that_took_place_is_held_against_its_window(patient, system, occurred_on, status):
    change(patient, system, "M6", occurred_on=occurred_on)
    assert status_of(patient, "M6") == status


def test_visit_nobody_recorded_is_overdue(patient):
    assert status_of(patient, "M6") == "OVERDUE"


def test_gap_before_a_later_visit_is_missed_not_overdue(patient, system):
    change(patient, system, "M9", occurred_on=date(2025, 10, 6))
    assert status_of(patient, "M6") == "MISSED"


def test_visit_booked_for_later_is_not_overdue(patient, system):
    change(patient, system, "M9", booked_on=date(2025, 12, 3))
    assert status_of(patient, "M9") == "MISSED"


def test_next_visit_may_be_recorded_and_booked(patient):
    lines = {line.code: line for line in visit_lines(course_of(patient, on=TODAY))}
    assert (lines["M12"].is_next, lines["M12"].may_be_recorded, lines["M12"].may_be_booked) == (
        True,
        True,
        True,
    )
    assert (lines["M15"].may_be_recorded, lines["M15"].may_be_booked) == (False, True)


def test_visits_stand_in_the_order_of_days(patient, system):
    factories.VisitFactory(
        patient=patient,
        visit="UNS",
        visitnum=999,
        occurred_on=date(2025, 5, 1),
        target_on=None,
        opens_on=None,
        closes_on=None,
    )
    codes = [line.code for line in visit_lines(course_of(patient, on=TODAY))]
    assert codes.index("M3") < codes.index("UNS") < codes.index("M6")


def test_long_term_visits_appear_when_they_open(patient, system):
    assert "LT3" not in {line.code for line in visit_lines(course_of(patient, on=TODAY))}
    factories.DispositionFactory(patient=patient)
    project_visits(by=system, patient_ids=[patient.pk])
    assert status_of(patient, "LT3") == "DUE"


def test_visit_of_a_later_day_is_not_known_earlier(patient, system):
    change(patient, system, "M6", occurred_on=date(2025, 7, 6))
    lines = {line.code: line for line in visit_lines(course_of(patient, on=date(2025, 7, 1)))}
    assert (lines["M6"].status, lines["M6"].occurred_on) == ("DUE", None)


def test_orders_name_reason_event_and_flag(patient):
    event = factories.AdverseEventFactory(patient=patient, term="Nausea")
    factories.DoseOrderFactory(
        patient=patient, from_on=date(2025, 3, 3), pattern_mg=[200], reason="TOXICITY", adverse_event=event
    )
    low, start = order_lines(course_of(patient, on=TODAY), with_later=True)
    assert (low.dose, low.reason, low.event) == ("200 mg", "Toxicity", "Nausea")
    assert [flag.code for flag in low.flags] == ["DOSE_BELOW_300"]
    assert (start.to_on, start.flags) == (date(2025, 3, 2), ())


@pytest.mark.parametrize(("with_later", "count"), [(True, 2), (False, 1)])
def test_later_orders_are_shown_only_today(patient, with_later, count):
    factories.DoseOrderFactory(patient=patient, from_on=date(2025, 12, 8), pattern_mg=[300])
    assert len(order_lines(course_of(patient, on=TODAY), with_later=with_later)) == count


def test_tablets_are_counted_between_dispensings(patient):
    kit = factories.KitFactory(patient=patient, tablets=60)
    factories.KitReturnFactory(kit=kit, returned_on=date(2025, 3, 3), tablets_returned=4, tablets_kept=0)
    factories.KitFactory(patient=patient, dispensed_on=date(2025, 3, 3))
    in_hand, counted = interval_lines(course_of(patient, on=TODAY))
    assert (in_hand.is_open, in_hand.percent) == (True, None)
    assert (counted.accounted, counted.consumed_mg, counted.percent) == (4, 22400, Decimal("100.00"))


def test_uncounted_tablets_are_not_evaluable(patient):
    factories.KitFactory(patient=patient)
    factories.KitFactory(patient=patient, dispensed_on=date(2025, 3, 3))
    _, uncounted = interval_lines(course_of(patient, on=TODAY))
    assert (uncounted.accounted, uncounted.percent) == (None, None)


def test_adherence_keeps_the_parts_of_the_course_apart(patient):
    factories.KitFactory(patient=patient, tablets=165)
    found = adherence(course_of(patient, on=TODAY))
    assert found.course.rdi_percent == found.standard.rdi_percent == Decimal("100.00")
    assert found.pdc_percent == found.course.pdc_percent == Decimal("50.00")
    assert found.extension.exposure is None


def test_nothing_is_computed_before_the_first_dose():
    course = course_of(factories.PatientFactory(first_dose_on=None), on=TODAY)
    assert course_drawing(course, (), ()) is None
    assert adherence(course).rdi_percent is None
    assert visit_lines(course) == ()


def test_ongoing_events_come_first(patient):
    for number, ended_on in ((1, None), (2, date(2025, 6, 1)), (3, None)):
        factories.AdverseEventFactory(
            patient=patient, ae_no=number, started_on=date(2025, 3, number), ended_on=ended_on
        )
    assert [line.ae_no for line in event_lines(course_of(patient, on=TODAY))] == [3, 1, 2]


def test_serious_event_names_the_hour_of_its_report(patient):
    factories.AdverseEventFactory(
        patient=patient, serious=["HOSPITALISATION"], aware_at=datetime(2025, 3, 1, 3, tzinfo=UTC)
    )
    (line,) = event_lines(course_of(patient, on=TODAY))
    assert (line.serious, line.report_due_at.isoformat()) == ("Hospitalisation", "2025-03-02T12:00:00+09:00")


def test_event_is_not_known_before_it_began(patient):
    factories.AdverseEventFactory(patient=patient, started_on=date(2025, 3, 1))
    assert event_lines(course_of(patient, on=date(2025, 2, 28))) == ()


def test_results_are_graded_against_the_value_before_treatment(patient):
    for day, value in ((date(2025, 1, 2), 60), (date(2025, 2, 3), 80)):
        factories.LabResultFactory(
            patient=patient, collected_on=day, test="ALT", value=value, unit="U/L", lln=None, uln=40
        )
    after, before = (line.cells[6] for line in lab_sheet(course_of(patient, on=TODAY)).lines)
    assert (before.grade, after.grade) == (1, 0)


def test_result_in_another_unit_says_why_it_has_no_grade(patient):
    factories.LabResultFactory(patient=patient, unit="/mm3", value=Decimal(3100))
    cell = lab_sheet(course_of(patient, on=TODAY)).lines[0].cells[0]
    assert (cell.grade, cell.is_usual_unit, str(cell.value)) == (None, False, "3100")
    assert "/mm3" in cell.why


def test_every_criterion_has_a_title(patient):
    found = eligibility_of(course_of(patient, on=TODAY))
    assert [line.criterion for line in (*found.inclusion, *found.exclusion)] == list(CRITERIA)
    assert found.words == "Not complete"


def test_open_queries_are_asked_in_the_chart(patient, system):
    factories.LabResultFactory(patient=patient, unit="/mm3")
    sync_queries(by=system, patient_ids=[patient.pk])
    (query,) = query_lines(system, course_of(patient, on=TODAY))
    assert "“/mm3”" in query.sentence and query.closed_at is None


def test_untested_mutation_is_worth_knowing(patient):
    assert "PDGFRA D842V was not tested." in worth_knowing(course_of(patient, on=TODAY))


def act_for(reason: str, patient):
    return next(act for act in trail_of(patient) if act.reason == reason)


def test_trail_gathers_what_was_done_at_once(patient, system):
    with audit.recording(by=system, reason="Corrected together"):
        patient.sex = "M"
        patient.save()
        LabResult.objects.create(patient=patient, collected_on=TODAY, test="ANC", value=2)
    act = act_for("Corrected together", patient)
    assert (act.actor, len(act.entries)) == ("system", 2)
    assert {entry.action for entry in act.entries} == {"insert", "update"}


def test_trail_shows_old_beside_new(patient, system):
    with audit.recording(by=system, reason="Wrong"):
        patient.entry_path = "B"
        patient.save()
    (change,) = act_for("Wrong", patient).entries[0].changes
    assert (change.field, change.old, change.new) == ("entry path", "A", "B")


def test_trail_says_the_services_own_reasons_to_a_korean_reader(patient, system):
    with audit.recording(by=system, reason="Typing error: 3 for 8"):
        patient.sex = "M"
        patient.save()
    with translation.override("ko"):
        assert act_for("오타: 3 for 8", patient).actor == "system"


def test_trail_reaches_what_hangs_below_other_records(patient):
    kit = factories.KitFactory(patient=patient)
    factories.KitReturnFactory(kit=kit)
    assert "return" in {entry.record for act in trail_of(patient) for entry in act.entries}


def test_trail_is_the_patient_s_own(patient):
    other = factories.PatientFactory()
    assert all("01-" not in entry.key for act in trail_of(other) for entry in act.entries)
    assert len(trail_of(other)) == 1


@pytest.mark.parametrize(
    ("outcomes", "words", "marks"),
    [
        ([("DISEASE_FREE", date(2025, 7, 1))], "Day 330 of treatment", ["DISEASE_FREE"]),
        ([("SUSPECTED", date(2025, 7, 1))], "Recurrence suspected since 1 Jul 2025", ["SUSPECTED"]),
        ([("RECURRENCE", date(2025, 7, 1))], "Recurrence on 1 Jul 2025, day 177", ["RECURRENCE"]),
        (
            [("RECURRENCE", date(2025, 7, 1)), ("DEATH", date(2025, 8, 1))],
            "Died on 1 Aug 2025",
            ["RECURRENCE", "DEATH"],
        ),
    ],
)
def test_the_picture_says_first_what_outweighs_everything(patient, outcomes, words, marks):
    for kind, on in outcomes:
        factories.OutcomeFactory(patient=patient, kind=kind, on=on)
    drawing = course_drawing(course_of(patient, on=TODAY), (), ())
    assert words in drawing.title
    assert [mark.kind for mark in drawing.picture.outcomes] == marks


def test_the_first_study_drug_is_marked(patient):
    for day in (date(2025, 4, 7), date(2025, 7, 7)):
        factories.KitFactory(patient=patient, source="IP", dispensed_on=day)
    (mark,) = course_drawing(course_of(patient, on=TODAY), (), ()).picture.outcomes
    assert (mark.kind, mark.on) == ("IP_START", date(2025, 4, 7))


def test_the_banner_names_the_follow_up_once_the_course_is_over(patient, system):
    factories.OutcomeFactory(patient=patient, kind="RECURRENCE", on=date(2025, 7, 1))
    factories.DispositionFactory(patient=patient, last_dose_on=date(2025, 7, 1), ended_on=date(2025, 7, 1))
    project_visits(by=system, patient_ids=[patient.pk])
    assert patient_banner(system, course_of(patient, on=TODAY)).next_visit.code.startswith("OS")


def test_the_banner_of_the_dead_names_no_visit(patient, system):
    factories.OutcomeFactory(patient=patient, kind="DEATH", on=date(2025, 7, 1))
    assert patient_banner(system, course_of(patient, on=TODAY)).next_visit is None
