"""When a patient is reminded of a visit, and within which hours a mail may go.

Days are days of the clinic, instants are aware. A reminder falls due at a fixed time of a clinic day, some days
ahead of the appointment; weekends and holidays do not move it.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from protocol.days import ONE_DAY
from protocol.definition import Reminders

_HOURS = re.compile(r"(\d\d):([0-5]\d)-(\d\d):([0-5]\d)")
_MINUTES_PER_HOUR = 60
_MINUTES_PER_DAY = 24 * _MINUTES_PER_HOUR


@dataclass(frozen=True, slots=True)
class SendHours:
    """Minutes of the clinic day between which mails go: the first inside, the last outside."""

    from_minute: int
    to_minute: int


def due_at(appointment_on: date, lead_days: int, reminders: Reminders, zone: tzinfo) -> datetime:
    """The protocol's hour of the clinic day `lead_days` before the appointment."""
    return datetime.combine(appointment_on - timedelta(days=lead_days), reminders.send_at, zone)


def appointment_ends_at(appointment_on: date, appointment_time: time | None, zone: tzinfo) -> datetime:
    """The instant from which a reminder comes too late: the time itself, or the end of a day without one."""
    if appointment_time is None:
        return datetime.combine(appointment_on + ONE_DAY, time.min, zone)
    return datetime.combine(appointment_on, appointment_time, zone)


def longest_lead(reminders: Reminders) -> timedelta:
    """How far ahead the first reminder of an appointment is due; nothing when none is sent."""
    return timedelta(days=max(reminders.lead_days, default=0))


def planning_horizon_on(on: date, reminders: Reminders, ahead_days: int) -> date:
    """The last appointment whose first reminder falls due within `ahead_days`."""
    return on + longest_lead(reminders) + timedelta(days=ahead_days)


def send_hours(earliest: time, latest: time) -> SendHours:
    """The hours as the protocol has them."""
    return SendHours(_minute(earliest), _minute(latest))


def parse_send_hours(text: str) -> SendHours:
    """`08:00-21:00`, or `00:00-24:00` for the whole day; ValueError for anything else."""
    match = _HOURS.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"expected hours like 08:00-21:00, found {text!r}")
    from_hour, from_rest, to_hour, to_rest = map(int, match.groups())
    hours = SendHours(from_hour * _MINUTES_PER_HOUR + from_rest, to_hour * _MINUTES_PER_HOUR + to_rest)
    if not hours.from_minute < hours.to_minute <= _MINUTES_PER_DAY:
        raise ValueError(f"the hours must begin before they end, on one day: {text!r}")
    return hours


def is_send_time(instant: datetime, hours: SendHours, zone: tzinfo) -> bool:
    """Whether a mail may go now."""
    return hours.from_minute <= _minute(instant.astimezone(zone).time()) < hours.to_minute


def next_send_time(instant: datetime, hours: SendHours, zone: tzinfo) -> datetime:
    """`instant` itself if a mail may go then, else the next opening of the hours."""
    if is_send_time(instant, hours, zone):
        return instant
    local = instant.astimezone(zone)
    opens = time(hours.from_minute // _MINUTES_PER_HOUR, hours.from_minute % _MINUTES_PER_HOUR)
    is_before = _minute(local.time()) < hours.from_minute
    day = local.date() if is_before else local.date() + ONE_DAY
    return datetime.combine(day, opens, zone)


def _minute(moment: time) -> int:
    return moment.hour * _MINUTES_PER_HOUR + moment.minute
