"""What stood at entry: tumour and surgery, screening, consent, enrolment."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.tracking import clinical
from patients.models.patient import Patient
from patients.validation import ONE_EACH, refuse_distant
from protocol import codes


def measure(label: str) -> "models.DecimalField[Any, Any]":
    """A measured number as it was written down; blank = unknown."""
    return models.DecimalField(label, max_digits=30, decimal_places=12, null=True, blank=True)


def yes_no(label: str) -> "models.BooleanField[Any, Any]":
    """yes, no, or not known."""
    return models.BooleanField(label, null=True, blank=True)


@clinical
class Tumour(models.Model):
    """Surgery and pathology. `rupture_codes`: NULL = not known, empty = none (Nishida 2019)."""

    patient = models.OneToOneField(Patient, models.PROTECT, related_name="tumour", error_messages=ONE_EACH)
    surgery_on = models.DateField(_("surgery"), null=True, blank=True)
    resection = models.CharField(
        _("resection"), max_length=2, choices=codes.choices(codes.Resection), blank=True
    )
    tumour_site = models.CharField(
        _("site"), max_length=20, choices=codes.choices(codes.TumourSite), blank=True
    )
    tumour_size_cm = measure(_("size (cm)"))
    mitoses_per_50hpf = measure(_("mitoses per 50 HPF"))
    rupture_codes = ArrayField(
        models.CharField(max_length=2, choices=codes.choices(codes.RuptureCode)),
        verbose_name=_("rupture codes"),
        null=True,
        blank=True,
    )
    pdgfra_d842v = yes_no(_("PDGFRA D842V"))

    class Meta:
        verbose_name = _("tumour")
        verbose_name_plural = _("tumours")


@clinical
class Screening(models.Model):
    """The facts the eligibility criteria are decided from. Counts 10⁹/L, haemoglobin g/dL, the rest beside its ULN."""

    patient = models.OneToOneField(Patient, models.PROTECT, related_name="screening", error_messages=ONE_EACH)
    histology_confirmed = yes_no(_("histology confirmed"))
    cd117 = yes_no("CD117")
    dog1 = yes_no("DOG-1")
    kit_mutation = yes_no(_("KIT mutation"))
    pdgfra_mutation = yes_no(_("PDGFRA mutation"))
    ecog = models.PositiveSmallIntegerField("ECOG", null=True, blank=True)
    anc = measure("ANC (10⁹/L)")
    platelets = measure(_("platelets (10⁹/L)"))
    haemoglobin = measure(_("haemoglobin (g/dL)"))
    bilirubin = measure(_("bilirubin"))
    bilirubin_uln = measure(_("bilirubin, upper limit"))
    ast = measure("AST")
    ast_uln = measure(_("AST, upper limit"))
    alt = measure("ALT")
    alt_uln = measure(_("ALT, upper limit"))
    creatinine = measure(_("creatinine"))
    creatinine_uln = measure(_("creatinine, upper limit"))
    childbearing_potential = yes_no(_("childbearing potential"))
    pregnant_or_breastfeeding = yes_no(_("pregnant or breastfeeding"))
    contraception_agreed = yes_no(_("contraception agreed"))
    cardiovascular_event = yes_no(_("cardiovascular event"))
    cardiovascular_event_on = models.DateField(_("latest cardiovascular event"), null=True, blank=True)
    nyha_iii_iv = yes_no(_("heart failure NYHA III/IV"))
    uncontrolled_infection = yes_no(_("uncontrolled infection"))
    liver_disease = yes_no(_("liver disease"))
    stable_hepatitis_b = yes_no(_("stable chronic hepatitis B"))
    other_unsuitable_condition = yes_no(_("other unsuitable condition"))
    hiv = models.CharField("HIV", max_length=8, choices=codes.choices(codes.HivStatus), blank=True)
    other_malignancy_active = yes_no(_("other active malignancy"))
    substance_abuse = yes_no(_("alcohol or substance abuse"))

    class Meta:
        verbose_name = _("screening")
        verbose_name_plural = _("screenings")
        constraints = [
            models.CheckConstraint(name="ecog_0_to_5", condition=Q(ecog__isnull=True) | Q(ecog__lte=5)),
            models.CheckConstraint(
                name="cardiovascular_date_with_event",
                condition=Q(cardiovascular_event_on__isnull=True) | Q(cardiovascular_event=True),
            ),
        ]


@clinical
class Consent(models.Model):
    """Consent to one purpose, by the version of the form that was signed."""

    class Purpose(models.TextChoices):
        STUDY = "STUDY", _("Study")
        EXTENSION = "EXTENSION", _("IP extension")
        REMINDERS = "REMINDERS", _("Reminders by e-mail")

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
            models.UniqueConstraint(
                fields=["patient", "purpose", "version"],
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


@clinical
class Enrolment(models.Model):
    patient = models.OneToOneField(Patient, models.PROTECT, related_name="enrolment", error_messages=ONE_EACH)
    enrolled_on = models.DateField(_("enrolled on"))

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")

    def clean(self) -> None:
        refuse_distant(self, "enrolled_on")
