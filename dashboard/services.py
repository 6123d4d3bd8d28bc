"""Reports to the committee: asked for by a person, made by the worker, kept with their hash."""

import hashlib
import logging
from collections.abc import Sequence
from datetime import date

from celery import current_app
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.access import require
from accounts.models import Site, User
from accounts.permissions import Permission
from accounts.selectors import sites_visible_to
from courses.printing import CannotPrint, pdf_of
from dashboard.committee import committee_html, committee_title
from dashboard.models import CommitteeReport
from dashboard.rules.making import NEXT, ReportState, is_given_up, is_to_be_taken_up
from dashboard.selectors.reports import ReportedDay, unfinished_reports

log = logging.getLogger(__name__)


@transaction.atomic
def request_report(*, by: User, as_of: date, language: str) -> CommitteeReport:
    """Ask for a report about every site whose dashboard `by` sees; one that is being made already is not made twice."""
    require(by, Permission.VIEW_DASHBOARD)
    if as_of > timezone.localdate():
        raise ValidationError({"as_of": _("This day is still to come.")})
    sites = sorted(sites_visible_to(by, Permission.VIEW_DASHBOARD).values_list("pk", flat=True))
    asked = {"site_ids": sites, "as_of": as_of, "language": language}
    now = timezone.now()
    found = unfinished_reports().filter(**asked).first()
    log.info("report: %s asked for the courses as of %s", by.get_username(), as_of.isoformat())
    transaction.on_commit(wake_worker, robust=True)
    return found or CommitteeReport.objects.create(
        **asked, requested_by=by, requested_at=now, progressed_at=now, state=ReportState.WAITING
    )


def wake_worker() -> None:
    """So that nobody waits for beat; without a broker the next sweep finds what waits."""
    current_app.send_task("dashboard.tasks.make_waiting_reports", retry=False)


def make_reports() -> int:
    """Make every report that waits, one after another; returns how many. Two workers never make the same one."""
    made = 0
    while (report := _take_up()) is not None:
        _make(report)
        made += 1
    return made


@transaction.atomic
def _take_up() -> CommitteeReport | None:
    """The next one that nobody works on. A report that ended every worker that began it is given up."""
    now = timezone.now()
    for report in unfinished_reports().order_by("requested_at").select_for_update(skip_locked=True):
        if not is_to_be_taken_up(ReportState(report.state), report.progressed_at, now):
            continue
        if is_given_up(report.attempts):
            _move(report, ReportState.FAILED, fault="every attempt was interrupted")
            continue
        _move(report, ReportState.RUNNING, attempts=report.attempts + 1, progressed_at=now)
        return report
    return None


def _make(report: CommitteeReport) -> None:
    try:
        pdf = _pdf(report)
    except CannotPrint as missing:
        _move(report, ReportState.FAILED, fault=str(missing)[:300])
    except Exception as error:
        log.exception("report %s was not made", report.uuid)
        _move(report, ReportState.FAILED, fault=type(error).__name__)
    else:
        _move(report, ReportState.DONE, pdf=pdf, sha256=hashlib.sha256(pdf).hexdigest())


def _pdf(report: CommitteeReport) -> bytes:
    def progress(done: int, total: int) -> None:
        now = timezone.now()
        CommitteeReport.objects.filter(pk=report.pk).update(done=done, total=total, progressed_at=now)

    day = ReportedDay(report.requested_by, report.as_of, report.site_ids, progress)
    sites: Sequence[Site] = list(Site.objects.filter(pk__in=report.site_ids).order_by("code"))
    html = committee_html(day, sites, report.language)
    with override(report.language):
        return pdf_of(html, title=committee_title(day))


def _move(report: CommitteeReport, state: ReportState, **values: object) -> None:
    """To another state, by the table."""
    if state not in NEXT[ReportState(report.state)]:
        raise ValueError(f"a report does not go from {report.state} to {state}")
    for name, value in (values | {"state": state.value}).items():
        setattr(report, name, value)
    report.save(update_fields=["state", *values])
