"""Mails to staff: written when they are sent, in the reader's language; counts and links, nothing about anybody."""

from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from protocol.codes import Language
from reminders.mails import day_in_words, one_line
from reminders.models import Notice, NoticeKind
from reminders.rules.reasons import Reason
from reminders.selectors.concerns import Matter, concerns
from reminders.selectors.digest import Digest, digest
from reminders.selectors.staff import kinds_for, wants

TEMPLATES = {NoticeKind.DIGEST: "emails/digest", NoticeKind.ESCALATION: "emails/escalation"}
# Neutral on purpose: a mail may be read over a shoulder. What it is about stands behind the link.
MATTERS = {
    Matter.LOW_DOSE: _("A value below the limit of the protocol waits for your decision."),
    Matter.LONG_HOLD: _("An interruption longer than the protocol allows waits for your decision."),
    Matter.REPORT_CLOCK: _("A report is due."),
    Matter.REPORT_OVERDUE: _("A report is overdue."),
    Matter.OVERDUE_VISIT: _("An appointment is overdue: its window has closed."),
}
LINES = (
    ("overdue", _("Overdue")),
    ("today", _("Today")),
    ("this_week", _("This week")),
    ("window_closing", _("Window closing, not booked")),
    ("calls", _("To call: did not come")),
    ("supply", _("Supply to look after")),
    ("consents", _("Forms to be signed")),
    ("clocks", _("Reports due")),
    ("flags", _("Waiting for a decision")),
)


def notice_language(notice: Notice) -> str:
    return notice.user.language or Language.KOREAN.value


def reason_against_notice(notice: Notice, *, now: datetime) -> Reason | None:
    """The check just before sending, on the facts of this moment: the first reason found, None = send."""
    kind, user = NoticeKind(notice.kind), notice.user
    if not user.is_active or kind not in kinds_for(user):
        return Reason.NO_DELEGATION
    if not wants(user, kind):
        return Reason.NOT_WANTED
    if not user.email:
        return Reason.NO_ADDRESS
    if kind is NoticeKind.DIGEST:
        return _against_digest(notice, now)
    is_open = any(
        each.key == notice.concern and each.patient.pk == notice.patient_id
        for each in concerns(user, now=now)
    )
    return None if is_open else Reason.RESOLVED


def _against_digest(notice: Notice, now: datetime) -> Reason | None:
    if now.astimezone(settings.CLINIC_ZONE).date() > notice.due_on:
        return Reason.DAY_PASSED  # the next morning has a digest of its own
    return Reason.NOTHING_TO_SAY if digest(notice.user, now=now).is_empty else None


def notice_mail(notice: Notice, *, now: datetime) -> EmailMultiAlternatives:
    """The whole message, ready for the mail server."""
    language, folder = notice_language(notice), TEMPLATES[NoticeKind(notice.kind)]
    with override(language):
        context = _context(notice, now, language)
        mail = EmailMultiAlternatives(
            subject=one_line(render_to_string(f"{folder}/subject.txt", context)),
            body=render_to_string(f"{folder}/body.txt", context),
            from_email=parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
            to=[notice.user.email],
            headers={
                "Message-ID": notice.message_id,
                "Auto-Submitted": "auto-generated",
                "Content-Language": language,
            },
        )
        mail.attach_alternative(render_to_string(f"{folder}/body.html", context), "text/html")
    return mail


def _context(notice: Notice, now: datetime, language: str) -> dict[str, object]:
    shared = {
        "language": language,
        "date": day_in_words(notice.due_on),
        "choices_url": f"{settings.BASE_URL}{reverse('reminders:change_mails')}",
    }
    if notice.patient is None:
        counts = digest(notice.user, now=now)
        return shared | {"lines": _lines(counts), "url": f"{settings.BASE_URL}{reverse('clinic:worklist')}"}
    site = one_line(notice.patient.site.name_in(language))
    chart = reverse("clinic:chart", args=[notice.patient.uuid])
    return shared | {"clinic": site, "matter": matter_of(notice), "url": f"{settings.BASE_URL}{chart}"}


def matter_of(notice: Notice) -> Promise | str:
    """What an escalation is about, in one neutral sentence; "" of a digest."""
    return MATTERS[Matter(notice.concern.partition(":")[0])] if notice.concern else ""


def _lines(counts: Digest) -> list[tuple[object, int]]:
    """What there is; a line that counts nothing is left out."""
    return [(label, count) for name, label in LINES if (count := getattr(counts, name))]
