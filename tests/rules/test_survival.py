"""Recurrence-free and overall survival of one patient."""

from datetime import date

import pytest

from patients.rules.facts import OutcomeFacts, PatientFacts, TumourFacts
from patients.rules.survival import (
    OverallSurvival,
    RecurrenceFreeSurvival,
    overall_survival,
    recurrence_free_survival,
    survival_lines,
)
from protocol import load_protocol

PROTOCOL = load_protocol()
T0 = date(2022, 9, 7)
PATIENT = PatientFacts(
    "01-001", "A", enrolled_on=T0, first_dose_on=T0, tumour=TumourFacts(surgery_on=date(2022, 8, 1))
)
TREATED = PatientFacts("01-002", "B", enrolled_on=date(2025, 9, 15), first_dose_on=date(2023, 3, 15))
LATER = date(2028, 1, 1)


def rfs(patient, *outcomes, on=LATER, origin=None):
    facts = [OutcomeFacts(kind, day) for kind, day in outcomes]
    return recurrence_free_survival(patient, facts, PROTOCOL, on=on, origin=origin)


def test_recurrence_on_treatment():
    result = rfs(PATIENT, ("RECURRENCE", date(2026, 1, 15)))
    assert result == RecurrenceFreeSurvival(T0, 0, "RECURRENCE", date(2026, 1, 15), 1227)


@pytest.mark.parametrize(
    ("origin", "entry_day", "days"), [(None, 915, 1420), ("ENROLMENT", 0, 505), ("EXTENSION", 0, 324)]
)
def test_delayed_entry_by_origin(origin, entry_day, days):
    result = rfs(TREATED, ("RECURRENCE", date(2027, 2, 1)), origin=origin)
    assert (result.entry_day, result.days) == (entry_day, days)


def test_surgery_as_origin():
    assert rfs(PATIENT, origin="SURGERY").from_on == date(2022, 8, 1)


@pytest.mark.parametrize(
    ("outcomes", "status", "on"),
    [
        ([], "CENSORED", T0),
        ([("DISEASE_FREE", date(2023, 3, 7)), ("ALIVE", date(2023, 9, 1))], "CENSORED", date(2023, 3, 7)),
        ([("DISEASE_FREE", date(2022, 8, 1))], "CENSORED", T0),
        ([("DEATH", date(2023, 1, 2)), ("RECURRENCE", date(2023, 1, 2))], "RECURRENCE", date(2023, 1, 2)),
        ([("DEATH", date(2023, 1, 2)), ("RECURRENCE", date(2023, 1, 3))], "DEATH", date(2023, 1, 2)),
        ([("RECURRENCE", date(2022, 9, 6))], "CENSORED", T0),
        ([("RECURRENCE", date(2028, 1, 2))], "CENSORED", T0),
        (
            [("RECURRENCE", date(2024, 1, 2)), ("RECURRENCE", date(2023, 5, 5))],
            "RECURRENCE",
            date(2023, 5, 5),
        ),
    ],
)
def test_event_or_censoring(outcomes, status, on):
    result = rfs(PATIENT, *outcomes)
    assert (result.status, result.on, result.days) == (status, on, (on - T0).days + 1)


@pytest.mark.parametrize(
    ("on", "expected"), [(date(2025, 9, 14), date(2023, 3, 15)), (LATER, date(2025, 9, 15))]
)
def test_enrolment_censors_only_once_it_has_come(on, expected):
    result = rfs(TREATED, on=on)
    assert (result.on, result.entry_day) == (expected, 915)


def test_no_survival_before_its_origin():
    assert rfs(PATIENT, on=date(2022, 9, 6)) is None
    assert rfs(PatientFacts("01-003", "A")) is None
    assert overall_survival(PATIENT, [], PROTOCOL, on=date(2022, 9, 6)) is None


def test_enrolment_unknown_enters_at_the_origin():
    assert rfs(PatientFacts("01-003", "A", first_dose_on=T0)).entry_day == 0


def test_overall_survival_ends_with_death():
    outcomes = [OutcomeFacts("RECURRENCE", date(2023, 1, 1)), OutcomeFacts("DEATH", date(2023, 9, 6))]
    result = overall_survival(PATIENT, outcomes, PROTOCOL, on=LATER)
    assert result == OverallSurvival(T0, 0, True, date(2023, 9, 6), 365)


def test_overall_survival_is_censored_at_the_last_contact():
    outcomes = [OutcomeFacts("ALIVE", date(2023, 9, 1)), OutcomeFacts("DISEASE_FREE", date(2023, 3, 1))]
    result = overall_survival(PATIENT, outcomes, PROTOCOL, on=LATER)
    assert (result.died, result.on) == (False, date(2023, 9, 1))


def test_every_origin_has_its_line_and_the_protocol_names_one():
    seen = [OutcomeFacts("RECURRENCE", date(2027, 2, 1)), OutcomeFacts("DEATH", date(2027, 5, 1))]
    lines = {line.origin: line for line in survival_lines(TREATED, seen, PROTOCOL, on=LATER)}
    assert [origin for origin, line in lines.items() if line.is_default] == ["FIRST_DOSE"]
    found = {
        origin: (line.rfs.entry_day, line.rfs.days, line.overall.days, line.overall.died)
        for origin, line in lines.items()
        if line.rfs
    }
    assert found == {
        "FIRST_DOSE": (915, 1420, 1509, True),
        "ENROLMENT": (0, 505, 594, True),
        "EXTENSION": (0, 324, 413, True),
    }
    assert lines["SURGERY"].overall is None
