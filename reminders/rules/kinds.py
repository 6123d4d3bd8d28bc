"""What a message to a patient is about."""

from enum import StrEnum


class Kind(StrEnum):
    APPOINTMENT = "APPOINTMENT"
    PLANNED_DATE = "PLANNED_DATE"
    MISSED_VISIT = "MISSED_VISIT"
    MOVED = "MOVED"
    CANCELLED = "CANCELLED"


# Speak of a booked day, and bring its calendar entry.
WITH_ENTRY = frozenset({Kind.APPOINTMENT, Kind.MOVED})
# What a patient's calendar holds is told by the last of these.
CALENDAR = WITH_ENTRY | {Kind.CANCELLED}
# Speak of a day that is over or taken back.
STANDS_ALONE = frozenset({Kind.MISSED_VISIT, Kind.CANCELLED})
# Not a number of days ahead, but because something has happened.
NOTES = STANDS_ALONE | {Kind.MOVED}
