"""When somebody who does not come is to be called again, and when they count as lost."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from protocol.definition import FollowUp
from visits.rules.working_days import IsWorkingDay, next_working_day


@dataclass(frozen=True, slots=True)
class Attempt:
    on: date
    reached: bool


def last_heard_on(attempts: Sequence[Attempt], seen: Collection[date]) -> date | None:
    """The last day on which the patient was reached or seen."""
    return max([*seen, *(attempt.on for attempt in attempts if attempt.reached)], default=None)


def failed_attempts(attempts: Sequence[Attempt], seen: Collection[date]) -> list[Attempt]:
    """Those that did not reach the patient since anything was heard."""
    heard_on = last_heard_on(attempts, seen)
    return [each for each in attempts if not each.reached and (heard_on is None or each.on > heard_on)]


def is_lost_proposed(
    attempts: Sequence[Attempt],
    missed_on: Collection[date],
    seen: Collection[date],
    rule: FollowUp,
    *,
    on: date,
) -> bool:
    """As many failed contacts, over as many missed windows, as the protocol asks for. It is proposed, never made.

    `missed_on`: the last days of the windows in which nobody came; only those since anything was heard count.
    """
    heard_on = last_heard_on(attempts, seen)
    missed = [day for day in missed_on if day < on and (heard_on is None or day > heard_on)]
    failed = failed_attempts(attempts, seen)
    return len(failed) >= rule.lost_after_contacts and len(missed) >= rule.lost_after_missed_windows


def contact_due_on(
    attempts: Sequence[Attempt], missed_on: date, seen: Collection[date], is_working_day: IsWorkingDay
) -> date | None:
    """The working day after the visit was missed, or after the last attempt that failed; None once reached."""
    heard_on = last_heard_on(attempts, seen)
    if heard_on is not None and heard_on > missed_on:
        return None
    failed = failed_attempts(attempts, seen)
    return next_working_day(max([missed_on, *(each.on for each in failed)]), is_working_day)
