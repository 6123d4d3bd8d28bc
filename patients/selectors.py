"""Patients as lists show them, always on behalf of a user."""

from accounts.models import User
from patients.models import Patient, PatientQuerySet


def patients_with_summaries(user: User) -> PatientQuerySet:
    """The patients a user sees, each with site and course summary, in two tables' worth of one query."""
    patients: PatientQuerySet = Patient.objects.visible_to(user).select_related("site", "summary")
    return patients
