"""The places a person finds in the head of every page, and the one that is their home."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.permissions import TABLE, Permission, Role


class Place(NamedTuple):
    url_name: str
    label: str | Promise
    permissions: frozenset[Permission]

    def open_to(self, roles: set[Role]) -> bool:
        return any(TABLE[permission] & roles for permission in self.permissions)


PLACES = (
    Place("clinic:worklist", _("Worklist"), frozenset({Permission.VIEW_WORKLIST})),
    Place("patients:list", _("Patients"), frozenset({Permission.VIEW_PATIENTS})),
    Place("clinic:calendar", _("Calendar"), frozenset({Permission.RECORD_VISIT})),
    Place("dashboard:dashboard", _("Dashboard"), frozenset({Permission.VIEW_DASHBOARD})),
    Place("reminders:ledger", _("Reminders"), frozenset({Permission.VIEW_REMINDERS})),
    Place("clinic:amendments", _("Protocol"), frozenset({Permission.VIEW_PATIENTS})),
    Place("admin:index", _("Admin"), frozenset({Permission.CORRECT_RECORD, Permission.MANAGE_SITES})),
)

# The first role of a person, in this order, decides.
HOMES = (
    (Role.NURSE, "clinic:worklist"),
    (Role.INVESTIGATOR, "clinic:worklist"),
    (Role.PI, "dashboard:dashboard"),
    (Role.DATA_MANAGER, "admin:index"),
    (Role.ADMINISTRATOR, "admin:index"),
    (Role.MONITOR, "patients:list"),
)


def places_for(roles: set[Role]) -> list[Place]:
    return [place for place in PLACES if place.open_to(roles)]


def home_of(roles: set[Role]) -> str:
    """The URL name of the page that answers "what do I do next?"; without a delegation: the (empty) patient list."""
    return next((url_name for role, url_name in HOMES if role in roles), "patients:list")
