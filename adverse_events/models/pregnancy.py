"""A pregnancy of a patient, or of a patient's partner, while imatinib may have reached it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.tracking import clinical
from patients.models import Patient
from patients.validation import refuse_distant, refuse_future


@clinical
class Pregnancy(models.Model):
    """Reported like a serious event, on the same clock; followed to its outcome."""

    class Who(models.TextChoices):
        PATIENT = "PATIENT", pgettext_lazy("who is pregnant", "the patient")
        PARTNER = "PARTNER", pgettext_lazy("who is pregnant", "the patient's partner")

    class Outcome(models.TextChoices):
        LIVE_BIRTH = "LIVE_BIRTH", _("live birth")
        LIVE_BIRTH_ANOMALY = "LIVE_BIRTH_ANOMALY", _("live birth with a congenital anomaly")
        MISCARRIAGE = "MISCARRIAGE", _("miscarriage")
        STILLBIRTH = "STILLBIRTH", _("stillbirth")
        TERMINATION = "TERMINATION", _("termination")
        UNKNOWN = "UNKNOWN", _("cannot be found out")

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="pregnancies")
    pregnancy_no = models.PositiveIntegerField(_("number"))
    who = models.CharField(_("who is pregnant"), max_length=10, choices=Who.choices)
    aware_at = models.DateTimeField(_("aware at"))
    test_on = models.DateField(_("positive test on"), null=True, blank=True)
    expected_on = models.DateField(_("birth expected on"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices, blank=True)
    outcome_on = models.DateField(_("day of the outcome"), null=True, blank=True)
    note = models.TextField(_("note"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("pregnancy")
        verbose_name_plural = _("pregnancies")
        ordering = ["patient", "pregnancy_no"]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "pregnancy_no"],
                name="a_pregnancy_number_once_a_patient",
                violation_error_message=_(
                    "This patient has a pregnancy of this number already: give the next number."
                ),
            ),
            models.CheckConstraint(
                name="a_day_of_outcome_has_an_outcome",
                condition=Q(outcome_on__isnull=True) | ~Q(outcome=""),
                violation_error_message=_("Say how the pregnancy ended on that day."),
            ),
            models.CheckConstraint(
                name="a_pregnancy_ends_after_its_test",
                condition=Q(outcome_on__isnull=True)
                | Q(test_on__isnull=True)
                | Q(outcome_on__gte=F("test_on")),
                violation_error_message=_("The outcome lies before the positive test."),
            ),
        ]

    def clean(self) -> None:
        refuse_future(self, "test_on", "outcome_on")
        refuse_distant(self, "test_on", "expected_on", "outcome_on")
