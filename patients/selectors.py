"""Patients as lists show them, always on behalf of a user."""

import re

from django.db.models.functions import Length

from accounts.models import Site, User
from patients.models import Patient, PatientQuerySet


def patients_with_summaries(user: User) -> PatientQuerySet:
    """The patients a user sees, each with site and course summary, in two tables' worth of one query."""
    patients: PatientQuerySet = Patient.objects.visible_to(user).select_related("site", "summary")
    return patients


def next_subject_id(site: Site) -> str:
    """The id after the highest number of a site: "01-005" after "01-004", "01-001" where there is none."""
    numbered = Patient.objects.filter(site=site, subject_id__regex=rf"^{re.escape(site.code)}-[0-9]+$")
    highest = numbered.order_by(Length("subject_id").desc(), "-subject_id").first()
    if highest is None:
        return f"{site.code}-001"
    prefix, number = highest.subject_id.rsplit("-", 1)
    return f"{prefix}-{int(number) + 1:0{len(number)}d}"
