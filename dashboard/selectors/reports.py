"""Reports to the committee that a person may read, and the day that one of them is made of."""

from collections.abc import Callable
from datetime import date
from functools import cached_property

from django.db.models import QuerySet

from accounts.models import User
from accounts.permissions import Permission
from accounts.selectors import sites_visible_to
from courses.models import CourseSummary
from dashboard.models import CommitteeReport
from dashboard.rules.making import ReportState
from dashboard.selectors.day import PastDay, courses_on
from patients.models import Patient

COURSES_A_BATCH = 250
Progress = Callable[[int, int], None]


def reports(user: User) -> QuerySet[CommitteeReport]:
    """Those about sites that `user` may see all of, the latest first; without their files."""
    sites = list(sites_visible_to(user, Permission.VIEW_DASHBOARD).values_list("pk", flat=True))
    found = CommitteeReport.objects.filter(site_ids__contained_by=sites)
    return found.defer("pdf").select_related("requested_by")


def unfinished_reports() -> QuerySet[CommitteeReport]:
    """What a worker has yet to make, whoever asked for it."""
    return CommitteeReport.objects.filter(state__in=(ReportState.WAITING, ReportState.RUNNING))


class ReportedDay(PastDay):
    """A day of the courses of some sites, read a batch at a time: always from facts, so that it can be had again."""

    def __init__(self, user: User, on: date, site_ids: list[int], progress: Progress) -> None:
        super().__init__(user, on)
        self.site_ids, self.progress = site_ids, progress

    @cached_property
    def courses(self) -> list[CourseSummary]:
        patients = Patient.objects.filter(site__in=self.site_ids).order_by("subject_id")
        ids = list(patients.values_list("pk", flat=True))
        found: list[CourseSummary] = []
        for start in range(0, len(ids), COURSES_A_BATCH):
            batch = patients.filter(pk__in=ids[start : start + COURSES_A_BATCH])
            found += courses_on(batch, self.on)
            self.progress(len(found), len(ids))
        return found
