"""The only eyes on visits."""

from visits.selectors.agenda import Scope, VisitItem, overdue_items, visit_items
from visits.selectors.bookings import booked_visits
from visits.selectors.closures import Closure, closures
from visits.selectors.contacts import ContactDue, contact_of, contacts_due
from visits.selectors.imaging import Imaging, ImagingDue, imaging_due, imaging_of
from visits.selectors.procedures import condition_facts, procedures_at, recorded_procedures
from visits.selectors.status import (
    projected,
    status_on,
    unrecorded,
    with_context,
    working_days,
)

__all__ = [
    "Closure",
    "ContactDue",
    "Imaging",
    "ImagingDue",
    "Scope",
    "VisitItem",
    "booked_visits",
    "closures",
    "condition_facts",
    "contact_of",
    "contacts_due",
    "imaging_due",
    "imaging_of",
    "overdue_items",
    "procedures_at",
    "projected",
    "recorded_procedures",
    "status_on",
    "unrecorded",
    "visit_items",
    "with_context",
    "working_days",
]
