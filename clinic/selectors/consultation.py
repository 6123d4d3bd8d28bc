"""Everything the page of one visit looks at: the visit, its procedures, what is open, what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Q, QuerySet

from adverse_events.models import AdverseEvent
from adverse_events.selectors import answered_grades
from clinic.selectors.course import Course, course_of
from clinic.selectors.lab_lines import lab_value
from dosing.models import Kit, MissedDoses
from dosing.rules.advice import Labs
from dosing.rules.modification import label_rule_of
from patients.models import Patient
from protocol.codes import LabTest, ProcedureAnswer, VisitStatus
from protocol.definition import Protocol
from reminders.facts import Facts
from reminders.rules.plan import PlannedReminder, planned_reminders
from visits.models import UNSCHEDULED, LabResult, Visit, VisitProcedure
from visits.rules.imaging import SCAN
from visits.rules.procedures import asked_about
from visits.rules.working_days import IsWorkingDay, suggested_appointment
from visits.selectors import (
    condition_facts,
    procedures_at,
    projected,
    recorded_procedures,
    status_on,
    with_context,
    working_days,
)
from visits.words import visit_name

TESTS_OF_PROCEDURE = {
    "CBC": (LabTest.ANC, LabTest.WBC, LabTest.HGB, LabTest.PLT),
    "CHE": (LabTest.BILI, LabTest.AST, LabTest.ALT, LabTest.CREAT),
}
EXPECTED = frozenset({VisitStatus.DUE, VisitStatus.PLANNED})


@dataclass(frozen=True, slots=True)
class NextVisit:
    visit: Visit
    name: str
    suggested_on: date
    is_working_day: IsWorkingDay


@dataclass(frozen=True, slots=True)
class Consultation:
    """`visit` is None for an unscheduled visit that is not recorded yet. Labs: the latest row of each test.

    `kits`: those still out, and those counted on the day of the visit; `missed`: what is written down of the days
    between `since` and the visit.
    `procedures`: all that the schedule names; `asked_about`: those that are answered with a word.
    """

    patient: Patient
    code: str
    name: str
    visit: Visit | None
    course: Course
    procedures: frozenset[str]
    asked_about: tuple[str, ...]
    stored_procedures: Mapping[str, VisitProcedure]
    stored_labs: Mapping[str, LabResult]
    earlier_labs: Mapping[str, LabResult]
    baselines: Labs
    kits: tuple[Kit, ...]
    missed: MissedDoses | None
    ongoing: tuple[AdverseEvent, ...]
    since: date | None
    next_visit: NextVisit | None

    @property
    def is_recorded(self) -> bool:
        return self.visit is not None and (self.visit.occurred_on is not None or self.visit.not_done)

    @property
    def dictionary_version(self) -> str:
        """The CTCAE version in which what is new is reported."""
        return self.course.protocol.adverse_events.dictionary_version

    @property
    def awaits_dose(self) -> bool:
        """No dose was ever ordered, and treatment has not ended: there is nothing to continue."""
        facts = self.course.all_facts
        return not facts.orders and facts.last_dose_on is None

    @property
    def tests(self) -> tuple[LabTest, ...]:
        """The tests the schedule asks for, and any that have a result of the day already."""
        asked = [
            test
            for procedure in TESTS_OF_PROCEDURE
            if procedure in self.procedures
            for test in TESTS_OF_PROCEDURE[procedure]
        ]
        return tuple(asked + [LabTest(test) for test in self.stored_labs if test not in asked])

    @property
    def answered(self) -> tuple[str, ...]:
        """The procedures that are asked about, and any that has an answer already."""
        others = (code for code in self.stored_procedures if code not in (*self.asked_about, SCAN))
        return (*self.asked_about, *others)

    @property
    def scan(self) -> VisitProcedure | None:
        return self.stored_procedures.get(SCAN)

    @property
    def asks_for_scan(self) -> bool:
        return SCAN in self.procedures or self.scan is not None

    @property
    def is_scan_read(self) -> bool:
        return self.scan is not None and self.scan.answer == ProcedureAnswer.DONE

    @property
    def is_treated(self) -> bool:
        """Has treatment begun, and not ended?"""
        return self.patient.first_dose_on is not None and self.course.all_facts.last_dose_on is None

    @property
    def answered_grades(self) -> Mapping[LabTest, int]:
        """The grade of each test that somebody judged not to be clinically significant."""
        return answered_grades([self.patient.pk])[self.patient.pk]

    @property
    def rule_of_event(self) -> dict[int, str]:
        """The label rule behind each adverse event that is a laboratory finding, by its number."""
        rules = self.course.protocol.label_rules
        events = AdverseEvent.objects.filter(patient=self.patient).values_list("ae_no", "term")
        found = {ae_no: label_rule_of(term, rules) for ae_no, term in events}
        return {ae_no: code for ae_no, code in found.items() if code is not None}


def visit_of(patient: Patient, code: str, occurred_on: date | None = None) -> Visit | None:
    """The visit of that code; an unscheduled one by its day, so that without a day it is a new one."""
    visits = Visit.objects.filter(patient=patient, visit=code).select_related("patient__site", "assessment")
    if code == UNSCHEDULED:
        return visits.filter(occurred_on=occurred_on).first() if occurred_on else None
    return visits.first()


def consultation_of(patient: Patient, code: str, visit: Visit | None, *, on: date) -> Consultation:
    course = course_of(patient, on=on)
    day = visit.occurred_on if visit and visit.occurred_on else on
    labs = list(LabResult.objects.filter(patient=patient, collected_on__lte=day).order_by("collected_on"))
    first_dose_on = patient.first_dose_on
    since = _since(course, day)
    procedures = procedures_at(course.protocol, code)
    return Consultation(
        patient=patient,
        code=code,
        name=visit_name(course.protocol, code),
        visit=visit,
        course=course,
        procedures=frozenset(procedure.code for procedure in procedures),
        asked_about=asked_about(procedures, condition_facts(patient)),
        stored_procedures=recorded_procedures([visit]).get(visit.pk, {}) if visit else {},
        stored_labs={row.test: row for row in labs if visit and row.collected_on == visit.occurred_on},
        earlier_labs={row.test: row for row in labs if not visit or row.collected_on != visit.occurred_on},
        baselines={
            LabTest(row.test): lab_value(row)
            for row in labs
            if first_dose_on is None or row.collected_on < first_dose_on
        },
        kits=tuple(_kits(patient, visit, on)),
        missed=_missed(patient, visit, since),
        since=since,
        ongoing=tuple(AdverseEvent.objects.filter(patient=patient, ended_on=None).prefetch_related("grades")),
        next_visit=next_visit_of(patient, visit, course.protocol, on=on),
    )


def next_visit_of(patient: Patient, visit: Visit | None, protocol: Protocol, *, on: date) -> NextVisit | None:
    """The visit after this one that is still to come, with the day to suggest for it."""
    later = Visit.objects.filter(patient=patient, occurred_on=None, not_done=False, closes_on__gte=on)
    if visit is not None:
        later = later.filter(visitnum__gt=visit.visitnum)
    found = with_context(later, on=on).order_by("target_on")
    coming = next((row for row in found if status_on(row, on=on) in EXPECTED), None)
    window = projected(coming) if coming else None
    if coming is None or window is None:
        return None
    is_working_day = working_days([patient.site_id])[patient.site_id]
    return NextVisit(
        visit=coming,
        name=visit_name(protocol, coming.visit),
        suggested_on=suggested_appointment(
            window.target_on, window.opens_on, window.closes_on, is_working_day
        ),
        is_working_day=is_working_day,
    )


def suggested_day(visit: Visit) -> date | None:
    """The working day of the window nearest to the target; None without a window."""
    window = projected(visit)
    if window is None:
        return None
    site_id = visit.patient.site_id
    return suggested_appointment(
        window.target_on, window.opens_on, window.closes_on, working_days([site_id])[site_id]
    )


def reminders_to_come(visit: Visit, *, on: date) -> tuple[PlannedReminder, ...]:
    """What will be said to the patient about a coming visit, or why it will not; by the planner's own rule."""
    facts = Facts(Visit.objects.filter(pk=visit.pk), on=on).of(visit.pk)
    if facts is None:
        return ()
    reminders = visit.patient.protocol.reminders
    planned = planned_reminders(facts, reminders, settings.CLINIC_ZONE, on=on)
    return tuple(reminder for reminder in planned if reminder.due_on > on)


def _kits(patient: Patient, visit: Visit | None, on: date) -> QuerySet[Kit]:
    shown = Q(kit_return=None)
    if visit is not None and visit.occurred_on is not None:
        shown |= Q(kit_return__returned_on=visit.occurred_on)
    return Kit.objects.filter(shown, patient=patient, dispensed_on__lte=on).select_related("kit_return")


def _missed(patient: Patient, visit: Visit | None, since: date | None) -> MissedDoses | None:
    """Only of a visit that took place: at another one nobody has asked yet."""
    if visit is None or visit.occurred_on is None or since is None:
        return None
    return MissedDoses.objects.filter(patient=patient, from_on=since).first()


def _since(course: Course, day: date) -> date | None:
    """The last visit before the day, else the first dose."""
    facts = course.facts
    seen = [visit.occurred_on for visit in facts.visits if visit.occurred_on and visit.occurred_on < day]
    return max(seen, default=facts.patient.first_dose_on)
