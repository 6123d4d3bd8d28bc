"""A patient of the trial: identity, entry, consents, the kept assessments, contact, outcomes, disposition."""

from patients.models.amendment import Amendment
from patients.models.consent import Consent, ConsentVersion
from patients.models.course import Disposition, Outcome
from patients.models.eligibility import EligibilityRecord
from patients.models.entry import Enrolment, Screening, Tumour
from patients.models.patient import Contact, Patient, PatientQuerySet

__all__ = [
    "Amendment",
    "Consent",
    "ConsentVersion",
    "Contact",
    "Disposition",
    "EligibilityRecord",
    "Enrolment",
    "Outcome",
    "Patient",
    "PatientQuerySet",
    "Screening",
    "Tumour",
]
