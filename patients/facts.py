"""A patient's rows as the frozen values that the rules take."""

from dataclasses import fields
from datetime import date
from typing import Any

from django.db.models import Model

from patients.models import Consent, Patient, Tumour
from patients.rules.facts import PatientFacts, PriorOrder, ScreeningFacts, TumourFacts


def patient_facts(patient: Patient) -> PatientFacts:
    """Everything eligibility is decided from."""
    enrolment = getattr(patient, "enrolment", None)
    return PatientFacts(
        subject_id=patient.subject_id,
        entry_path=patient.entry_path,
        sex=patient.sex or None,
        birth_date=patient.birth_date,
        consent_on=study_consent_on(patient),
        enrolled_on=enrolment.enrolled_on if enrolment else None,
        first_dose_on=patient.first_dose_on,
        tumour=_tumour_facts(getattr(patient, "tumour", None)),
        screening=ScreeningFacts(**_values(getattr(patient, "screening", None), ScreeningFacts)),
        prior_orders=_prior_orders(patient),
    )


def study_consent_on(patient: Patient) -> date | None:
    """The day of the first consent to the study that still stands."""
    days = [
        consent.consented_on
        for consent in patient.consents.all()
        if consent.purpose == Consent.Purpose.STUDY and consent.withdrawn_on is None
    ]
    return min(days, default=None)


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
