"""The only hands that write patients: at entry, consents, how they are reached, what becomes of them."""

from patients.services.consents import give_consent, withdraw_consent
from patients.services.contact import (
    agree_to_reminders,
    change_contact,
    mark_address_refused,
    opt_out,
    withdraw_from_reminders,
)
from patients.services.entry import (
    NotEligible,
    change_screening,
    close_as_screen_failure,
    enrol_patient,
    keep_assessment,
    record_first_dose,
    screen_patient,
)
from patients.services.outcomes import (
    change_outcome,
    confirm_recurrence,
    record_disposition,
    record_outcome,
    refute_recurrence,
)

__all__ = [
    "NotEligible",
    "agree_to_reminders",
    "change_contact",
    "change_outcome",
    "change_screening",
    "close_as_screen_failure",
    "confirm_recurrence",
    "enrol_patient",
    "give_consent",
    "keep_assessment",
    "mark_address_refused",
    "opt_out",
    "record_disposition",
    "record_first_dose",
    "record_outcome",
    "refute_recurrence",
    "screen_patient",
    "withdraw_consent",
    "withdraw_from_reminders",
]
