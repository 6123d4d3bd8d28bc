"""A patient's rows as the frozen values that the rules take."""

from dataclasses import fields
from datetime import date
from typing import Any

from django.db.models import Model

from patients.models import Consent, Patient, Screening, Tumour
from patients.rules.facts import PatientFacts, PriorOrder, ScreeningFacts, TumourFacts
from patients.rules.units import CRITERION_UNITS, in_criterion_unit


def patient_facts(patient: Patient) -> PatientFacts:
    """Everything eligibility is decided from."""
    enrolment = getattr(patient, "enrolment", None)
    return facts_at_entry(
        patient,
        getattr(patient, "tumour", None),
        getattr(patient, "screening", None),
        consent_on=study_consent_on(patient),
        enrolled_on=enrolment.enrolled_on if enrolment else None,
        prior_orders=_prior_orders(patient),
    )


def facts_at_entry(
    patient: Patient,
    tumour: Tumour | None,
    screening: Screening | None,
    *,
    consent_on: date | None,
    enrolled_on: date | None,
    prior_orders: tuple[PriorOrder, ...] = (),
) -> PatientFacts:
    """The same from records that need not be saved yet: a form being filled."""
    return PatientFacts(
        subject_id=patient.subject_id,
        entry_path=patient.entry_path,
        sex=patient.sex or None,
        birth_date=patient.birth_date,
        consent_on=consent_on,
        enrolled_on=enrolled_on,
        first_dose_on=patient.first_dose_on,
        tumour=_tumour_facts(tumour),
        screening=_screening_facts(screening),
        prior_orders=prior_orders,
    )


def study_consent_on(patient: Patient) -> date | None:
    """The day of the first consent to the study that still stands."""
    days = [
        consent.consented_on
        for consent in patient.consents.all()
        if consent.purpose == Consent.Purpose.STUDY and consent.withdrawn_on is None
    ]
    return min(days, default=None)


def _screening_facts(row: Screening | None) -> ScreeningFacts:
    """Measurements in the unit of their criterion, whatever unit they were written down in."""
    values = _values(row, ScreeningFacts)
    for name in CRITERION_UNITS:
        if row is not None:
            values[name] = in_criterion_unit(name, values[name], getattr(row, f"{name}_unit"))
    return ScreeningFacts(**values)


def _tumour_facts(row: Tumour | None) -> TumourFacts:
    values = _values(row, TumourFacts)
    codes = values.pop("rupture_codes", None)
    return TumourFacts(**values, rupture_codes=None if codes is None else tuple(codes))


def _values(row: Model | None, kind: type[TumourFacts | ScreeningFacts]) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in fields(kind)} if row is not None else {}


def _prior_orders(patient: Patient) -> tuple[PriorOrder, ...]:
    """Reached through the patient: dosing stands above this room and is not imported here."""
    orders = patient.dose_orders.all()  # prefetched where many patients are read at once
    return tuple(PriorOrder(order.from_on, tuple(order.pattern_mg), order.reason) for order in orders)
