"""Whom an amendment concerns, and what it would do to their visits: read in a number of queries that does not grow."""

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import date
from enum import StrEnum
from typing import Self

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Site
from patients.models import Disposition, Outcome, Patient
from protocol.codes import DispositionRecord, OutcomeKind
from protocol.versions import amends
from visits.models import Visit
from visits.rules.amendment import Side, VisitChange, VisitFacts, visit_changes
from visits.rules.schedule import ProjectedVisit
from visits.rules.status import VisitContext, VisitRecord, visit_context
from visits.selectors.schedules import stored_visits, wanted_visits


class LeftOut(StrEnum):
    """Why a patient stays on the version they are on."""

    ALREADY = "ALREADY"
    GONE = "GONE"
    OTHER_VERSION = "OTHER_VERSION"
    LATER_AMENDED = "LATER_AMENDED"

    @classmethod
    def of_version(cls, current: str, version: str) -> Self | None:
        if current == version:
            return cls("ALREADY")
        return None if amends(version, current) else cls("OTHER_VERSION")

    @classmethod
    def of(cls, patient: Patient, version: str, effective_on: date) -> Self | None:
        """None: the patient is brought onto `version`. Takes patients of `amendable`."""
        why = cls.of_version(patient.protocol_version, version)
        if why is not None:
            return why
        if patient.is_gone:  # type: ignore[attr-defined]  # set by amendable
            return cls("GONE")
        last_on = max(patient.amended_on, default=date.min)
        return cls("LATER_AMENDED") if effective_on < last_on else None


def amendable(site: Site, patient: Patient | None = None) -> QuerySet[Patient]:
    """The patients of a site (or the one), each with whether they have died or left the study."""
    patients = Patient.objects.filter(site=site).select_related("enrolment", "site").order_by("subject_id")
    if patient is not None:
        patients = patients.filter(pk=patient.pk)
    left = Disposition.objects.filter(patient=OuterRef("pk"), record=DispositionRecord.PARTICIPATION)
    died = Outcome.objects.filter(patient=OuterRef("pk"), kind=OutcomeKind.DEATH)
    amended: QuerySet[Patient] = patients.annotate(is_gone=Exists(left) | Exists(died))
    return amended


def amended(patient: Patient, version: str, effective_on: date) -> Patient:
    """The patient as they will be, not saved."""
    later = copy(patient)
    later.protocol_version = version
    later.earlier_versions = [*patient.earlier_versions, patient.protocol_version]
    later.amended_on = [*patient.amended_on, effective_on]
    return later


def changes_of(
    patients: Sequence[Patient], version: str, effective_on: date, *, on: date
) -> dict[int, tuple[VisitChange, ...]]:
    """What would change for each of these patients, by primary key; computed by what projects the schedule."""
    stored = stored_visits([patient.pk for patient in patients])
    later = [amended(patient, version, effective_on) for patient in patients]
    wanted = wanted_visits(later, stored)
    ends, deaths = _ends(patients), _deaths(patients)
    return {
        before.pk: visit_changes(
            Side(_windows(before, stored[before.pk]), _context(before, ends, deaths)),
            Side(wanted[before.pk], _context(after, ends, deaths)),
            _facts(stored[before.pk]),
            on=on,
        )
        for before, after in zip(patients, later, strict=True)
    }


def _windows(patient: Patient, visits: Mapping[str, Visit]) -> dict[str, ProjectedVisit]:
    """The stored schedule, of the visits that have a place in it."""
    return {
        code: ProjectedVisit(
            code,
            row.visitnum,
            row.target_on,
            row.opens_on,
            row.closes_on,
            patient.protocol.visit(code).anchor,
        )
        for code, row in visits.items()
        if row.target_on is not None and row.opens_on is not None and row.closes_on is not None
    }


def _facts(visits: Mapping[str, Visit]) -> dict[str, VisitFacts]:
    return {
        code: VisitFacts(VisitRecord(code, row.occurred_on, row.not_done), row.booked_on, row.revision)
        for code, row in visits.items()
    }


def _context(
    patient: Patient, ends: Mapping[tuple[int, str], date | None], deaths: Mapping[int, date]
) -> VisitContext:
    enrolment = getattr(patient, "enrolment", None)
    return visit_context(
        entry_path=patient.entry_path,
        enrolled_on=enrolment.enrolled_on if enrolment else None,
        first_dose_on=patient.first_dose_on,
        treatment_ended_on=ends.get((patient.pk, DispositionRecord.TREATMENT)),
        died_on=deaths.get(patient.pk),
        participation_ended_on=ends.get((patient.pk, DispositionRecord.PARTICIPATION)),
        regimen=patient.protocol.regimen,
    )


def _ends(patients: Sequence[Patient]) -> dict[tuple[int, str], date | None]:
    """The day of each end: of treatment the last dose, of participation the day itself."""
    rows = Disposition.objects.filter(patient__in=patients)
    is_treatment = DispositionRecord.TREATMENT
    return {
        (row.patient_id, row.record): row.last_dose_on if row.record == is_treatment else row.ended_on
        for row in rows
    }


def _deaths(patients: Sequence[Patient]) -> dict[int, date]:
    deaths = Outcome.objects.filter(patient__in=patients, kind=OutcomeKind.DEATH).order_by("-on")
    return dict(deaths.values_list("patient_id", "on"))
