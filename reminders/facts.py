"""Visits, patients and contacts as the frozen values that the rules take: a constant number of queries a batch."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from django.db.models import Min, Q, QuerySet

from patients.models import Contact, Disposition, Outcome, Patient
from patients.rules.contact import is_usable_address
from protocol.codes import DispositionRecord, OutcomeKind, VisitStatus
from protocol.definition import ScheduledVisit
from protocol.versions import available_versions
from reminders.models import Reminder
from reminders.rules.kinds import CALENDAR, NOTES, WITH_ENTRY, Kind
from reminders.rules.reasons import Appointment, ContactFacts, Missed, Told, VisitFacts
from reminders.rules.states import OPEN, ReminderState
from visits.holidays import clinic_working_days
from visits.models import UNSCHEDULED, SiteCalendarDay, Visit
from visits.rules.schedule import ProjectedVisit
from visits.rules.status import VisitContext, VisitRecord, visit_context, visit_status
from visits.rules.working_days import IsWorkingDay, next_working_day, suggested_appointment

EXPECTED = frozenset({VisitStatus.DUE, VisitStatus.PLANNED})


class Facts:
    """What is known on `on` of some visits, and of the patients they belong to."""

    def __init__(self, visits: QuerySet[Visit], *, on: date) -> None:
        self.on = on
        rows = visits.select_related("patient__site", "patient__enrolment", "patient__contact")
        self.visits = {visit.pk: visit for visit in rows.exclude(visit=UNSCHEDULED)}
        patients = {visit.patient_id: visit.patient for visit in self.visits.values()}
        self._died_on = _deaths(patients)
        self._ends = _dispositions(patients)
        self._told = _told(self.visits)
        self._working_days = _working_days(patients)
        self._contexts = {pk: self._context(patient) for pk, patient in patients.items()}

    def of(self, visit_id: int | None) -> VisitFacts | None:
        """None: the schedule no longer has this visit."""
        visit = self.visits.get(visit_id) if visit_id is not None else None
        if visit is None:
            return None
        projected, contact = projected_visit(visit), self._contact(visit.patient)
        status = self._status(visit, projected) if projected else None
        return VisitFacts(
            status=status,
            has_occurred=visit.occurred_on is not None,
            not_done=visit.not_done,
            appointment=self._appointment(visit, projected, status),
            contact=contact,
            has_died=_is_past(self._died_on.get(visit.patient_id), self.on),
            missed=self._missed(visit),
            told=self._told.get((visit.pk, contact.email)),
            has_left=_is_past(self._end(visit.patient_id, DispositionRecord.PARTICIPATION), self.on),
        )

    def _status(self, visit: Visit, projected: ProjectedVisit) -> VisitStatus:
        record = VisitRecord(visit.visit, visit.occurred_on, visit.not_done)
        return visit_status(projected, record, self._contexts[visit.patient_id], on=self.on)

    def _appointment(
        self, visit: Visit, projected: ProjectedVisit | None, status: VisitStatus | None
    ) -> Appointment | None:
        if visit.booked_on is not None:
            return Appointment(visit.booked_on, visit.booked_time, True, visit.booked_at)
        if projected is None or status not in EXPECTED or _scheduled(visit).is_by_telephone:
            return None
        is_working_day = self._working_days[visit.patient.site_id]
        return Appointment(
            suggested_appointment(
                projected.target_on, projected.opens_on, projected.closes_on, is_working_day
            )
        )

    def _missed(self, visit: Visit) -> Missed | None:
        if not visit.did_not_come or visit.booked_on is None:
            return None
        note_on = next_working_day(visit.booked_on, self._working_days[visit.patient.site_id])
        sensible = timedelta(days=visit.patient.protocol.reminders.missed_note_days)
        return Missed(visit.booked_on, visit.booked_time, note_on, visit.booked_on + sensible)

    def _contact(self, patient: Patient) -> ContactFacts:
        contact: Contact | None = getattr(patient, "contact", None)
        if contact is None:
            return ContactFacts()
        return ContactFacts(
            email=contact.email if is_usable_address(contact.email) else "",
            language=contact.language,
            wants=contact.reminders,
            has_opted_out=contact.opted_out_at is not None,
            consent_withdrawn=contact.withdrawn_on is not None,
            is_refused=contact.is_refused,
        )

    def _end(self, patient_id: int, record: DispositionRecord) -> date | None:
        return self._ends.get((patient_id, record.value))

    def _context(self, patient: Patient) -> VisitContext:
        enrolment = getattr(patient, "enrolment", None)
        return visit_context(
            entry_path=patient.entry_path,
            enrolled_on=enrolment.enrolled_on if enrolment else None,
            first_dose_on=patient.first_dose_on,
            treatment_ended_on=self._end(patient.pk, DispositionRecord.TREATMENT),
            died_on=self._died_on.get(patient.pk),
            participation_ended_on=self._end(patient.pk, DispositionRecord.PARTICIPATION),
            regimen=patient.protocol.regimen,
        )


def projected_visit(visit: Visit) -> ProjectedVisit | None:
    """A stored visit as the schedule projected it; None without a window."""
    if visit.target_on is None or visit.opens_on is None or visit.closes_on is None:
        return None
    return ProjectedVisit(
        visit.visit,
        visit.visitnum,
        visit.target_on,
        visit.opens_on,
        visit.closes_on,
        _scheduled(visit).anchor,
    )


def _scheduled(visit: Visit) -> ScheduledVisit:
    return visit.patient.protocol.visit(visit.visit)


def _is_past(day: date | None, on: date) -> bool:
    return day is not None and day <= on


def _deaths(patients: Mapping[int, Patient]) -> dict[int, date]:
    deaths = Outcome.objects.filter(patient_id__in=patients, kind=OutcomeKind.DEATH)
    return dict(deaths.values_list("patient_id").annotate(first=Min("on")))


def _dispositions(patients: Mapping[int, Patient]) -> dict[tuple[int, str], date]:
    """The day of each end: of treatment the last dose, of participation the day itself."""
    rows = Disposition.objects.filter(patient_id__in=patients)
    return {(row.patient_id, row.record): row.last_dose_on or row.ended_on for row in rows}


def _working_days(patients: Mapping[int, Patient]) -> dict[int, IsWorkingDay]:
    sites = {patient.site_id for patient in patients.values()}
    own: dict[int, dict[date, bool]] = {site: {} for site in sites}
    for day in SiteCalendarDay.objects.filter(site_id__in=sites):
        own[day.site_id][day.on] = day.is_open
    return {site: clinic_working_days(days) for site, days in own.items()}


def _told(visit_ids: Iterable[int]) -> dict[tuple[int, str], Told]:
    """By visit and address: what the last mail with a calendar entry said, unless it took the entry back."""
    told: dict[tuple[int, str], Told] = {}
    waiting: dict[tuple[int, str], date] = {}
    rows = Reminder.objects.filter(visit__in=list(visit_ids), kind__in=sorted(CALENDAR))
    open_note = Q(state__in=sorted(OPEN), kind__in=sorted(NOTES))
    for row in rows.filter(Q(state=ReminderState.SENT) | open_note).order_by("sent_at", "pk"):
        key = (row.visit_id, row.recipient)
        if row.state != ReminderState.SENT:
            waiting[key] = row.due_on
        elif row.kind == Kind.CANCELLED:
            told.pop(key, None)
        else:
            told[key] = Told(row.appointment_on, row.appointment_time)
    return {key: replace(entry, note_on=waiting.get(key)) for key, entry in told.items()}


def visits_to_write_about(on: date) -> Q:
    """Visits at which, not long ago, a patient did not come, and those that a patient's calendar holds."""
    longest = max(version.reminders.missed_note_days for version in available_versions())
    missed = Q(did_not_come=True, booked_on__gte=on - timedelta(days=longest))
    told = Reminder.objects.filter(
        state=ReminderState.SENT, kind__in=sorted(WITH_ENTRY), appointment_on__gte=on, visit__isnull=False
    )
    return Q(occurred_on=None, not_done=False) & (missed | Q(pk__in=told.values("visit")))


def open_visits(*, first: date, last: date) -> Q:
    """Visits with nothing recorded whose booked day, or while unbooked whose window, touches these days."""
    booked = Q(booked_on__gte=first, booked_on__lte=last)
    unbooked = Q(booked_on=None, opens_on__lte=last, closes_on__gte=first)
    return Q(occurred_on=None, not_done=False) & (booked | unbooked)
