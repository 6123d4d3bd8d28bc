"""The hands that write what is known of a patient."""

from patients.services.entry import (
    NotEligible,
    change_contact,
    change_screening,
    eligibility_of,
    enrol_patient,
    opt_out,
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
    "change_contact",
    "change_outcome",
    "change_screening",
    "confirm_recurrence",
    "eligibility_of",
    "enrol_patient",
    "opt_out",
    "record_disposition",
    "record_first_dose",
    "record_outcome",
    "refute_recurrence",
    "screen_patient",
]
