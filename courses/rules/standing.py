"""Where one patient stands on a day, as lists sort and filter by it."""

from dataclasses import dataclass
from datetime import date

from courses.rules.facts import CourseFacts
from courses.rules.overdue import overdue_since
from courses.rules.records import CourseRecords
from courses.rules.state import PatientState, patient_state
from courses.rules.summary import CourseSummary
from dosing.rules.flags import DoseFlag
from patients.rules.disposition import outlasts_study
from protocol.codes import FlagCode
from protocol.definition import Protocol

BELOW_MINIMUM = frozenset({FlagCode.DOSE_BELOW_300})
LONG_HOLDS = frozenset({FlagCode.HOLD_OVER_28_DAYS, FlagCode.HOLD_OVER_90_DAYS})
ANSWERED = frozenset(
    {*BELOW_MINIMUM, *LONG_HOLDS, FlagCode.DOSE_ABOVE_PLAN}
)  # overuse is a query, not a flag


@dataclass(frozen=True, slots=True)
class Standing:
    """`waiting`: flags that nobody has acknowledged, in order of their first day. `cannot_finish`: the planned end
    lies after the study is complete. `worst_grade`: of any adverse event begun by the day. `next_visit_on`: the day the
    next visit is booked for, or else its target."""

    waiting: tuple[DoseFlag, ...] = ()
    overdue_since: date | None = None
    cannot_finish: bool = False
    worst_grade: int | None = None
    flagged: frozenset[FlagCode] = frozenset()
    flagged_now: frozenset[FlagCode] = frozenset()
    state: PatientState = PatientState.SCREENING
    next_visit_on: date | None = None


def standing(
    known: CourseFacts, recorded: CourseRecords, protocol: Protocol, course: CourseSummary
) -> Standing:
    """On the day of the course; `known` and `recorded` are what was there on that day."""
    first_dose_on = course.patient.first_dose_on
    return Standing(
        waiting=tuple(
            flag for flag in course.flags if flag.code in ANSWERED and not recorded.is_acknowledged(flag.key)
        ),
        overdue_since=overdue_since(known, recorded.planned, protocol, course.as_of),
        cannot_finish=first_dose_on is not None
        and course.treatment_ended_on is None
        and outlasts_study(first_dose_on, protocol),
        worst_grade=max((event.grade for event in recorded.events if event.grade), default=None),
        flagged=frozenset(flag.code for flag in course.flags),
        flagged_now=frozenset(flag.code for flag in course.flags if flag.to_on is None),
        state=patient_state(known, course),
        next_visit_on=_next_visit_on(recorded, course),
    )


def _next_visit_on(recorded: CourseRecords, course: CourseSummary) -> date | None:
    if course.next_visit is None:
        return None
    booked = (visit.booked_on for visit in recorded.planned if visit.code == course.next_visit.visit)
    return next(booked, None) or course.next_visit.target_on
