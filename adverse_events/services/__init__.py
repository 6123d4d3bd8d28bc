"""The only hands that write adverse events and what is said of them."""

from adverse_events.services.answers import answer_lab_grade
from adverse_events.services.assessments import confirm_assessment
from adverse_events.services.corrections import correct_event, correct_event_grade
from adverse_events.services.events import (
    EventValues,
    change_adverse_event,
    doubts_of,
    report_adverse_event,
    resolve_adverse_event,
    values_of,
)
from adverse_events.services.grades import correct_grade, record_grade, remove_grade
from adverse_events.services.pregnancies import PregnancyValues, change_pregnancy, record_pregnancy
from adverse_events.services.reports import (
    DispatchValues,
    keep_printed,
    record_dispatches,
    write_safety_report,
)

__all__ = [
    "DispatchValues",
    "EventValues",
    "PregnancyValues",
    "answer_lab_grade",
    "change_adverse_event",
    "change_pregnancy",
    "confirm_assessment",
    "correct_event",
    "correct_event_grade",
    "correct_grade",
    "doubts_of",
    "keep_printed",
    "record_dispatches",
    "record_grade",
    "record_pregnancy",
    "remove_grade",
    "report_adverse_event",
    "resolve_adverse_event",
    "values_of",
    "write_safety_report",
]
