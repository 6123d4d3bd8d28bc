"""The only hands that write visits."""

from visits.services.projection import project_visits

__all__ = ["project_visits"]
