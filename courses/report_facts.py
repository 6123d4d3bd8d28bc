"""What a safety report says of an event or a pregnancy, gathered from the whole course as it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from accounts.models import User
from accounts.selectors import roles_of
from adverse_events.models import AdverseEvent, Pregnancy, Subject
from adverse_events.rules.reports import LabLine, ReportContent
from courses.rules.challenge import challenge
from courses.rules.facts import CourseFacts
from courses.selectors import course_facts
from dosing.rules.orders import dose_periods, order_on
from patients.models import Patient
from patients.words import plain
from protocol.days import ONE_DAY, age_on
from visits.models import LabResult


@dataclass(frozen=True, slots=True)
class Texts:
    """What only a person can say."""

    narrative: str = ""
    other_drugs: str = ""
    history: str = ""


def report_content(subject: Subject, texts: Texts, *, by: User) -> ReportContent:
    """Whom a user may see was decided by the caller."""
    patient, facts = subject.patient, course_facts([subject.patient_id])[subject.patient_id]
    onset_on, study = _onset(subject), patient.protocol.study
    said = _pregnancy(subject) if isinstance(subject, Pregnancy) else _event(subject, facts)
    return ReportContent(
        study=f"{study.sponsor_code} · {study.registry_id}",
        site=patient.site.code,
        subject_id=patient.subject_id,
        sex=patient.sex,
        age_at_onset=age_on(patient.birth_date, onset_on) if patient.birth_date else None,
        aware_at=_instant(subject.aware_at),
        reporter=by.get_full_name() or by.get_username(),
        reporter_role=",".join(sorted(roles_of(by))),
        narrative=texts.narrative,
        other_drugs=texts.other_drugs,
        history=texts.history,
        labs=tuple(_labs(patient, onset_on)),
        **said,
        **_drug(facts, onset_on),
    )


def _event(event: AdverseEvent, facts: CourseFacts) -> dict[str, object]:
    answers = challenge(
        event.facts,
        dose_periods(facts.orders, facts.last_dose_on),
        facts.last_dose_on,
        [other.facts for other in AdverseEvent.objects.filter(patient=event.patient)],
    )
    return {
        "number": event.ae_no,
        "term": event.term,
        "dictionary": f"CTCAE {event.dictionary_version}",
        "started_on": str(event.start),
        "ended_on": str(event.end or ""),
        "grade": event.grade,
        "serious": tuple(event.serious),
        "causality": event.causality,
        "expectedness": event.expectedness,
        "outcome": event.outcome,
        "action_taken": event.action_taken,
        "dechallenge": answers.dechallenge.value,
        "rechallenge": answers.rechallenge.value,
    }


def _pregnancy(pregnancy: Pregnancy) -> dict[str, object]:
    return {
        "number": pregnancy.pregnancy_no,
        "who_is_pregnant": pregnancy.who,
        "test_on": _day(pregnancy.test_on),
        "expected_on": _day(pregnancy.expected_on),
        "outcome": pregnancy.outcome,
        "outcome_on": _day(pregnancy.outcome_on),
    }


def _drug(facts: CourseFacts, onset_on: date) -> dict[str, object]:
    """The suspect drug: the dose on the day of onset and the days of treatment."""
    order = order_on(facts.orders, onset_on, facts.last_dose_on)
    return {
        "dose_mg": order.pattern_mg if order else (),
        "first_dose_on": _day(facts.patient.first_dose_on),
        "last_dose_on": _day(facts.last_dose_on),
    }


def _labs(patient: Patient, onset_on: date) -> Iterator[LabLine]:
    around = patient.protocol.adverse_events.report_labs_around_onset_days * ONE_DAY
    near = LabResult.objects.filter(
        patient=patient, collected_on__range=(onset_on - around, onset_on + around)
    )
    for row in near.order_by("collected_on", "test"):
        value, lln, uln = (
            "" if each is None else f"{plain(each):f}" for each in (row.value, row.lln, row.uln)
        )
        yield LabLine(row.collected_on.isoformat(), row.test, value, row.unit, lln, uln)


def _onset(subject: Subject) -> date:
    if isinstance(subject, Pregnancy):
        return subject.test_on or subject.aware_at.astimezone(settings.CLINIC_ZONE).date()
    return subject.started_on


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _instant(at: datetime | None) -> str:
    return at.astimezone(settings.CLINIC_ZONE).isoformat(timespec="minutes") if at else ""
