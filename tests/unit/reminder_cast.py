"""A patient who is expected on a day, for the tests of reminders. The first dose was on Monday 6 January 2025."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from patients.models import Patient
from tests.factories import ContactFactory, EnrolmentFactory, PatientFactory, VisitFactory
from visits.models import Visit

SEOUL = ZoneInfo("Asia/Seoul")
# Month 6: target Sunday 6 July 2025, suggested Monday the 7th, window 22 June to 20 July.
SUGGESTED_ON = date(2025, 7, 7)


def seoul(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), SEOUL)


def patient_with_mail(**fields) -> Patient:
    """`contact__…` goes to the contact, the rest to the patient."""
    contact = {name.removeprefix("contact__"): fields.pop(name) for name in list(fields) if "__" in name}
    patient = PatientFactory(**fields)
    EnrolmentFactory(patient=patient)
    ContactFactory(patient=patient, **contact)
    return patient


def expected_visit(patient: Patient | None = None, **fields) -> Visit:
    """Month 6, not recorded; booked if `booked_on` says so."""
    return VisitFactory(patient=patient or patient_with_mail(), **fields)
