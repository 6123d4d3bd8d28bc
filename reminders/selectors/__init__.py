"""The only eyes on the ledger: always on behalf of a user, within the sites of their delegations."""

from reminders.selectors.ledger import (
    SILENT_AFTER,
    MissingLines,
    ReminderHealth,
    contact_with_token,
    count_by_state,
    going_out,
    health,
    ledger,
    planned_for,
    reminder_with_story,
    reminders_of,
    silent_parts,
    sites_with_missing_lines,
    tomorrow,
    unsent,
)
from reminders.selectors.preview import PreviewLine, preview
from reminders.selectors.staff import kinds_for, mail_choice, notice_with_story, recent_notices, undelivered

__all__ = [
    "SILENT_AFTER",
    "MissingLines",
    "PreviewLine",
    "ReminderHealth",
    "contact_with_token",
    "count_by_state",
    "going_out",
    "health",
    "kinds_for",
    "ledger",
    "mail_choice",
    "notice_with_story",
    "planned_for",
    "preview",
    "recent_notices",
    "reminder_with_story",
    "reminders_of",
    "silent_parts",
    "sites_with_missing_lines",
    "tomorrow",
    "undelivered",
    "unsent",
]
