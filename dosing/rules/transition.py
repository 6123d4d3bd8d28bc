"""The change from prescriptions to study drug."""

from datetime import date, timedelta

from protocol.days import extension_from
from protocol.definition import Regimen


def earliest_study_drug_on(first_dose_on: date, regimen: Regimen) -> date:
    """The first day on which study drug may be handed out: a few days before the extension begins."""
    return extension_from(first_dose_on, regimen) - timedelta(days=regimen.dispense_before_transition_days)
