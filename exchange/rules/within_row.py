"""What must hold between the values of one row; each function returns what is wrong, or None."""

from datetime import date

from adverse_events.rules.ctcae import find_term
from protocol.codes import DispositionRecord

UNSCHEDULED = "UNS"


def born_before_consent(birth_date: date | None, consent_on: date | None) -> str | None:
    if birth_date and consent_on and birth_date > consent_on:
        return f"{birth_date} is after the consent, expected a day up to {consent_on}"
    return None


def not_both(occurred_on: date | None, not_done: bool | None) -> str | None:
    if occurred_on and not_done:
        return "yes beside a day on which the visit occurred, expected one of the two"
    return None


def not_neither(visit: str | None, occurred_on: date | None, not_done: bool | None) -> str | None:
    if occurred_on:
        return None
    if visit == UNSCHEDULED:
        return "is blank, expected the day of the unscheduled visit"
    return None if not_done else "is blank and so is not_done, expected one of the two"


def ends_after_start(start: date | None, end: date | None) -> str | None:
    if start and end and end < start:
        return f"{end} is before the start, expected a day from {start} on"
    return None


def grade_of_term(term: str | None, grade: int | None) -> str | None:
    """Only a grade above the highest of the term is impossible; doubtful ones become queries."""
    found = find_term(term) if term else None
    if found and grade and grade > found.highest_grade:
        return f"{grade} does not exist for {found.name}, expected at most {found.highest_grade}"
    return None


def last_dose_of_treatment(record: str | None, last_dose_on: date | None) -> str | None:
    if record == DispositionRecord.TREATMENT and not last_dose_on:
        return "is blank, expected the day of the last dose"
    if record == DispositionRecord.PARTICIPATION and last_dose_on:
        return "belongs to the end of treatment, expected blank at the end of participation"
    return None
