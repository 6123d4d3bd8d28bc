"""The only hands that write adverse events and what is said of them."""

from adverse_events.services.events import (
    EventValues,
    change_adverse_event,
    change_grade,
    doubts_of,
    report_adverse_event,
    resolve_adverse_event,
    values_of,
)

__all__ = [
    "EventValues",
    "change_adverse_event",
    "change_grade",
    "doubts_of",
    "report_adverse_event",
    "resolve_adverse_event",
    "values_of",
]
