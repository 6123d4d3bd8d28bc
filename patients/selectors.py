"""Patients as lists show them, always on behalf of a user."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import DateField, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce, Length

from accounts.models import Site, User
from accounts.permissions import Permission
from patients.models import (
    Consent,
    ConsentVersion,
    Disposition,
    EligibilityRecord,
    Outcome,
    Patient,
    PatientQuerySet,
)
from patients.rules.consents import Due, FormVersion, SignedConsent
from patients.rules.consents import consents_due as due_by_rule
from protocol.codes import DispositionReason, DispositionRecord, OutcomeKind


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


def with_number_like(patients: QuerySet[Patient], text: str) -> QuerySet[Patient]:
    """Those whose subject id begins with a text, which an index finds; where none does, those that have it inside."""
    beginning = patients.filter(subject_id__istartswith=text)
    return beginning if beginning.exists() else patients.filter(subject_id__icontains=text)


def next_subject_id(site: Site) -> str:
    """The id after the highest number of a site: "01-005" after "01-004", "01-001" where there is none."""
    numbered = Patient.objects.filter(site=site, subject_id__regex=rf"^{re.escape(site.code)}-[0-9]+$")
    highest = numbered.order_by(Length("subject_id").desc(), "-subject_id").first()
    if highest is None:
        return f"{site.code}-001"
    prefix, number = highest.subject_id.rsplit("-", 1)
    return f"{prefix}-{int(number) + 1:0{len(number)}d}"


# No protocol has an extension so soon after the first dose: only to narrow the search.
BEFORE_ANY_EXTENSION = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class ConsentDue:
    """A consent somebody has to see to; `why` is a sentence of the catalogue."""

    patient: Patient
    purpose: str
    version: str
    due_on: date
    why: str


def consents_due(user: User, *, on: date, among: QuerySet[Patient] | None = None) -> list[ConsentDue]:
    """Of every patient in the study whom `user` finds on the worklist, or of those `among`, the longest due first."""
    seen = Patient.objects.visible_to(user, Permission.VIEW_WORKLIST) if among is None else among
    patients = seen.filter(_in_study(on))
    forms = list(ConsentVersion.objects.filter(in_force_on__lte=on))
    found = [
        ConsentDue(patient, due.purpose, due.version, due.due_on, due.why)
        for patient in _with_consents(patients.filter(_may_be_due(forms, on)))
        for due in _due_of(patient, forms, on)
    ]
    return sorted(found, key=lambda due: (due.due_on, due.patient.subject_id))


def consents_due_of(patient: Patient, *, on: date) -> tuple[Due, ...]:
    """The same for one patient whom the caller has already been shown."""
    found = _with_consents(Patient.objects.filter(_in_study(on), pk=patient.pk)).first()
    return _due_of(found, list(ConsentVersion.objects.all()), on) if found else ()


def _in_study(on: date) -> Q:
    left = Disposition.objects.filter(
        patient=OuterRef("pk"), record=DispositionRecord.PARTICIPATION, ended_on__lte=on
    )
    died = Outcome.objects.filter(patient=OuterRef("pk"), kind=OutcomeKind.DEATH, on__lte=on)
    return Q(enrolment__enrolled_on__lte=on) & ~Exists(left) & ~Exists(died)


def _may_be_due(forms: Iterable[ConsentVersion], on: date) -> Q:
    """Only to narrow the search: who has signed everything there is stands aside."""
    signed = Consent.objects.filter(patient=OuterRef("pk"))
    found = Q(~Exists(signed.filter(purpose=Consent.Purpose.STUDY)))
    begun = Q(first_dose_on__lte=on - BEFORE_ANY_EXTENSION)
    found |= Q(~Exists(signed.filter(purpose=Consent.Purpose.EXTENSION))) & begun
    for form in forms:
        if form.asks_again:
            newer = signed.filter(purpose=form.purpose, consented_on__gte=form.in_force_on)
            found |= Q(~Exists(newer)) & (Q(site=form.site_id) if form.site_id else Q())
    return found


def _with_consents(patients: QuerySet[Patient]) -> QuerySet[Patient]:
    ended = Disposition.objects.filter(patient=OuterRef("pk"), record=DispositionRecord.TREATMENT)
    return (
        patients.select_related("site", "enrolment")
        .prefetch_related("consents")
        .annotate(treatment_ended_on=Subquery(ended.values("last_dose_on")[:1]))
    )


def _due_of(patient: Patient, forms: Iterable[ConsentVersion], on: date) -> tuple[Due, ...]:
    return due_by_rule(
        [
            SignedConsent(row.purpose, row.version, row.consented_on, row.withdrawn_on)
            for row in patient.consents.all()
        ],
        [
            FormVersion(form.purpose, form.version, form.in_force_on, form.asks_again)
            for form in forms
            if form.site_id in (patient.site_id, None)
        ],
        enrolled_on=patient.enrolment.enrolled_on,
        first_dose_on=patient.first_dose_on,
        treatment_ended_on=patient.treatment_ended_on,  # type: ignore[attr-defined]  # set by _with_consents
        regimen=patient.protocol.regimen,
        on=on,
    )


def form_versions(patient: Patient) -> QuerySet[ConsentVersion]:
    """The versions of forms at the patient's site, the newest first."""
    here = Q(site=patient.site) | Q(site=None)
    return ConsentVersion.objects.filter(here).order_by("-in_force_on")


def consents_of(patient: Patient) -> QuerySet[Consent]:
    return Consent.objects.filter(patient=patient).order_by("consented_on", "purpose")


def kept_assessments(patient: Patient) -> QuerySet[EligibilityRecord]:
    return EligibilityRecord.objects.filter(patient=patient).select_related("assessed_by")


def is_screen_failure(patient: Patient) -> bool:
    return patient.dispositions.filter(reason=DispositionReason.SCREEN_FAILURE).exists()
