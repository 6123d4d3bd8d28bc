"""Recurrence-free and overall survival of one patient.

RFS runs from its origin to the first documented recurrence or death from any cause, else it is censored at
the last assessment without disease. Patients who entered while already on treatment are recurrence-free until
entry by design: `entry_day` is their delayed entry (left truncation). Durations count both ends, as in ADaM
(event − origin + 1).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import get_args

from patients.rules.facts import OutcomeFacts, PatientFacts
from protocol.codes import OutcomeKind, RfsStatus
from protocol.days import days_between, extension_from
from protocol.definition import Protocol, RfsOrigin

ORIGINS: tuple[RfsOrigin, ...] = get_args(RfsOrigin)
_EVENTS = {OutcomeKind.RECURRENCE: RfsStatus.RECURRENCE, OutcomeKind.DEATH: RfsStatus.DEATH}
_SAME_DAY_ORDER = (RfsStatus.RECURRENCE, RfsStatus.DEATH)


@dataclass(frozen=True, slots=True)
class RecurrenceFreeSurvival:
    """`entry_day`: days from origin to enrolment, at least 0; `days`: from origin to `on`, both counted."""

    from_on: date
    entry_day: int
    status: RfsStatus
    on: date
    days: int


@dataclass(frozen=True, slots=True)
class OverallSurvival:
    from_on: date
    entry_day: int
    died: bool
    on: date
    days: int


@dataclass(frozen=True, slots=True)
class SurvivalLine:
    """Both survivals from one origin; None where that day is not known or still to come."""

    origin: RfsOrigin
    is_default: bool
    rfs: RecurrenceFreeSurvival | None
    overall: OverallSurvival | None


def survival_lines(
    facts: PatientFacts, outcomes: Iterable[OutcomeFacts], protocol: Protocol, *, on: date
) -> tuple[SurvivalLine, ...]:
    """A line for every origin, whichever the protocol counts from."""
    known = list(outcomes)
    return tuple(
        SurvivalLine(
            origin=origin,
            is_default=origin == protocol.follow_up.rfs_origin,
            rfs=recurrence_free_survival(facts, known, protocol, on=on, origin=origin),
            overall=overall_survival(facts, known, protocol, on=on, origin=origin),
        )
        for origin in ORIGINS
    )


def origin_on(facts: PatientFacts, origin: RfsOrigin, protocol: Protocol) -> date | None:
    """The day survival is counted from; None when that day is not known."""
    if origin == "SURGERY":
        return facts.tumour.surgery_on
    if origin == "ENROLMENT":
        return facts.enrolled_on
    if origin == "EXTENSION" and facts.first_dose_on is not None:
        return extension_from(facts.first_dose_on, protocol.regimen)
    return facts.first_dose_on


def recurrence_free_survival(
    facts: PatientFacts,
    outcomes: Iterable[OutcomeFacts],
    protocol: Protocol,
    *,
    on: date,
    origin: RfsOrigin | None = None,
) -> RecurrenceFreeSurvival | None:
    """RFS as known on a day; None before the origin. `origin` defaults to the protocol's."""
    from_on = origin_on(facts, origin or protocol.follow_up.rfs_origin, protocol)
    if from_on is None or on < from_on:
        return None
    seen = [outcome for outcome in outcomes if from_on <= outcome.on <= on]
    events = [(outcome.on, _EVENTS[OutcomeKind(outcome.kind)]) for outcome in seen if outcome.kind in _EVENTS]
    if events:
        end_on, status = min(events, key=lambda event: (event[0], _SAME_DAY_ORDER.index(event[1])))
    else:
        end_on, status = _last_seen(facts, seen, OutcomeKind.DISEASE_FREE, from_on, on), RfsStatus.CENSORED
    entry_day = _entry_day(facts, from_on)
    return RecurrenceFreeSurvival(from_on, entry_day, status, end_on, days_between(from_on, end_on))


def overall_survival(
    facts: PatientFacts,
    outcomes: Iterable[OutcomeFacts],
    protocol: Protocol,
    *,
    on: date,
    origin: RfsOrigin | None = None,
) -> OverallSurvival | None:
    """OS as known on a day: to death, else censored at the last day the patient was known to be alive."""
    from_on = origin_on(facts, origin or protocol.follow_up.rfs_origin, protocol)
    if from_on is None or on < from_on:
        return None
    seen = [outcome for outcome in outcomes if from_on <= outcome.on <= on]
    deaths = [outcome.on for outcome in seen if outcome.kind == OutcomeKind.DEATH]
    end_on = min(deaths) if deaths else _last_seen(facts, seen, None, from_on, on)
    entry_day = _entry_day(facts, from_on)
    return OverallSurvival(from_on, entry_day, bool(deaths), end_on, days_between(from_on, end_on))


def _last_seen(
    facts: PatientFacts, seen: list[OutcomeFacts], kind: OutcomeKind | None, from_on: date, on: date
) -> date:
    """The latest of the origin, enrolment and the outcomes of that kind (None: of any kind)."""
    days = [outcome.on for outcome in seen if kind is None or outcome.kind == kind]
    if facts.enrolled_on is not None and facts.enrolled_on <= on:
        days.append(facts.enrolled_on)
    return max([from_on, *days])


def _entry_day(facts: PatientFacts, from_on: date) -> int:
    return max((facts.enrolled_on - from_on).days, 0) if facts.enrolled_on is not None else 0
