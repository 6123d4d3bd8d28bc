"""A patient of the trial: identity, tumour, screening, consent, enrolment, contact, outcomes, disposition."""

from patients.models.amendment import Amendment
from patients.models.course import Disposition, Outcome
from patients.models.entry import Consent, Enrolment, Screening, Tumour
from patients.models.patient import Contact, Patient, PatientQuerySet

__all__ = [
    "Amendment",
    "Consent",
    "Contact",
    "Disposition",
    "Enrolment",
    "Outcome",
    "Patient",
    "PatientQuerySet",
    "Screening",
    "Tumour",
]
