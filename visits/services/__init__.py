"""The only hands that write visits."""

from visits.services.amendment import (
    AmendmentPreview,
    PatientAmendment,
    PreviewChanged,
    apply_amendment,
    preview_amendment,
)
from visits.services.booking import book_visit, cancel_booking
from visits.services.calendar import clear_calendar_day, set_calendar_days
from visits.services.contact import record_contact
from visits.services.procedures import ProcedureValue
from visits.services.projection import project_visits
from visits.services.recording import (
    AssessmentValues,
    LabValue,
    mark_did_not_come,
    mark_not_done,
    record_unscheduled_visit,
    record_visit_facts,
)
from visits.services.revision import VisitChanged
from visits.services.unrecording import unrecord_visit

__all__ = [
    "AmendmentPreview",
    "AssessmentValues",
    "LabValue",
    "PatientAmendment",
    "PreviewChanged",
    "ProcedureValue",
    "VisitChanged",
    "apply_amendment",
    "book_visit",
    "cancel_booking",
    "clear_calendar_day",
    "mark_did_not_come",
    "mark_not_done",
    "preview_amendment",
    "project_visits",
    "record_contact",
    "record_unscheduled_visit",
    "record_visit_facts",
    "set_calendar_days",
    "unrecord_visit",
]
