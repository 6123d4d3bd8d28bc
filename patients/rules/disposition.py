"""How a course ends: completed or early, for which reason, and whether the study lasts long enough for it."""

from dataclasses import dataclass
from datetime import date, timedelta

from protocol.codes import DispositionReason, DispositionRecord
from protocol.days import planned_end_on
from protocol.definition import Protocol, Regimen
from protocol.sentences import Refusal, gettext_noop


@dataclass(frozen=True, slots=True)
class EndFacts:
    """One end, and what else is known of the patient that day."""

    record: str
    reason: str
    first_dose_on: date | None = None
    last_dose_on: date | None = None
    has_recurrence: bool = False
    has_died: bool = False
    is_enrolled: bool = False
    names_event: bool = False
    comment: str = ""


def ended_early(first_dose_on: date | None, treatment_ended_on: date | None, regimen: Regimen) -> bool:
    """Whether the last dose was more than the tolerance before the planned end."""
    if first_dose_on is None or treatment_ended_on is None:
        return False
    return treatment_ended_on < completes_from(first_dose_on, regimen)


def completes_from(first_dose_on: date, regimen: Regimen) -> date:
    """The first day on which a last dose completes the course."""
    return planned_end_on(first_dose_on, regimen) - timedelta(days=regimen.completed_tolerance_days)


def outlasts_study(first_dose_on: date, protocol: Protocol) -> bool:
    """Whether the planned course runs past study completion: a warning at entry, never a refusal."""
    return planned_end_on(first_dose_on, protocol.regimen) > protocol.study.completes_on


def check_reason(end: EndFacts, regimen: Regimen) -> None:
    """Raise Refusal where the reason of an end does not fit the facts."""
    reason, is_treatment = end.reason, end.record == DispositionRecord.TREATMENT
    if reason == DispositionReason.COMPLETED and is_treatment:
        _check_completed(end, regimen)
    if reason == DispositionReason.DISEASE_RELAPSE and not end.has_recurrence:
        raise Refusal(gettext_noop("No recurrence is recorded: record it first, or choose another reason."))
    if reason == DispositionReason.DEATH and not end.has_died:
        raise Refusal(gettext_noop("No death is recorded: record it first, or choose another reason."))
    if reason == DispositionReason.SCREEN_FAILURE and (is_treatment or end.is_enrolled):
        raise Refusal(gettext_noop("Only a patient who was never enrolled is a screen failure."))
    if reason == DispositionReason.ADVERSE_EVENT and not end.names_event:
        raise Refusal(gettext_noop("Name the adverse event because of which it ends."))
    if reason == DispositionReason.OTHER and not end.comment.strip():
        raise Refusal(gettext_noop("Say in your words why it ends."))


def _check_completed(end: EndFacts, regimen: Regimen) -> None:
    if end.first_dose_on is None:
        raise Refusal(gettext_noop("Treatment has no first dose: it cannot be complete."))
    if ended_early(end.first_dose_on, end.last_dose_on, regimen):
        raise Refusal(
            gettext_noop("Complete is a course whose last dose was on %(day)s or later."),
            day=completes_from(end.first_dose_on, regimen),
        )
