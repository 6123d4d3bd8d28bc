"""The dashboard on a day: today from what is stored, any past day from the facts known then.

Both answer the same questions, so the pages do not know which of them they show.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date
from functools import cached_property, lru_cache
from itertools import chain

from django.conf import settings
from django.db.models import QuerySet

from accounts.models import User
from accounts.permissions import Permission
from courses.models import CourseSummary, PastTally
from courses.rules.tally import Tallies
from courses.selectors import (
    course_records,
    facts_of,
    past_tally,
    sums_at,
    tally_revisions,
    with_course,
)
from courses.selectors.tallies import Revisions
from courses.services import built_summary
from dashboard.measures import Measure
from dashboard.rules.figures import Figures, figures_of
from dashboard.selectors.courses import Choice, in_order, sorted_rows, summaries
from patients.models import Patient
from protocol import CURRENT_VERSION, Protocol, load_protocol
from protocol.versions import newest

Courses = Sequence[CourseSummary] | QuerySet[CourseSummary]
FIGURES_KEPT = 8  # for so many groups of sites


class Day(ABC):
    """What a person sees of the courses on a day."""

    is_past: bool
    has_rows = True  # single courses can be shown, not only their sums

    def __init__(self, user: User, on: date) -> None:
        self.user, self.on = user, on

    @property
    @abstractmethod
    def figures(self) -> Figures: ...

    @abstractmethod
    def behind(self, measure: Measure) -> Courses:
        """The courses a number is counted from, by subject id."""

    @abstractmethod
    def chosen(self, choice: Choice, sort: str) -> Courses:
        """The courses that have begun, narrowed and in an order of `SORTS`."""

    @abstractmethod
    def lowest(self, count: int) -> Courses:
        """So many courses with the lowest adherence by pill count, of those that can be evaluated."""

    @property
    @abstractmethod
    def not_counted(self) -> int:
        """Patients whose course is still to be put together."""

    @cached_property
    def protocol(self) -> Protocol:
        """What numbers over many patients are measured against: the newest version that one of them is on."""
        return load_protocol(newest(self.figures.tallies.of("protocol")) or CURRENT_VERSION)


class Today(Day):
    is_past = False

    @cached_property
    def figures(self) -> Figures:
        return _figures_at(tally_revisions(self.user))

    def behind(self, measure: Measure) -> QuerySet[CourseSummary]:
        return in_order(self._rows().filter(measure.where), "subject")

    def chosen(self, choice: Choice, sort: str) -> QuerySet[CourseSummary]:
        return in_order(self._rows().filter(choice.where()), sort)

    def lowest(self, count: int) -> QuerySet[CourseSummary]:
        rows = self._rows().filter(pill_count_percent__isnull=False)
        return rows.order_by("pill_count_percent", "patient_id")[:count]

    @cached_property
    def not_counted(self) -> int:
        patients = Patient.objects.visible_to(self.user, Permission.VIEW_DASHBOARD)
        return max(int(patients.count()) - self.figures.cut_off.patients, 0)

    def _rows(self) -> QuerySet[CourseSummary]:
        return summaries(self.user).select_related("patient__site")


class PastDay(Day):
    """Built anew from the facts of every patient: a day of the past is asked seldom, and its facts may be corrected."""

    is_past = True
    not_counted = 0

    @cached_property
    def figures(self) -> Figures:
        rows = chain.from_iterable(Tallies(row.tallied or {}).rows() for row in self.courses)
        return figures_of(Tallies.of_rows(rows))

    def behind(self, measure: Measure) -> list[CourseSummary]:
        found = [row for row in self.courses if measure.counted.of_patient(row.tallied)]
        return sorted_rows(found, "subject")

    def chosen(self, choice: Choice, sort: str) -> list[CourseSummary]:
        return sorted_rows(filter(choice.holds, self.courses), sort)

    def lowest(self, count: int) -> list[CourseSummary]:
        evaluable = [row for row in self.courses if row.pill_count_percent is not None]
        return sorted_rows(evaluable, "adherence")[:count]

    @cached_property
    def courses(self) -> list[CourseSummary]:
        return courses_on(Patient.objects.visible_to(self.user, Permission.VIEW_DASHBOARD), self.on)


def courses_on(patients: QuerySet[Patient], on: date) -> list[CourseSummary]:
    """The courses of these patients put together for a day; whom a person sees was decided by the caller."""
    loaded = list(with_course(patients).select_related("site"))
    records = course_records([patient.pk for patient in loaded])
    return [built_summary(each, facts_of(each), records[each.pk], on=on) for each in loaded]


class PastSums(Day):
    """Of more patients than a person can wait for: what a worker has built, and no single courses."""

    is_past = True
    has_rows = False
    not_counted = 0

    @cached_property
    def past(self) -> PastTally | None:
        """How far the building is; None: nobody has asked for this day yet."""
        return past_tally(self.user, on=self.on)

    @cached_property
    def figures(self) -> Figures:
        """Of nobody while it is being built."""
        return figures_of((self.past.tallies if self.past else None) or Tallies())

    def behind(self, measure: Measure) -> list[CourseSummary]:
        return []

    def chosen(self, choice: Choice, sort: str) -> list[CourseSummary]:
        return []

    def lowest(self, count: int) -> list[CourseSummary]:
        return []


def day_of(user: User, on: date, *, today: date) -> Day:
    if on >= today:
        return Today(user, on)
    patients = Patient.objects.visible_to(user, Permission.VIEW_DASHBOARD).count()
    return PastDay(user, on) if patients <= settings.PAST_PATIENTS_IN_A_REQUEST else PastSums(user, on)


@lru_cache(maxsize=FIGURES_KEPT)
def _figures_at(revisions: Revisions) -> Figures:
    return figures_of(sums_at(revisions))
