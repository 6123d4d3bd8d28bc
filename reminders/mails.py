"""What a patient reads: written when it is sent, in the patient's language, from facts of that moment.

Clinic, date, time, place, phone and the link that ends the mails; nothing of study, drug, diagnosis or visit.
A line that the site has not filled in is left out.
"""

from datetime import date, datetime, time
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format, time_format
from django.utils.translation import override, pgettext

from protocol.codes import Language
from reminders.calendars import FILE_NAME, Entry, appointment_calendar
from reminders.models import Reminder, ReminderKind
from reminders.rules.kinds import CALENDAR
from visits.models import Visit

# Grows with every change of a text, and stands in the ledger: which words did this patient read?
TEMPLATE_VERSION = "1"
TEMPLATES = {
    ReminderKind.APPOINTMENT.value: "emails/appointment",
    ReminderKind.PLANNED_DATE.value: "emails/planned_date",
    ReminderKind.MISSED_VISIT.value: "emails/missed_visit",
    ReminderKind.MOVED.value: "emails/moved",
    ReminderKind.CANCELLED.value: "emails/cancelled",
}


def language_of(visit: Visit) -> str:
    """The recipient's language; Korean where nobody asked."""
    return visit.patient.contact.language or Language.KOREAN.value


def reminder_mail(reminder: Reminder, visit: Visit, *, now: datetime) -> EmailMultiAlternatives:
    """The whole message, ready for the mail server."""
    language = language_of(visit)
    with override(language):
        context = mail_context(reminder, visit, language)
        mail = EmailMultiAlternatives(
            subject=one_line(_render(reminder, "subject.txt", context)),
            body=_render(reminder, "body.txt", context),
            from_email=formataddr((str(context["clinic"]), parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
            to=[reminder.recipient],
            headers=_headers(reminder, str(context["opt_out_url"]), language),
        )
        mail.attach_alternative(_render(reminder, "body.html", context), "text/html")
        if reminder.kind in CALENDAR:
            entry = entry_of(reminder)
            calendar = appointment_calendar(visit, entry, language=language, now=now)
            mail.attach(FILE_NAME, calendar, f"text/calendar; method={entry.method}")
    return mail


def mail_context(reminder: Reminder, visit: Visit, language: str) -> dict[str, object]:
    """Everything that a template may say."""
    site = visit.patient.site
    return {
        "language": language,
        "clinic": one_line(site.name_in(language)),
        "date": day_in_words(reminder.appointment_on),
        "time": time_in_words(reminder.appointment_time),
        "place": site.place_in(language),
        "phone": site.phone_in(language),
        "opt_out_url": opt_out_url(visit),
    }


def entry_of(reminder: Reminder) -> Entry:
    """What the patient's calendar is to do with the day the message speaks of."""
    is_cancelled = reminder.kind == ReminderKind.CANCELLED
    return Entry(reminder.appointment_on, reminder.appointment_time, is_cancelled)


def opt_out_url(visit: Visit) -> str:
    path = reverse("reminders:opt_out", kwargs={"token": visit.patient.contact.opt_out_token})
    return f"{settings.BASE_URL}{path}"


def day_in_words(day: date) -> str:
    return date_format(day, pgettext("date in mails, as Django's date filter", "l, j F Y"))


def time_in_words(at: time | None) -> str:
    return time_format(at, pgettext("time in mails, as Django's date filter", "g:i A")) if at else ""


def _headers(reminder: Reminder, opt_out: str, language: str) -> dict[str, str]:
    return {
        "Message-ID": reminder.message_id,
        "List-Unsubscribe": f"<{opt_out}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",  # RFC 8058
        "Auto-Submitted": "auto-generated",
        "Content-Language": language,
    }


def _render(reminder: Reminder, part: str, context: dict[str, object]) -> str:
    return render_to_string(f"{TEMPLATES[reminder.kind]}/{part}", context)


def one_line(text: str) -> str:
    """A header has one line, whatever was imported as a clinic's name."""
    return " ".join(text.split())
