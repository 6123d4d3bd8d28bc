"""Patients as lists show them, always on behalf of a user."""

import re

from django.db.models import DateField, OuterRef, Subquery
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce, Length

from accounts.models import Site, User
from patients.models import Patient, PatientQuerySet


def patients_with_summaries(user: User) -> PatientQuerySet:
    """The patients a user sees, each with site, course summary and the booking of the next visit, in one query."""
    patients: PatientQuerySet = Patient.objects.visible_to(user).select_related("site", "summary")
    booking = Patient.objects.filter(pk=OuterRef("pk"), visits__visit=OuterRef("next_visit_code"))
    visit = KeyTransform("next_visit", "summary__payload")
    target_on = Cast(KeyTextTransform("target_on", visit), DateField())
    return patients.annotate(
        next_visit_code=KeyTextTransform("visit", visit),
        booked_on=Subquery(booking.values("visits__booked_on")[:1]),
        booked_time=Subquery(booking.values("visits__booked_time")[:1]),
        next_visit_on=Coalesce("booked_on", target_on),
    )


def next_subject_id(site: Site) -> str:
    """The id after the highest number of a site: "01-005" after "01-004", "01-001" where there is none."""
    numbered = Patient.objects.filter(site=site, subject_id__regex=rf"^{re.escape(site.code)}-[0-9]+$")
    highest = numbered.order_by(Length("subject_id").desc(), "-subject_id").first()
    if highest is None:
        return f"{site.code}-001"
    prefix, number = highest.subject_id.rsplit("-", 1)
    return f"{prefix}-{int(number) + 1:0{len(number)}d}"
