"""Where one patient stands on a day, as lists sort and filter by it."""

from dataclasses import dataclass
from datetime import date

from courses.rules.facts import CourseFacts, cut_off
from courses.rules.overdue import overdue_since
from courses.rules.records import CourseRecords, records_cut_off
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
    lies after the study is complete. `worst_grade`: of any adverse event begun by the day."""

    waiting: tuple[DoseFlag, ...] = ()
    overdue_since: date | None = None
    cannot_finish: bool = False
    worst_grade: int | None = None
    flagged: frozenset[FlagCode] = frozenset()
    flagged_now: frozenset[FlagCode] = frozenset()


def standing(
    facts: CourseFacts, records: CourseRecords, protocol: Protocol, summary: CourseSummary
) -> Standing:
    """On the day of the summary."""
    as_of = summary.as_of
    known, recorded = cut_off(facts, as_of), records_cut_off(records, as_of)
    first_dose_on = summary.patient.first_dose_on
    return Standing(
        waiting=tuple(
            flag for flag in summary.flags if flag.code in ANSWERED and not recorded.is_acknowledged(flag.key)
        ),
        overdue_since=overdue_since(known, recorded.planned, protocol, as_of),
        cannot_finish=first_dose_on is not None
        and summary.treatment_ended_on is None
        and outlasts_study(first_dose_on, protocol),
        worst_grade=max((event.grade for event in recorded.events if event.grade), default=None),
        flagged=frozenset(flag.code for flag in summary.flags),
        flagged_now=frozenset(flag.code for flag in summary.flags if flag.to_on is None),
    )
