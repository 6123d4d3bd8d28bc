"""The only hands that write adverse events and what is said of them."""

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

__all__ = [
    "EventValues",
    "change_adverse_event",
    "confirm_assessment",
    "correct_event",
    "correct_event_grade",
    "correct_grade",
    "doubts_of",
    "record_grade",
    "remove_grade",
    "report_adverse_event",
    "resolve_adverse_event",
    "values_of",
]
