"""Consent: the versions of the forms, and what a patient has signed and withdrawn."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as sentence
from django.utils.translation import gettext_lazy as _

from accounts.models import Site
from audit.tracking import clinical
from patients.models.patient import Patient
from patients.validation import refuse_distant, refuse_future

SCREENING = "SCR"


class Purpose(models.TextChoices):
    STUDY = "STUDY", _("Study")
    EXTENSION = "EXTENSION", _("IP extension")
    REMINDERS = "REMINDERS", _("Reminders by e-mail")


@clinical
class ConsentVersion(models.Model):
    """A version of a consent form as an ethics committee approved it: for one site, or for all of them."""

    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices)
    version = models.CharField(_("version of the form"), max_length=50)
    in_force_on = models.DateField(_("in force from"))
    asks_again = models.BooleanField(
        _("patients sign again"),
        default=False,
        help_text=_("Who signed an earlier version is asked to sign this one."),
    )
    site = models.ForeignKey(
        Site,
        models.PROTECT,
        related_name="consent_versions",
        null=True,
        blank=True,
        verbose_name=_("site"),
        help_text=_("Blank = all sites."),
    )

    class Meta:
        verbose_name = _("version of a consent form")
        verbose_name_plural = _("versions of consent forms")
        ordering = ["purpose", "-in_force_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "version", "site"],
                name="one_form_a_purpose_version_site",
                nulls_distinct=False,
                violation_error_message=_("This version of the form is there already: correct that entry."),
            )
        ]

    def clean(self) -> None:
        refuse_distant(self, "in_force_on")


@clinical
class Consent(models.Model):
    """Consent to the study or its extension, by the form that was signed. The one to reminders is in `Contact`."""

    Purpose = Purpose

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="consents")
    purpose = models.CharField(
        _("purpose"), max_length=10, choices=Purpose.choices, default=Purpose.STUDY.value
    )
    version = models.CharField(_("version of the form"), max_length=50, blank=True)
    consented_on = models.DateField(_("signed on"))
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.CheckConstraint(
                name="agreement_to_reminders_is_in_contact",
                condition=~Q(purpose=Purpose.REMINDERS.value),
                violation_error_message=_(
                    "Agreement to reminders is kept with the contact: record it there."
                ),
            ),
            models.UniqueConstraint(
                fields=["patient", "purpose", "version"],
                condition=Q(withdrawn_on__isnull=True),  # who has withdrawn may sign the same form again
                name="one_consent_a_purpose_version",
                violation_error_message=_(
                    "This version of the form is recorded for that purpose already: correct that consent."
                ),
            ),
            models.CheckConstraint(
                name="consent_withdrawn_after_signed",
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("consented_on")),
            ),
        ]

    def clean(self) -> None:
        refuse_future(self, "consented_on", "withdrawn_on")
        if self.withdrawn_on and self.consented_on and self.withdrawn_on < self.consented_on:
            raise ValidationError({"withdrawn_on": sentence("The withdrawal lies before the signature.")})
        if self.purpose == Purpose.STUDY and self.consented_on and self.patient_id:
            self._refuse_too_late(self.consented_on)

    def _refuse_too_late(self, consented_on: date) -> None:
        """The first consent stands before the first study procedure; a later one renews it."""
        earlier = self.patient.consents.filter(purpose=Purpose.STUDY, consented_on__lt=consented_on)
        procedure_on = first_study_procedure_on(self.patient)
        if procedure_on and procedure_on < consented_on and not earlier.exclude(pk=self.pk).exists():
            message = sentence("The first study procedure was on %(day)s: the consent cannot be later.")
            raise ValidationError({"consented_on": message % {"day": date_format(procedure_on)}})


def first_study_procedure_on(patient: Patient) -> date | None:
    """The screening visit or the enrolment, whichever came first; visits are reached through the patient."""
    enrolment = getattr(patient, "enrolment", None)
    screened = patient.visits.filter(visit=SCREENING).values_list("occurred_on", flat=True).first()
    days = [screened, enrolment.enrolled_on if enrolment else None]
    return min((day for day in days if day is not None), default=None)
