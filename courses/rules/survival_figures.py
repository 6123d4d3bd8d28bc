"""What one patient adds to the curves: the day of coming under observation, and the day and kind of its end.

Both curves are of the enrolled: who comes while already treated is at risk only from enrolment on (delayed entry).
Days count as in the survival of the summary, 1 on the day of origin.
"""

from collections.abc import Iterator
from datetime import date

from courses.rules.facts import CourseFacts
from courses.rules.figures import Figure
from courses.rules.summary import CourseSummary
from patients.rules.disposition import ended_early
from protocol.codes import RfsStatus
from protocol.days import days_between
from protocol.definition import Protocol


def survival_figures(facts: CourseFacts, summary: CourseSummary, protocol: Protocol) -> Iterator[Figure]:
    """`facts` are those known on the day of the summary."""
    if not summary.is_enrolled:
        return
    if summary.rfs is not None:
        is_event = summary.rfs.status != RfsStatus.CENSORED
        yield from _observed("rfs", summary.rfs.entry_day, summary.rfs.days, is_event=is_event)
    first_dose_on, enrolled_on = facts.patient.first_dose_on, facts.patient.enrolled_on
    if first_dose_on is None or enrolled_on is None or first_dose_on > summary.as_of:
        return
    entry_day = max((enrolled_on - first_dose_on).days, 0)
    ends_early = ended_early(first_dose_on, facts.last_dose_on, protocol.regimen)
    ended_on = facts.last_dose_on if ends_early and facts.last_dose_on else _followed_to(facts, summary)
    yield from _observed("persistence", entry_day, days_between(first_dose_on, ended_on), is_event=ends_early)


def _followed_to(facts: CourseFacts, summary: CourseSummary) -> date:
    """The last day on which treatment, not stopped early, is known to have gone on."""
    ends = (facts.last_dose_on, facts.participation_ended_on, summary.planned_end_on, summary.as_of)
    return min(day for day in ends if day is not None)


def _observed(figure: str, entry_day: int, day: int, *, is_event: bool) -> Iterator[Figure]:
    """Nothing of a patient whose observation ended before it began."""
    if day > entry_day:
        yield f"{figure}_entry", str(entry_day), 1
        yield f"{figure}_{'event' if is_event else 'censored'}", str(day), 1
