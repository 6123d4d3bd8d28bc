"""Rows of courses, stored or of a past day: how they are narrowed and in which order they stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet

from accounts.models import User
from accounts.permissions import Permission
from accounts.selectors import sites_visible_to
from courses.models import CourseSummary

# What a list of courses can be sorted by, and the column it stands in.
SORTS = {
    "subject": "patient__subject_id",
    "first_dose": "first_dose_on",
    "months": "days_on_treatment",
    "adherence": "pill_count_percent",
    "grade": "worst_grade",
}
DEFAULT_SORT = "subject"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which courses; "" chooses all. `ended`: "yes" or "no"."""

    site: str = ""
    phase: str = ""
    path: str = ""
    ended: str = ""

    def where(self) -> Q:
        found = Q(days_on_treatment__isnull=False)
        if self.site:
            found &= Q(site__code=self.site)
        if self.phase:
            found &= Q(phase=self.phase)
        if self.path:
            found &= Q(patient__entry_path=self.path)
        if self.ended:
            found &= Q(treatment_ended_on__isnull=self.ended == "no")
        return found

    def holds(self, row: CourseSummary) -> bool:
        """The same of one row, for rows that are not stored."""
        has_ended = "no" if row.treatment_ended_on is None else "yes"
        asked = (
            (self.site, row.patient.site.code),
            (self.phase, row.phase),
            (self.path, row.patient.entry_path),
            (self.ended, has_ended),
        )
        return row.days_on_treatment is not None and all(not wanted or wanted == had for wanted, had in asked)


def summaries(user: User) -> QuerySet[CourseSummary]:
    """The course of every patient whose dashboard `user` may see."""
    return CourseSummary.objects.filter(site__in=list(sites_visible_to(user, Permission.VIEW_DASHBOARD)))


def in_order(rows: QuerySet[CourseSummary], sort: str) -> QuerySet[CourseSummary]:
    """By one of `SORTS`, with "-" the other way round; without a value last, then by subject id."""
    column = F(SORTS[sort.removeprefix("-")])
    placed = column.desc(nulls_last=True) if sort.startswith("-") else column.asc(nulls_last=True)
    return rows.order_by(placed, "patient__subject_id")


def sorted_rows(rows: Iterable[CourseSummary], sort: str) -> list[CourseSummary]:
    """The same of rows that are not stored."""
    path = SORTS[sort.removeprefix("-")].split("__")
    by_subject = sorted(rows, key=lambda row: row.patient.subject_id)
    known = [row for row in by_subject if _value(row, path) is not None]
    unknown = [row for row in by_subject if _value(row, path) is None]
    return sorted(known, key=lambda row: _value(row, path), reverse=sort.startswith("-")) + unknown


def _value(row: CourseSummary, path: list[str]) -> Any:
    found: Any = row
    for name in path:
        found = getattr(found, name)
    return found
