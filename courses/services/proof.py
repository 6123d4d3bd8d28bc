"""Is what is stored what the facts say?

Every summary, and the results beside it that ask for an event, are built anew and compared, and the sums with the
summaries.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from psycopg.sql import SQL

from courses.models import CourseSummary, LabProposal
from courses.selectors import course_records, facts_of, with_course
from courses.services.lab_proposals import built_lab_proposals
from courses.services.summaries import COLUMNS, built_summary
from courses.services.tallies import SUMMED
from patients.models import Patient

_NOT_COMPARED = {"rebuilt_at"}
_SUMS_THAT_DIFFER = SQL("""
    WITH summed AS ({})
    SELECT site.code, figure, key, COALESCE(stored.n, 0), COALESCE(summed.n, 0)
    FROM summed FULL JOIN courses_tally stored USING (site_id, figure, key)
    JOIN accounts_site site ON site.id = site_id
    WHERE COALESCE(stored.n, 0) <> COALESCE(summed.n, 0) ORDER BY 1, 2, 3
""").format(SUMMED)


@dataclass(frozen=True, slots=True)
class Difference:
    """`whose`: a subject, or a site; `what`: a column, or a figure and its key."""

    whose: str
    what: str
    stored: Any
    built: Any

    def __str__(self) -> str:
        return f"{self.whose} {self.what}: stored {self.stored!r}, from the facts {self.built!r}"


@transaction.atomic
def differing_summaries(
    patient_ids: Sequence[int], *, on: date | None = None
) -> list[tuple[int, Difference]]:
    """(patient, difference) of these patients, each compared as of the day its summary stands for, or of `on`.

    The patients are held meanwhile, so that nobody changes a fact between the two looks.
    """
    patients = Patient.objects.filter(pk__in=patient_ids).order_by("pk")
    list(patients.select_for_update(no_key=True).values("pk"))
    stored = {row.patient_id: row for row in CourseSummary.objects.filter(patient__in=patient_ids)}
    records = course_records(patient_ids)
    found: list[tuple[int, Difference]] = []
    for patient in with_course(patients):
        summary = stored.get(patient.pk)
        if summary is None:
            found.append((patient.pk, Difference(patient.subject_id, "summary", None, "one")))
            continue
        built = built_summary(patient, facts_of(patient), records[patient.pk], on=on or summary.as_of)
        found += ((patient.pk, each) for each in _differences(patient.subject_id, summary, built))
    return [*found, *_differing_lab_proposals(patients)]


def differing_sums() -> list[Difference]:
    """Where the stored sums are not what the summaries add up to; one statement, so of one moment."""
    with connection.cursor() as cursor:
        cursor.execute(_SUMS_THAT_DIFFER)
        return [
            Difference(f"site {code}", f"{figure} {key}", stored, int(summed))
            for code, figure, key, stored, summed in cursor.fetchall()
        ]


def _differences(subject_id: str, stored: CourseSummary, built: CourseSummary) -> Iterator[Difference]:
    for name in COLUMNS:
        one, other = getattr(stored, name), getattr(built, name)
        if name not in _NOT_COMPARED and one != other:
            yield Difference(subject_id, name, *_where(one, other))


def _differing_lab_proposals(patients: QuerySet[Patient]) -> Iterator[tuple[int, Difference]]:
    names = dict(patients.values_list("pk", "subject_id"))
    stored = _told(LabProposal.objects.filter(patient__in=names))
    built = _told(built_lab_proposals(list(names)))
    for pk, subject_id in names.items():
        if stored[pk] != built[pk]:
            yield pk, Difference(subject_id, "results that ask for an event", stored[pk], built[pk])


def _told(proposals: Iterable[LabProposal]) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in proposals:
        found[row.patient_id].append(
            (row.test, row.term, row.collected_on, row.value, row.unit, row.grade, row.ae_no)
        )
    return defaultdict(list, {pk: sorted(rows) for pk, rows in found.items()})


def _where(one: Any, other: Any) -> tuple[Any, Any]:
    """The parts of two dictionaries that differ, or the two values."""
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return one, other
    keys = [key for key in {**one, **other} if one.get(key) != other.get(key)]
    return {key: one.get(key) for key in keys}, {key: other.get(key) for key in keys}
