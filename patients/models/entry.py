"""What stood at entry: tumour and surgery, screening, consent, enrolment."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
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


def unit_of_measure(label: str, *others: str) -> "models.CharField[Any, Any]":
    """The unit a value was written down in; blank is the one that the criterion (or its upper limit) is given in."""
    return models.CharField(
        label, max_length=10, blank=True, db_default="", choices=[(unit, unit) for unit in others]
    )


@clinical
class Tumour(models.Model):
    """Surgery and pathology. `rupture_codes`: NULL = not known, empty = none (Nishida 2019)."""

    patient = models.OneToOneField(Patient, models.PROTECT, related_name="tumour", error_messages=ONE_EACH)
    surgery_on = models.DateField(_("surgery"), null=True, blank=True)
    resection = models.CharField(
        _("resection"), max_length=2, choices=codes.choices(codes.Resection), blank=True
    )
    tumour_site = models.CharField(
        _("tumour site"), max_length=20, choices=codes.choices(codes.TumourSite), blank=True
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
    """The facts the eligibility criteria are decided from, as they were written down.

    Counts in 10⁹/L and haemoglobin in g/dL unless their unit says otherwise; the rest in the unit of its upper limit.
    """

    patient = models.OneToOneField(Patient, models.PROTECT, related_name="screening", error_messages=ONE_EACH)
    histology_confirmed = yes_no(_("histology confirmed"))
    cd117 = yes_no("CD117")
    dog1 = yes_no("DOG-1")
    kit_mutation = yes_no(_("KIT mutation"))
    pdgfra_mutation = yes_no(_("PDGFRA mutation"))
    ecog = models.PositiveSmallIntegerField("ECOG", null=True, blank=True)
    anc = measure("ANC")
    platelets = measure(_("platelets"))
    haemoglobin = measure(_("haemoglobin"))
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
    # Until the first dose is taken the planned day stands in for it.
    planned_start_on = models.DateField(_("planned first dose"), null=True, blank=True)
    labs_collected_on = models.DateField(_("laboratory values of"), null=True, blank=True)
    pregnancy_test_on = models.DateField(_("pregnancy test of"), null=True, blank=True)
    neoadjuvant_imatinib = yes_no(_("imatinib before surgery"))
    longest_interruption_days = models.PositiveSmallIntegerField(
        _("longest interruption of imatinib (days)"), null=True, blank=True
    )
    anc_unit = unit_of_measure(_("unit of ANC"), "/mm³")
    platelets_unit = unit_of_measure(_("unit of platelets"), "/mm³")
    haemoglobin_unit = unit_of_measure(_("unit of haemoglobin"), "g/L")
    bilirubin_unit = unit_of_measure(_("unit of bilirubin"), "mg/dL", "µmol/L")
    creatinine_unit = unit_of_measure(_("unit of creatinine"), "mg/dL", "µmol/L")

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
class Enrolment(models.Model):
    patient = models.OneToOneField(Patient, models.PROTECT, related_name="enrolment", error_messages=ONE_EACH)
    enrolled_on = models.DateField(_("enrolled on"))

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")

    def clean(self) -> None:
        refuse_distant(self, "enrolled_on")
