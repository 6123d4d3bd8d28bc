"""What is recorded beside many courses at once, in a number of queries that does not grow with them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import F, QuerySet

from adverse_events.models import AdverseEvent, EventGrade
from adverse_events.selectors import entered_serious_events
from courses.rules.records import (
    AskedQuery,
    CourseRecords,
    FirstEntry,
    GradedEvent,
    PlannedVisit,
    SeriousReport,
)
from dosing.models import FlagAcknowledgement
from dosing.rules.flags import FlagKey
from patients.models import Disposition, Patient
from protocol.codes import DispositionRecord
from visits.models import UNSCHEDULED, LabResult, Visit

Rows = dict[int, list[tuple[Any, ...]]]  # patient -> rows


def course_records(patient_ids: Sequence[int]) -> dict[int, CourseRecords]:
    """By primary key. Whom a user may see was decided by the caller."""
    events, planned, entries = _events(patient_ids), _planned(patient_ids), _entries(patient_ids)
    labs, said, queries = _lab_days(patient_ids), _acknowledged(patient_ids), _queries(patient_ids)
    reasons, steps, reports = _end_reasons(patient_ids), _steps(patient_ids), _reports(patient_ids)
    return {
        pk: CourseRecords(
            events=tuple(
                GradedEvent(term, started_on, grade, causality, tuple(steps[event]))
                for event, term, started_on, grade, causality in events[pk]
            ),
            planned=tuple(PlannedVisit(*row) for row in planned[pk]),
            entries=tuple(FirstEntry(on, _day(at)) for on, at, _ in entries[pk]),
            lab_days=frozenset(day for (day,) in labs[pk]),
            acknowledged=said[pk],
            queries=tuple(
                AskedQuery(_day(opened), _day(closed) if closed else None) for opened, closed in queries[pk]
            ),
            reports=tuple(reports[pk]),
            end_reason=reasons.get(pk, ""),
        )
        for pk in patient_ids
    }


def _grouped(rows: Iterable[tuple[Any, ...]]) -> Rows:
    """By the patient, who stands first in each row."""
    found: Rows = defaultdict(list)
    for patient_id, *row in rows:
        found[patient_id].append(tuple(row))
    return found


def _day(instant: datetime) -> date:
    return instant.astimezone(settings.CLINIC_ZONE).date()


def _events(patient_ids: Sequence[int]) -> Rows:
    rows = AdverseEvent.objects.filter(patient_id__in=patient_ids).order_by("ae_no")
    return _grouped(rows.values_list("patient_id", "pk", "term", "started_on", "grade", "causality"))


def _steps(patient_ids: Sequence[int]) -> Rows:
    """By event."""
    rows = EventGrade.objects.filter(adverse_event__patient_id__in=patient_ids).order_by()
    return _grouped(rows.values_list("adverse_event_id", "from_on", "grade"))


def _planned(patient_ids: Sequence[int]) -> Rows:
    rows = Visit.objects.filter(patient_id__in=patient_ids).exclude(visit=UNSCHEDULED).order_by("visitnum")
    window = ("target_on", "opens_on", "closes_on")
    return _grouped(
        rows.values_list("patient_id", "visit", "visitnum", *window, "booked_on", "occurred_on", "not_done")
    )


def _entries(patient_ids: Sequence[int]) -> Rows:
    """When a visit that took place was first written down, by the trail; one that an import brought says nothing."""
    trail: QuerySet[Any, Any] = apps.get_model("visits", "VisitEvent")._default_manager.all()
    first = trail.filter(
        pgh_obj__patient__in=list(patient_ids), pgh_obj__occurred_on__isnull=False, occurred_on__isnull=False
    )
    rows = first.order_by("pgh_obj_id", "pgh_id").distinct("pgh_obj_id")
    values = rows.values_list("patient_id", "pgh_obj__occurred_on", "pgh_created_at", "pgh_context__via")
    return _grouped(row for row in values if row[-1] is None)


def _lab_days(patient_ids: Sequence[int]) -> Rows:
    rows = LabResult.objects.filter(patient_id__in=patient_ids).order_by()
    return _grouped(rows.values_list("patient_id", "collected_on").distinct())


def _acknowledged(patient_ids: Sequence[int]) -> dict[int, dict[FlagKey, date]]:
    found: dict[int, dict[FlagKey, date]] = defaultdict(dict)
    for row in FlagAcknowledgement.objects.filter(patient_id__in=patient_ids):
        found[row.patient_id][row.code, row.from_on, row.mean_daily_mg] = _day(row.acknowledged_at)
    return found


def _queries(patient_ids: Sequence[int]) -> Rows:
    """Reached through the patient: the review is a neighbour of this room and is not imported here."""
    asked = Patient.objects.filter(pk__in=patient_ids, queries__isnull=False).order_by()
    return _grouped(asked.values_list("pk", F("queries__opened_at"), F("queries__closed_at")))


def _reports(patient_ids: Sequence[int]) -> dict[int, list[SeriousReport]]:
    """Of the serious events that people entered, by patient."""
    found: dict[int, list[SeriousReport]] = defaultdict(list)
    for event in entered_serious_events(patient_ids):
        hours = event.patient.protocol.adverse_events.sae_report_hours
        sent_at = event.sent_at
        found[event.patient.pk].append(
            SeriousReport(
                entered_on=_day(event.entered_at),
                to_entry=event.entered_at - event.aware_at,
                within=timedelta(hours=hours),
                sent_on=_day(sent_at) if sent_at else None,
                to_sent=sent_at - event.aware_at if sent_at else None,
            )
        )
    return found


def _end_reasons(patient_ids: Sequence[int]) -> dict[int, str]:
    ends = Disposition.objects.filter(patient_id__in=patient_ids, record=DispositionRecord.TREATMENT)
    return dict(ends.values_list("patient_id", "reason"))
