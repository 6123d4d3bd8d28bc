"""The schedule of a patient, stored: the one place that makes, moves and removes planned visits."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from accounts.models import User
from audit import recording
from patients.models import Patient
from visits.models import Visit
from visits.rules.schedule import ProjectedVisit
from visits.selectors.schedules import Stored, Wanted, stored_visits, wanted_visits

REASON = gettext_noop("Schedule projected from the protocol")
PATIENTS_A_BATCH = 500
VISITS_A_STATEMENT = (
    500  # the database compares every row with every one of the statement: longer ones take longer
)
_WINDOW = ("visitnum", "target_on", "opens_on", "closes_on")
# Nothing has been said of it: it may be taken back when the schedule no longer has a place for it.
_UNTOUCHED = Q(occurred_on=None, not_done=False, did_not_come=False, booked_on=None, revision=0)


@transaction.atomic
def project_visits(*, by: User, patient_ids: Sequence[int]) -> None:
    """Make the stored schedules of these patients equal to what the protocol says; idempotent.

    What has happened, or was booked, is never moved or removed: only target and window follow the anchors.
    """
    with recording(by=by, reason=REASON):
        for start in range(0, len(patient_ids), PATIENTS_A_BATCH):
            _project_batch(patient_ids[start : start + PATIENTS_A_BATCH])


def _project_batch(patient_ids: Sequence[int]) -> None:
    patients = Patient.objects.filter(pk__in=patient_ids).select_related("enrolment")
    stored = stored_visits(patient_ids)
    wanted = wanted_visits(patients, stored)
    _create(stored, wanted)
    _move(stored, wanted)
    _remove(stored, wanted)


def _create(stored: Stored, wanted: Wanted) -> None:
    missing = [
        Visit(patient_id=pk, visit=code, **_fields(projected))
        for pk, visits in wanted.items()
        for code, projected in visits.items()
        if code not in stored[pk]
    ]
    if missing:
        Visit.objects.bulk_create(missing)


def _move(stored: Stored, wanted: Wanted) -> None:
    moved = []
    for pk, visits in stored.items():
        for code, visit in visits.items():
            fields = _fields(wanted.get(pk, {}).get(code))
            if any(getattr(visit, name) != value for name, value in fields.items()):
                vars(visit).update(fields)
                moved.append(visit)
    if moved:
        Visit.objects.bulk_update(moved, _WINDOW, batch_size=VISITS_A_STATEMENT)


def _remove(stored: Stored, wanted: Wanted) -> None:
    gone = [
        v.pk for pk, visits in stored.items() for code, v in visits.items() if code not in wanted.get(pk, {})
    ]
    if gone:
        Visit.objects.filter(_UNTOUCHED, pk__in=gone).filter(assessment=None).delete()


def _fields(projected: ProjectedVisit | None) -> dict[str, object]:
    if projected is None:  # recorded although the schedule has no place for it: it keeps its number
        return {"target_on": None, "opens_on": None, "closes_on": None}
    return {
        "visitnum": projected.number,
        "target_on": projected.target_on,
        "opens_on": projected.opens_on,
        "closes_on": projected.closes_on,
    }
