"""Schedules projected from the protocol and stored, beside a bare COPY of the same rows."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from accounts.models import Site, User
from audit import recording
from benchmarks.clock import Spent, least, stopwatch
from benchmarks.databases import database_copy
from benchmarks.figures import Figure, beside, same, timed
from benchmarks.plain_copy import Copied, copy_stored
from patients.models import Enrolment, Patient
from protocol.codes import EntryPath
from visits.models import Visit
from visits.services import project_visits

NEWCOMERS = 5  # one after the other: the quickest of them


def measure(patients: int, *, on: date, times: int) -> Iterator[Figure]:
    """In copies of the empty database the connection is to."""
    figure = partial(Figure, "schedules", patients)
    rounds = [_round(patients, on) for _ in range(times)]
    took, again, one = (least(spent) for spent in zip(*(spent for spent, *_ in rounds), strict=True))
    _, visits, plain = rounds[-1]
    yield figure("visits stored", "rows", same(visits, plain.rows))
    yield from timed(figure, "projected and stored", "ms/patient", took, patients)
    yield from timed(figure, "bare COPY of them", "ms/patient", plain.spent, patients)
    yield from beside(figure, "schedules : bare COPY", took, plain.spent)
    yield from timed(figure, "once more, nothing to change", "ms/patient", again, patients)
    yield from timed(figure, "one patient alone", "ms/patient", one)


def _round(patients: int, on: date) -> tuple[tuple[Spent, Spent, Spent], int, Copied]:
    """(the time for all, for all again, for one more), the visits stored for all, and their COPY."""
    with database_copy("schedules"):
        system = User.objects.system()
        *known, first, second, third, fourth, fifth = _enrolled(patients + NEWCOMERS, on, system)
        took = _projected(system, known)
        visits, plain = Visit.objects.count(), copy_stored([Visit._meta.db_table])
        again = _projected(system, known)
        one = least(_projected(system, [pk]) for pk in (first, second, third, fourth, fifth))
    return (took, again, one), visits, plain


def _enrolled(patients: int, on: date, system: User) -> list[int]:
    """Patients with what a schedule hangs on: first doses up to five years ago, most of them of new starters."""
    with recording(by=system, reason="Benchmark"):
        site = Site.objects.create(code="01")
        rows = Patient.objects.bulk_create(
            Patient(
                subject_id=f"01-{number:06d}",
                site=site,
                entry_path=EntryPath.ALREADY_TREATED if number % 5 < 2 else EntryPath.NEW_START,
                first_dose_on=on - timedelta(days=number % 1800 + 1),
            )
            for number in range(patients)
        )
        Enrolment.objects.bulk_create(Enrolment(patient=row, enrolled_on=row.first_dose_on) for row in rows)
    return [row.pk for row in rows]


def _projected(system: User, patient_ids: list[int]) -> Spent:
    with stopwatch() as spent:
        project_visits(by=system, patient_ids=patient_ids)
    return spent
