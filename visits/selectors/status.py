"""Visits as pages read them: with what else decides their status, in one statement."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from patients.models import Disposition, Outcome
from protocol.codes import DispositionRecord, EntryPath, OutcomeKind, VisitStatus
from visits.holidays import clinic_working_days
from visits.models import UNSCHEDULED, SiteCalendarDay, Visit
from visits.rules.overdue import is_overdue
from visits.rules.schedule import ProjectedVisit
from visits.rules.status import VisitRecord, visit_context, visit_status
from visits.rules.working_days import IsWorkingDay


def with_context(visits: QuerySet[Visit], *, on: date) -> QuerySet[Visit]:
    """Scheduled visits that have a window, each with the facts that `status_on` and `is_overdue_on` look at."""
    ends = Disposition.objects.filter(patient=OuterRef("patient"), ended_on__lte=on)
    died = Outcome.objects.filter(patient=OuterRef("patient"), kind=OutcomeKind.DEATH, on__lte=on)
    later = Visit.objects.filter(
        patient=OuterRef("patient"), visitnum__gt=OuterRef("visitnum"), occurred_on__lte=on
    )
    return (
        visits.filter(target_on__isnull=False)
        .select_related("patient__site", "patient__enrolment")
        .annotate(
            treatment_ended_on=Subquery(
                ends.filter(record=DispositionRecord.TREATMENT).values("last_dose_on")
            ),
            left_study_on=Subquery(ends.filter(record=DispositionRecord.PARTICIPATION).values("ended_on")),
            died_on=Subquery(died.order_by("on").values("on")[:1]),
            later_visit_took_place=Exists(later.exclude(visit=UNSCHEDULED)),
        )
    )


def unrecorded(*, on: date, today: date) -> Q:
    """Nothing is recorded as of a day. What lies ahead cannot have happened, so from today on one index tells."""
    nothing = Q(occurred_on__isnull=True, not_done=False)
    return nothing if on >= today else nothing | Q(occurred_on__gt=on) | Q(not_done=True, opens_on__gt=on)


def still_expected(*, on: date) -> Q:
    """What SQL leaves out before the rules judge: over before entry, or of a patient who has died or left."""
    after_entry = (
        Q(patient__entry_path=EntryPath.NEW_START)
        | Q(patient__enrolment__isnull=True)
        | Q(closes_on__gte=F("patient__enrolment__enrolled_on"))
    )
    left = Disposition.objects.filter(
        patient=OuterRef("patient"), record=DispositionRecord.PARTICIPATION, ended_on__lte=on
    )
    died = Outcome.objects.filter(patient=OuterRef("patient"), kind=OutcomeKind.DEATH, on__lte=on)
    return after_entry & ~Exists(left) & ~Exists(died)


def projected(visit: Visit) -> ProjectedVisit | None:
    """A stored visit as the schedule projected it; None without a window."""
    if visit.target_on is None or visit.opens_on is None or visit.closes_on is None:
        return None
    anchor = visit.patient.protocol.visit(visit.visit).anchor
    return ProjectedVisit(
        visit.visit, visit.visitnum, visit.target_on, visit.opens_on, visit.closes_on, anchor
    )


def status_on(visit: Visit, *, on: date) -> VisitStatus | None:
    """The status of a visit of `with_context` on a day; None for one the schedule has no window for."""
    window = projected(visit)
    if window is None:
        return None
    patient = visit.patient
    enrolment = getattr(patient, "enrolment", None)
    context = visit_context(
        entry_path=patient.entry_path,
        enrolled_on=enrolment.enrolled_on if enrolment else None,
        first_dose_on=patient.first_dose_on,
        treatment_ended_on=visit.treatment_ended_on,  # type: ignore[attr-defined]  # set by with_context
        died_on=visit.died_on,  # type: ignore[attr-defined]
        participation_ended_on=visit.left_study_on,  # type: ignore[attr-defined]
        regimen=patient.protocol.regimen,
    )
    record = VisitRecord(visit.visit, visit.occurred_on, visit.not_done)
    return visit_status(window, record, context, on=on)


def status_today(visit: Visit, *, on: date) -> VisitStatus | None:
    """As `status_on`, of a visit that was not read by `with_context`."""
    judged = with_context(Visit.objects.filter(pk=visit.pk), on=on).first()
    return status_on(judged, on=on) if judged is not None else None


def is_overdue_on(visit: Visit, status: VisitStatus, *, on: date) -> bool:
    return is_overdue(
        status,
        closes_on=visit.closes_on or on,
        booked_on=visit.booked_on,
        later_visit_took_place=visit.later_visit_took_place,  # type: ignore[attr-defined]  # set by with_context
        on=on,
    )


def working_days(site_ids: Iterable[int]) -> dict[int, IsWorkingDay]:
    """What is a working day at each of these sites."""
    own: dict[int, dict[date, bool]] = {site_id: {} for site_id in site_ids}
    for day in SiteCalendarDay.objects.filter(site_id__in=own):
        own[day.site_id][day.on] = day.is_open
    return {site_id: clinic_working_days(days) for site_id, days in own.items()}
