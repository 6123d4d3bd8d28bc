"""The grades of an event over time: its worst one follows them, whoever changes what."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from adverse_events import services
from adverse_events.models import EventGrade
from adverse_events.services import EventValues
from audit import recording
from protocol.codes import DatePrecision
from tests.factories import AdverseEventFactory, PatientFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
MAY, JUNE = date(2025, 5, 2), date(2025, 6, 2)


@pytest.fixture
def patient(site_01):
    return PatientFactory(site=site_01)


@pytest.fixture
def event(nurse_a, patient):
    """Periorbital edema of grade 1 since March, as a nurse reported it."""
    values = EventValues(term="Periorbital edema", started_on=date(2025, 3, 1), grade=1)
    return services.report_adverse_event(by=nurse_a, patient=patient, values=values)


@pytest.fixture
def imported(patient):
    """With its worst grade alone."""
    return AdverseEventFactory(patient=patient, ae_no=7, grade=2)


def record(by, event, grade, from_on, **values):
    return services.record_grade(by=by, event=event, grade=grade, from_on=from_on, **values)


def steps_of(event):
    event.refresh_from_db()
    return [(step.grade, str(step.since)) for step in event.history]


def test_a_reported_event_begins_its_history(event):
    assert (steps_of(event), event.current_grade) == ([(1, "2025-03-01")], 1)


def test_the_worst_grade_stays_when_it_gets_better(nurse_a, event, heard):
    record(nurse_a, event, 3, MAY)
    record(nurse_a, event, 1, JUNE)
    assert steps_of(event) == [(1, "2025-03-01"), (3, "2025-05-02"), (1, "2025-06-02")]
    assert (event.grade, event.current_grade) == (3, 1)
    assert heard[-1] == ("adverse event", [event.patient_id])


def test_an_imported_event_keeps_the_grade_it_came_with_as_its_first(nurse_a, imported):
    record(nurse_a, imported, 1, JUNE)
    assert (steps_of(imported), imported.grade) == ([(2, "2025-03-01"), (1, "2025-06-02")], 2)


def test_a_step_may_begin_in_a_month(nurse_a, event):
    record(nurse_a, event, 2, date(2025, 5, 1), from_precision=DatePrecision.MONTH)
    assert steps_of(event)[-1] == (2, "2025-05")


@pytest.mark.parametrize(
    ("grade", "from_on", "sentence"),
    [
        (1, MAY, "this grade on that day already"),
        (4, MAY, "has no grade 4"),
        (2, date(2025, 2, 28), "before the event began"),
        (2, date(2999, 1, 1), "future"),
    ],
)
def test_impossible_steps(nurse_a, event, grade, from_on, sentence):
    with pytest.raises(ValidationError, match=sentence):
        record(nurse_a, event, grade, from_on)


def test_no_step_after_the_end(nurse_a, event):
    services.resolve_adverse_event(by=nurse_a, event=event, ended_on=MAY)
    with pytest.raises(ValidationError, match="after the event ended"):
        record(nurse_a, event, 2, JUNE)


def test_a_later_step_is_corrected_with_a_reason(nurse_a, event):
    step = record(nurse_a, event, 3, MAY)
    values = {"grade": 2, "from_on": JUNE, "from_precision": DatePrecision.DAY}
    services.correct_grade(by=nurse_a, step=step, reason="Read wrongly", **values)
    assert (steps_of(event)[-1], event.grade) == ((2, "2025-06-02"), 2)
    with pytest.raises(ValidationError, match="say why"):
        services.correct_grade(by=nurse_a, step=step, reason="", **values | {"grade": 3})


def test_a_step_that_never_was_is_removed(nurse_a, event):
    step = record(nurse_a, event, 3, MAY)
    with pytest.raises(ValidationError, match="say why"):
        services.remove_grade(by=nurse_a, step=step, reason=" ")
    services.remove_grade(by=nurse_a, step=step, reason="Another patient's")
    assert (steps_of(event), event.grade) == ([(1, "2025-03-01")], 1)


def test_the_first_step_is_changed_with_its_event(nurse_a, event):
    with pytest.raises(ValidationError, match="with the event itself"):
        services.remove_grade(by=nurse_a, step=event.grades.get(), reason="No")


@pytest.mark.parametrize("who", ["nurse_b", "monitor", "outsider"])
def test_only_the_clinic_of_the_site_writes_steps(request, nurse_a, event, who):
    by, step = request.getfixturevalue(who), record(nurse_a, event, 2, MAY)
    with pytest.raises(PermissionDenied):
        record(by, event, 3, JUNE)
    with pytest.raises(PermissionDenied):
        services.remove_grade(by=by, step=step, reason="No")


def test_the_database_refuses_a_worst_grade_that_is_not_of_the_history(system, event):
    with pytest.raises(IntegrityError, match="history says"), transaction.atomic(), recording(by=system):
        EventGrade.objects.create(adverse_event=event, grade=3, from_on=MAY)
        transaction.get_connection().check_constraints()


def test_a_data_managers_correction_of_a_step_carries_the_worst_grade(nurse_a, data_manager, event):
    step = record(nurse_a, event, 2, MAY)
    step.grade = 3
    assert services.correct_event_grade(by=data_manager, step=step, reason="Source document")
    event.refresh_from_db()
    assert event.grade == 3


def test_a_data_managers_correction_of_an_event_carries_its_only_step(data_manager, event):
    event.grade, event.started_on = 2, date(2025, 2, 1)
    assert services.correct_event(by=data_manager, event=event, reason="Source document")
    assert steps_of(event) == [(2, "2025-02-01")]


def test_a_worst_grade_of_several_steps_is_corrected_in_the_step(nurse_a, data_manager, event):
    record(nurse_a, event, 2, MAY)
    event.grade = 3
    with pytest.raises(ValidationError, match="correct the step"):
        services.correct_event(by=data_manager, event=event, reason="Source document")


def test_a_first_step_does_not_leave_the_start_of_its_event(data_manager, event):
    step = event.grades.get()
    step.from_on = MAY
    with pytest.raises(ValidationError, match="begins with the event"):
        services.correct_event_grade(by=data_manager, step=step, reason="Source document")


def test_nurses_correct_nothing_in_the_admin_site(nurse_a, event):
    with pytest.raises(PermissionDenied):
        services.correct_event(by=nurse_a, event=event, reason="No")
    with pytest.raises(ValidationError, match="say why"):
        services.correct_event(by=nurse_a, event=event, reason=" ")
