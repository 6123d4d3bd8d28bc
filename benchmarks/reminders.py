"""Reminders sent, with every mark in the ledger, beside a bare loop that hands the same mails to the same server."""

import smtplib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial

from django.db import connection
from django.test.utils import override_settings
from django.utils import timezone

from accounts.models import Site, User
from audit import recording
from benchmarks.clock import Spent, least, stopwatch
from benchmarks.databases import database_copy
from benchmarks.figures import Figure, same, timed
from benchmarks.sink import HOST, running_sink
from patients.models import Contact, Enrolment, Patient
from protocol.codes import EntryPath
from reminders.mails import reminder_mail
from reminders.models import Attempt, Reminder
from reminders.services import plan_reminders, send_reminders
from visits.models import Visit

FIRST_DOSE_DAYS_AGO = 180


def measure(patients: int, *, on: date, times: int) -> Iterator[Figure]:
    """In a copy of the empty database the connection is to."""
    figure = partial(Figure, "reminders", patients)
    with database_copy("reminders"), running_sink() as port, override_settings(**_mail_settings(port)):
        _planned(patients, on)
        at = timezone.now()
        mails = _mails(at)
        rounds = [(_bare(port, mails), _bare(port, mails, commits=True), _sent(at)) for _ in range(times)]
        noted = Attempt.objects.count()
    bare, committed, sent = (least(spent) for spent in zip(*rounds, strict=True))
    yield figure("reminders sent", "rows", same(patients, noted // times))
    speeds = {"bare loop": bare, "bare loop that commits a row a mail": committed, "sent": sent}
    for what, spent in speeds.items():
        yield figure(what, "a second", patients / spent.seconds)
    yield from timed(figure, "one reminder, its ledger included", "ms", sent, patients)
    yield figure("reminders : bare loop", "×", bare.seconds / sent.seconds)
    yield figure("reminders : bare loop that commits", "×", committed.seconds / sent.seconds)


def _mail_settings(port: int) -> dict[str, object]:
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": HOST,
        "EMAIL_PORT": port,
        "SEND_HOURS": "00:00-24:00",
    }


def _planned(patients: int, on: date) -> None:
    """So many patients who are expected tomorrow, with a reminder that is due."""
    tomorrow = on + timedelta(days=1)
    with recording(by=User.objects.system(), reason="Benchmark"):
        site = Site.objects.create(
            code="01", name_ko="시험 클리닉", place_ko="본관 2층", phone_ko="02-0000-0000"
        )
        rows = Patient.objects.bulk_create(
            Patient(
                subject_id=f"01-{number:06d}",
                site=site,
                entry_path=EntryPath.NEW_START,
                first_dose_on=on - timedelta(days=FIRST_DOSE_DAYS_AGO),
            )
            for number in range(patients)
        )
        Enrolment.objects.bulk_create(Enrolment(patient=row, enrolled_on=row.first_dose_on) for row in rows)
        Contact.objects.bulk_create(
            Contact(patient=row, email=f"p{row.pk}@example.org", language="ko", reminders=True)
            for row in rows
        )
        Visit.objects.bulk_create(_visit(row, tomorrow) for row in rows)
    plan_reminders(on=on)
    Reminder.objects.exclude(lead_days=1).delete()


def _visit(patient: Patient, booked_on: date) -> Visit:
    visit = patient.protocol.visit("M6")
    return Visit(
        patient=patient,
        visit=visit.code,
        visitnum=visit.number,
        target_on=booked_on,
        opens_on=booked_on - timedelta(days=7),
        closes_on=booked_on + timedelta(days=7),
        booked_on=booked_on,
        booked_time=time(10, 30),
    )


def _mails(at: datetime) -> list[tuple[str, str, bytes]]:
    """From whom, to whom, and all the bytes of each."""
    visits = {visit.pk: visit for visit in Visit.objects.select_related("patient__site", "patient__contact")}
    mails = [reminder_mail(row, visits[row.visit_id], now=at) for row in Reminder.objects.all()]
    return [(mail.from_email, mail.to[0], mail.message().as_bytes(linesep="\r\n")) for mail in mails]


def _bare(port: int, mails: Sequence[tuple[str, str, bytes]], *, commits: bool = False) -> Spent:
    with connection.cursor() as cursor, smtplib.SMTP(HOST, port) as server:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_sent (number bigint)")
        with stopwatch() as spent:
            for number, (sender, recipient, content) in enumerate(mails):
                server.sendmail(sender, [recipient], content)
                if commits:
                    cursor.execute("INSERT INTO bench_sent VALUES (%s)", [number])
    return spent


def _sent(at: datetime) -> Spent:
    Reminder.objects.update(
        state="PLANNED", sent_at=None, handed_at=None, reason="", attempts=0, due_at=at - timedelta(minutes=1)
    )
    with stopwatch() as spent:
        report = send_reminders(at=at)
    same(report.sent, Reminder.objects.count())
    return spent
