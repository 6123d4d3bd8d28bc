"""Send what is due: claim a few rows, check each against the facts of this moment, hand it over, mark it."""

import time
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from protocol.versions import available_versions
from reminders.postman import Postman
from reminders.rules.due import SendHours, is_send_time, parse_send_hours, send_hours
from reminders.services.claims import claim_due, take_back_expired_claims
from reminders.services.desks import DESKS, Desk
from reminders.services.pace import pause_until_room
from reminders.services.rounds import Round, SendReport
from reminders.turns import only_sender


def send_reminders(*, at: datetime, seconds: float | None = None) -> SendReport:
    """Send what is due at `at` and not sent yet; several at once do no harm.

    With `seconds` for so long at most, and not at all while somebody else on this machine is sending.
    """
    report = SendReport()
    take_back_expired_claims()
    with only_sender(wait=seconds is None) as is_my_turn:
        if is_my_turn:
            _send_all(at, seconds, report)
    return report


def _send_all(at: datetime, seconds: float | None, report: SendReport) -> None:
    began = time.monotonic()
    with Postman() as postman:
        for desk in DESKS:
            while rows := _claim(now := at + _since(began), desk):
                if not Round(rows, postman, now, report, desk).send():
                    return  # nobody is there: the rest waits for the next sweep
                if seconds is not None and time.monotonic() - began > seconds:
                    report.is_complete = False
                    return
    report.pause = pause_until_room()


def _since(began: float) -> timedelta:
    return timedelta(seconds=time.monotonic() - began)


def _claim(now: datetime, desk: Desk) -> list[Any]:
    """Nothing any more once the hours are over."""
    return claim_due(now, desk) if is_send_time(now, hours_for_sending(), settings.CLINIC_ZONE) else []


def hours_for_sending() -> SendHours:
    """The hours that every version of the protocol allows, widened by the operator's."""
    versions = [version.reminders for version in available_versions()]
    hours = send_hours(max(v.earliest for v in versions), min(v.latest for v in versions))
    if not settings.SEND_HOURS:
        return hours
    wider = parse_send_hours(settings.SEND_HOURS)
    return SendHours(min(hours.from_minute, wider.from_minute), max(hours.to_minute, wider.to_minute))
