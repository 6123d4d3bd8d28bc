"""Reports of serious events and pregnancies as they were written, and to whom they went."""

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext as sentence
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from adverse_events.models.event import AdverseEvent
from adverse_events.models.pregnancy import Pregnancy
from adverse_events.rules.clocks import SentReport
from adverse_events.rules.reports import ReportContent
from audit.tracking import clinical
from patients.models import Patient
from protocol import codes

Subject = AdverseEvent | Pregnancy
_ONE_SUBJECT = Q(adverse_event__isnull=False, pregnancy__isnull=True) | Q(
    adverse_event__isnull=True, pregnancy__isnull=False
)
_SHA256 = Func(
    Func("pdf", function="sha256"), Value("hex"), function="encode", output_field=models.CharField()
)


def about(subject: Subject) -> dict[str, Subject]:
    """The field of a report that names its subject."""
    return {"pregnancy" if isinstance(subject, Pregnancy) else "adverse_event": subject}


_never_edited = pgtrigger.register(
    pgtrigger.Protect(name="never_edited", operation=pgtrigger.Update | pgtrigger.Delete)
)


class About(models.Model):
    """About one adverse event or about one pregnancy."""

    adverse_event = models.ForeignKey(AdverseEvent, models.PROTECT, null=True, blank=True)
    pregnancy = models.ForeignKey(Pregnancy, models.PROTECT, null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def subject(self) -> Subject:
        subject = self.adverse_event or self.pregnancy
        if subject is None:
            raise ValueError("a report about nothing")
        return subject

    @property
    def patient(self) -> Patient:
        return self.subject.patient


@_never_edited
@clinical
class SafetyReport(About):
    """One version of a report: the facts as they stood, with the words of whom wrote it. It is never edited."""

    version = models.PositiveIntegerField(_("version"))
    content = models.JSONField(_("content"))
    written_at = models.DateTimeField(_("written at"), editable=False)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = _("safety report")
        verbose_name_plural = _("safety reports")
        ordering = ["adverse_event", "pregnancy", "version"]
        constraints = [
            models.CheckConstraint(name="a_report_is_about_one_thing", condition=_ONE_SUBJECT),
            models.CheckConstraint(name="versions_of_a_report_begin_at_1", condition=Q(version__gte=1)),
            models.UniqueConstraint(
                fields=["adverse_event", "version"],
                name="a_version_once_an_event",
                violation_error_message=_("Somebody has written this version meanwhile: open it first."),
            ),
            models.UniqueConstraint(
                fields=["pregnancy", "version"],
                name="a_version_once_a_pregnancy",
                violation_error_message=_("Somebody has written this version meanwhile: open it first."),
            ),
        ]

    @property
    def is_initial(self) -> bool:
        """The first version is the initial report; every later one is a follow-up."""
        return self.version == 1

    @property
    def facts(self) -> ReportContent:
        return ReportContent.from_dict(self.content)


@_never_edited
@clinical
class ReportFile(models.Model):
    """A report printed in one language: the bytes that are sent."""

    report = models.ForeignKey(SafetyReport, models.PROTECT, related_name="files")
    language = models.CharField(_("language"), max_length=2, choices=codes.choices(codes.Language))
    pdf = models.BinaryField("PDF")
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)

    class Meta:
        verbose_name = _("printed report")
        verbose_name_plural = _("printed reports")
        ordering = ["report", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "language"],
                name="a_report_once_a_language",
                violation_error_message=_("This report is kept in this language already: open that one."),
            ),
            models.CheckConstraint(name="sha256_is_that_of_the_pdf", condition=Q(sha256=_SHA256)),
        ]


@clinical
class ReportDispatch(About):
    """A report that left the site: this, and nothing else, stops a clock.

    Without `report` something else was sent: the sponsor's own form, a call. `is_complete`: nothing is to follow.
    """

    class Recipient(models.TextChoices):
        SPONSOR = "SPONSOR", _("Sponsor")
        AUTHORITY = "AUTHORITY", _("Authority (MFDS)")
        IRB = "IRB", _("Review board (IRB)")
        INVESTIGATORS = "INVESTIGATORS", _("Other investigators")

    class Channel(models.TextChoices):
        PORTAL = "PORTAL", _("reporting system")
        EMAIL = "EMAIL", pgettext_lazy("channel", "e-mail")
        FAX = "FAX", _("fax")
        TELEPHONE = "TELEPHONE", _("telephone")
        POST = "POST", _("post or by hand")

    report = models.ForeignKey(
        SafetyReport,
        models.PROTECT,
        related_name="dispatches",
        null=True,
        blank=True,
        verbose_name=_("report"),
    )
    recipient = models.CharField(_("recipient"), max_length=15, choices=Recipient.choices)
    sent_at = models.DateTimeField(_("sent at"))
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    is_complete = models.BooleanField(_("complete report"), default=False)
    note = models.CharField(_("note"), max_length=500, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), editable=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = _("dispatch of a report")
        verbose_name_plural = _("dispatches of reports")
        ordering = ["sent_at", "pk"]
        constraints = [
            models.CheckConstraint(name="a_dispatch_is_about_one_thing", condition=_ONE_SUBJECT),
            models.CheckConstraint(
                name="nothing_is_sent_after_it_is_recorded", condition=Q(sent_at__lte=F("recorded_at"))
            ),
            *(
                models.UniqueConstraint(
                    fields=[about, "recipient", "sent_at"],
                    name=f"a_dispatch_once_about_{about}",
                    violation_error_message=_("This is recorded already."),
                )
                for about in ("adverse_event", "pregnancy")
            ),
        ]

    def clean(self) -> None:
        if self.sent_at and self.sent_at > timezone.now():
            raise ValidationError({"sent_at": sentence("What was sent cannot lie in the future.")})
        if self.report is not None and self.report.subject != self.subject:
            raise ValidationError({"report": sentence("This report is about something else.")})

    @property
    def facts(self) -> SentReport:
        return SentReport(self.recipient, self.sent_at, self.is_complete)
