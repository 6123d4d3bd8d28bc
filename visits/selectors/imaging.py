"""Scans as pages see them: those of one patient, and those somebody has to ask for."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from accounts.models import User
from accounts.permissions import Permission
from patients.models import Outcome, Patient
from protocol.codes import OutcomeKind
from protocol.definition import Protocol
from protocol.versions import available_versions
from visits.models import UNSCHEDULED, Visit
from visits.rules.imaging import (
    ASSESSMENTS,
    LOOK_BACK,
    WITHOUT_SCAN,
    Gap,
    Scan,
    asks_for_scan,
    gap_limit_on,
    gaps,
    scans,
)
from visits.rules.schedule import ProjectedVisit
from visits.selectors.status import projected, status_on, still_expected, with_context


@dataclass(frozen=True, slots=True)
class Imaging:
    scans: tuple[Scan, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class ImagingDue:
    """A scan whose target has passed, or (`is_gap`) nobody has looked for longer than the protocol allows."""

    patient: Patient
    code: str
    target_on: date
    opens_on: date
    closes_on: date
    last_on: date | None
    is_gap: bool


def imaging_of(patient: Patient, *, on: date) -> Imaging:
    """Every scan the schedule asks this patient for, until a recurrence."""
    protocol = patient.protocol
    assessed = _assessed(patient, on)
    recurrence_on = _recurrence_on(patient, on)
    follow_up = protocol.follow_up
    entry_on = _entry_on(patient)
    windows = _scanned_visits(patient, protocol, recurrence_on, on)
    found = () if entry_on is None else gaps(entry_on, assessed, follow_up, until=recurrence_on, on=on)
    return Imaging(scans(windows, assessed, follow_up, on=on), found)


def _assessed(patient: Patient, on: date) -> list[date]:
    rows = Outcome.objects.filter(patient=patient, kind__in=ASSESSMENTS, on__lte=on)
    return list(rows.values_list("on", flat=True))


def _recurrence_on(patient: Patient, on: date) -> date | None:
    rows = Outcome.objects.filter(patient=patient, kind=OutcomeKind.RECURRENCE, on__lte=on)
    return rows.order_by("on").values_list("on", flat=True).first()


def _entry_on(patient: Patient) -> date | None:
    """From here on the study looks: the scan at entry is the first."""
    enrolment = getattr(patient, "enrolment", None)
    days = [day for day in (patient.first_dose_on, enrolment and enrolment.enrolled_on) if day]
    return max(days, default=None)


def _scanned_visits(
    patient: Patient, protocol: Protocol, recurrence_on: date | None, on: date
) -> list[ProjectedVisit]:
    codes = [visit.code for visit in protocol.schedule if asks_for_scan(visit)]
    rows = with_context(Visit.objects.filter(patient=patient, visit__in=codes), on=on).order_by("target_on")
    found = [(row, window) for row in rows if (window := projected(row)) is not None and not window.is_entry]
    return [
        window
        for row, window in found
        if status_on(row, on=on) not in WITHOUT_SCAN
        and (recurrence_on is None or window.target_on <= recurrence_on)
    ]


def imaging_due(user: User, *, on: date, among: QuerySet[Patient] | None = None) -> list[ImagingDue]:
    """Of the patients on the user's worklist, the longest waiting first; one line a patient."""
    patients = among if among is not None else Patient.objects.visible_to(user, Permission.VIEW_WORKLIST)
    latest: dict[int, ImagingDue] = {}
    for row in _late(patients, on):
        due = _due(row, on)
        if due is not None:
            latest[row.patient_id] = due  # ordered by target: the last one stands
    return sorted(latest.values(), key=lambda due: (due.target_on, due.patient.subject_id))


def _late(patients: QuerySet[Patient], on: date) -> QuerySet[Visit]:
    """Visits with a scan whose target has passed, since which nobody has looked, and no recurrence is known."""
    outcomes = Outcome.objects.filter(patient=OuterRef("patient"), on__lte=on)
    last = outcomes.filter(kind__in=ASSESSMENTS).order_by("-on").values("on")[:1]
    visits = Visit.objects.filter(
        patient__in=patients.values("pk"),
        visit__in=_scan_codes(),
        target_on__range=(on - LOOK_BACK, on - timedelta(days=1)),
    ).exclude(visit=UNSCHEDULED)
    return (
        with_context(visits, on=on)
        .filter(still_expected(on=on))
        .exclude(Exists(outcomes.filter(kind=OutcomeKind.RECURRENCE)))
        .annotate(last_scan_on=Subquery(last))
        .order_by("target_on")
    )


def _scan_codes() -> set[str]:
    """Of every version of the protocol: only to narrow the search."""
    return {
        visit.code for version in available_versions() for visit in version.schedule if asks_for_scan(visit)
    }


def _due(row: Visit, on: date) -> ImagingDue | None:
    window, patient = projected(row), row.patient
    protocol = patient.protocol
    if window is None or window.is_entry or not asks_for_scan(protocol.visit(row.visit)):
        return None
    if status_on(row, on=on) in WITHOUT_SCAN:
        return None
    (scan,) = scans([window], filter(None, [row.last_scan_on]), protocol.follow_up, on=on)  # type: ignore[attr-defined]
    if row.last_scan_on is not None and row.last_scan_on >= scan.opens_on:  # type: ignore[attr-defined]
        return None
    from_on = row.last_scan_on or _entry_on(patient)  # type: ignore[attr-defined]
    return ImagingDue(
        patient=patient,
        code=row.visit,
        target_on=scan.target_on,
        opens_on=scan.opens_on,
        closes_on=scan.closes_on,
        last_on=row.last_scan_on,  # type: ignore[attr-defined]
        is_gap=from_on is not None and on > gap_limit_on(from_on, protocol.follow_up),
    )
