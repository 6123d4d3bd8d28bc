"""Which consents are still to be signed, on the days around each limit."""

from datetime import date

import pytest

from patients.rules.consents import (
    BEFORE_EXTENSION,
    NOT_RECORDED,
    SIGN_AGAIN,
    Due,
    FormVersion,
    SignedConsent,
    consents_due,
)
from protocol import load_protocol

REGIMEN = load_protocol().regimen
ENROLLED, T0 = date(2023, 3, 10), date(2023, 3, 15)  # the extension begins on 2026-03-15
STUDY = SignedConsent("STUDY", "1.0", date(2023, 3, 1))
EXTENSION = SignedConsent("EXTENSION", "1.0", date(2026, 3, 2))
SECOND = FormVersion("STUDY", "2.0", date(2024, 6, 1), asks_again=True)


def due(*signed, forms=(), on=date(2025, 1, 1), first_dose_on=T0, treatment_ended_on=None):
    return consents_due(
        signed,
        forms,
        enrolled_on=ENROLLED,
        first_dose_on=first_dose_on,
        treatment_ended_on=treatment_ended_on,
        regimen=REGIMEN,
        on=on,
    )


@pytest.mark.parametrize(
    ("signed", "forms", "on", "expected"),
    [
        ([STUDY], [], date(2025, 1, 1), []),
        ([], [], date(2025, 1, 1), [Due("STUDY", "", ENROLLED, NOT_RECORDED)]),
        ([], [], date(2023, 3, 9), []),
        ([STUDY], [SECOND], date(2024, 5, 31), []),
        ([STUDY], [SECOND], date(2024, 6, 1), [Due("STUDY", "2.0", date(2024, 6, 1), SIGN_AGAIN)]),
        ([STUDY, SignedConsent("STUDY", "2.0", date(2024, 6, 9))], [SECOND], date(2025, 1, 1), []),
        ([STUDY], [FormVersion("STUDY", "2.0", date(2024, 6, 1))], date(2025, 1, 1), []),
        ([STUDY], [], date(2026, 2, 28), []),
        ([STUDY], [], date(2026, 3, 1), [Due("EXTENSION", "", date(2026, 3, 1), BEFORE_EXTENSION)]),
        ([STUDY, EXTENSION], [], date(2026, 4, 1), []),
    ],
)
def test_due_on_the_day_and_not_before(signed, forms, on, expected):
    assert list(due(*signed, forms=forms, on=on)) == expected


def test_what_was_withdrawn_is_not_asked_for_again():
    withdrawn = SignedConsent("STUDY", "1.0", date(2023, 3, 1), date(2024, 1, 1))
    assert due(withdrawn, forms=[SECOND]) == ()


def test_the_newest_form_is_the_one_to_sign_since_the_first_that_asks():
    third = FormVersion("STUDY", "3.0", date(2024, 9, 1), asks_again=True)
    assert due(STUDY, forms=[third, SECOND]) == (Due("STUDY", "3.0", date(2024, 6, 1), SIGN_AGAIN),)


def test_a_form_to_sign_is_named_where_nothing_was_signed():
    assert due(forms=[SECOND])[0].version == "2.0"


@pytest.mark.parametrize("changes", [{"first_dose_on": None}, {"treatment_ended_on": date(2026, 3, 14)}])
def test_no_extension_no_consent_to_it(changes):
    assert due(STUDY, on=date(2026, 5, 1), **changes) == ()


def test_treatment_that_ended_in_the_extension_had_needed_the_consent():
    assert due(STUDY, on=date(2026, 5, 1), treatment_ended_on=date(2026, 3, 15))[0].purpose == "EXTENSION"
