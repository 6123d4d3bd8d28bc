"""One patient's course with everything computed of it: loaded once, read by every part of the chart."""

from dataclasses import dataclass
from datetime import date

from courses.rules.facts import CourseFacts, cut_off
from courses.rules.summary import CourseSummary, course_summary
from courses.selectors import course_facts
from dosing.rules.accountability import AccountabilityInterval, accountability_intervals
from dosing.rules.orders import DosePeriod, dose_periods
from patients.models import Patient
from protocol.definition import Protocol


@dataclass(frozen=True, slots=True)
class Course:
    """`facts` are those known on the day `on`; `all_facts` also what is dated later (an order for next week)."""

    patient: Patient
    protocol: Protocol
    on: date
    all_facts: CourseFacts
    facts: CourseFacts
    summary: CourseSummary
    periods: tuple[DosePeriod, ...]
    intervals: tuple[AccountabilityInterval, ...]


def course_of(patient: Patient, *, on: date) -> Course:
    """The course of a patient whom the user may see: that was decided by the caller."""
    protocol = patient.protocol
    all_facts = course_facts([patient.pk])[patient.pk]
    facts = cut_off(all_facts, on)
    periods = dose_periods(facts.orders, facts.last_dose_on)
    return Course(
        patient=patient,
        protocol=protocol,
        on=on,
        all_facts=all_facts,
        facts=facts,
        summary=course_summary(all_facts, protocol, on),
        periods=periods,
        intervals=accountability_intervals(facts.kits, facts.returns, periods, facts.last_dose_on),
    )
