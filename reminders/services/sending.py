"""Send what is due: claim a few rows, check each against the facts of this moment, hand it over, mark it."""

import time
from datetime import datetime

from django.conf import settings

from protocol.versions import available_versions
from reminders.postman import Postman
from reminders.rules.due import SendHours, is_send_time, parse_send_hours, send_hours
from reminders.services.claims import claim_due, take_back_expired_claims
from reminders.services.desks import DESKS
from reminders.services.rounds import Round, SendReport
from reminders.turns import only_sender


def send_reminders(*, at: datetime, seconds: float | None = None) -> SendReport:
    """Send what is due at `at` and not sent yet; several at once do no harm.

    With `seconds` for so long at most, and not at all while somebody else on this machine is sending.
    """
    report = SendReport()
    take_back_expired_claims()
    if not is_send_time(at, hours_for_sending(), settings.CLINIC_ZONE):
        return report
    with only_sender(wait=seconds is None) as is_my_turn:
        if is_my_turn:
            _send_all(at, seconds, report)
    return report


def _send_all(at: datetime, seconds: float | None, report: SendReport) -> None:
    began = time.monotonic()
    with Postman() as postman:
        for desk in DESKS:
            while rows := claim_due(at, desk):
                if not Round(rows, postman, at, report, desk).send():
                    return  # nobody is there: the rest waits for the next sweep
                if seconds is not None and time.monotonic() - began > seconds:
                    report.is_complete = False
                    return


def hours_for_sending() -> SendHours:
    """The hours that every version of the protocol allows, widened by the operator's."""
    versions = [version.reminders for version in available_versions()]
    hours = send_hours(max(v.earliest for v in versions), min(v.latest for v in versions))
    if not settings.SEND_HOURS:
        return hours
    wider = parse_send_hours(settings.SEND_HOURS)
    return SendHours(min(hours.from_minute, wider.from_minute), max(hours.to_minute, wider.to_minute))
