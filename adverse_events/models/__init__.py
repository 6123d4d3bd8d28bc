"""What is recorded of adverse events."""

from adverse_events.models.event import AdverseEvent

__all__ = ["AdverseEvent"]
