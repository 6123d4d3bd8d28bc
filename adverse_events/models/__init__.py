"""What is recorded of adverse events and pregnancies, and what was reported of them."""

from adverse_events.models.answer import LabGradeAnswer
from adverse_events.models.event import AdverseEvent
from adverse_events.models.grade import EventGrade
from adverse_events.models.pregnancy import Pregnancy
from adverse_events.models.report import ReportDispatch, ReportFile, SafetyReport, Subject

__all__ = [
    "AdverseEvent",
    "EventGrade",
    "LabGradeAnswer",
    "Pregnancy",
    "ReportDispatch",
    "ReportFile",
    "SafetyReport",
    "Subject",
]
