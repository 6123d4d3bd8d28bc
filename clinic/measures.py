"""Doubts about what was measured at a visit, in words."""

from collections.abc import Iterator
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic.rules.plausible import (
    USUAL_WEIGHT_KG,
    is_pressure_turned_round,
    is_sudden_change,
    is_unusual_weight,
)
from patients.models import Patient
from patients.words import plain
from visits.models import Assessment
from visits.services import AssessmentValues


def measure_doubts(patient: Patient, seen_on: date, values: AssessmentValues) -> Iterator[str]:
    if values.weight_kg is not None:
        yield from _weight_doubts(patient, seen_on, values)
    pressure = (values.systolic_mmhg, values.diastolic_mmhg)
    if None not in pressure and is_pressure_turned_round(*pressure):
        numbers = dict(zip(("systolic", "diastolic"), pressure, strict=True))
        yield _("The systolic pressure, %(systolic)s, is not above the diastolic, %(diastolic)s.") % numbers


def _weight_doubts(patient: Patient, seen_on: date, values: AssessmentValues) -> Iterator[str]:
    kg, (lightest, heaviest) = values.weight_kg, USUAL_WEIGHT_KG
    if is_unusual_weight(kg):
        limits = {"kg": plain(kg), "low": lightest, "high": heaviest}
        yield _("%(kg)s kg is an unusual weight: under %(low)s or over %(high)s kg.") % limits
    earlier = Assessment.objects.filter(visit__patient=patient, visit__occurred_on__lt=seen_on)
    last = earlier.exclude(weight_kg=None).select_related("visit").order_by("-visit__occurred_on").first()
    if last is not None and is_sudden_change(kg, last.weight_kg):
        before = {"kg": plain(kg), "last": plain(last.weight_kg), "day": date_format(last.visit.occurred_on)}
        yield _("%(kg)s kg is more than a tenth off the last weight, %(last)s kg on %(day)s.") % before
