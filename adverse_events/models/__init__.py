"""What is recorded of adverse events."""

from adverse_events.models.event import AdverseEvent
from adverse_events.models.grade import EventGrade

__all__ = ["AdverseEvent", "EventGrade"]
