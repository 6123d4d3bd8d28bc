"""One patient as a row: what the stored course summary says, in words and numbers ready for a page."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, Self

from django.core.exceptions import ObjectDoesNotExist
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from patients.models import Patient
from patients.words import word_of
from protocol.days import days_between, phase_on, treatment_day
from protocol.definition import Adherence, Regimen


@dataclass(frozen=True, slots=True)
class Flag:
    code: str
    from_on: date
    to_on: date | None


@dataclass(frozen=True, slots=True)
class NextVisit:
    code: str
    target_on: date
    opens_on: date
    closes_on: date

    @classmethod
    def from_payload(cls, payload: dict[str, Any] | None) -> Self | None:
        if payload is None:
            return None
        days = (date.fromisoformat(payload[key]) for key in ("target_on", "opens_on", "closes_on"))
        return cls(payload["visit"], *days)


def payload_of(patient: Patient) -> dict[str, Any]:
    """The stored summary, or nothing yet for a patient whose summary is still to be built."""
    try:
        return dict(patient.summary.payload)
    except ObjectDoesNotExist:
        return {}


def phase_words(phase: str, day: int | None, planned_days: int | None) -> str:
    """ "IP extension · day 1,538 of 1,826"; only the phase while there is no first dose."""
    if day is None or planned_days is None:
        return word_of(phase)
    facts = {
        "phase": word_of(phase),
        "day": number_format(day, force_grouping=True),
        "days": number_format(planned_days, force_grouping=True),
    }
    return _("%(phase)s · day %(day)s of %(days)s") % facts


def ended_words(first_dose_on: date, ended_on: date, regimen: Regimen) -> str:
    """ "Standard treatment · ended on day 761": where a treatment stood when it ended."""
    day = number_format(treatment_day(first_dose_on, ended_on), force_grouping=True)
    facts = {"phase": word_of(phase_on(first_dose_on, ended_on, regimen)), "day": day}
    return _("%(phase)s · ended on day %(day)s") % facts


def dose_words(pattern_mg: list[int] | tuple[int, ...] | None) -> str:
    """ "400 mg", "400/0 mg" for every other day, "On hold" at 0 mg, "–" without an order."""
    if not pattern_mg:
        return "–"
    if not any(pattern_mg):
        return _("On hold")
    return _("%(dose)s mg") % {"dose": "/".join(str(mg) for mg in pattern_mg)}


def current_dose_words(payload: dict[str, Any]) -> str:
    """The dose in force, or since when there is none any more."""
    if ended_on := payload.get("treatment_ended_on"):
        return _("Ended %(day)s") % {"day": date_format(date.fromisoformat(ended_on), "DATE_FORMAT")}
    dose = payload.get("dose")
    return dose_words(dose["pattern_mg"] if dose else None)


class Band(NamedTuple):
    css_class: str
    shape: str


PLAIN = Band("", "")


def adherence_band(percent: Decimal | None, adherence: Adherence) -> Band:
    """How an adherence stands out: not at all when good; when fair, poor, or so high that it is a question."""
    if percent is None:
        return PLAIN
    if percent >= adherence.overuse_percent:
        return Band("band-caution", "▲")
    if percent >= adherence.good_percent:
        return PLAIN
    return Band("band-caution", "▽") if percent >= adherence.fair_percent else Band("band-alarm", "▼")


def planned_days(first_dose_on: date | None, payload: dict[str, Any]) -> int | None:
    end = payload.get("planned_end_on")
    return days_between(first_dose_on, date.fromisoformat(end)) if first_dose_on and end else None


def course_words(patient: Patient, *, on: date) -> str:
    """Phase and treatment day on a day, from the stored summary; of the last day once treatment has ended."""
    payload = payload_of(patient)
    first_dose_on = patient.first_dose_on
    if first_dose_on and (ended_on := payload.get("treatment_ended_on")):
        return ended_words(first_dose_on, date.fromisoformat(ended_on), patient.protocol.regimen)
    day = treatment_day(first_dose_on, on) if first_dose_on else None
    return phase_words(payload.get("phase", "PRE"), day, planned_days(first_dose_on, payload))


def open_flags(patient: Patient) -> list[Flag]:
    """What is flagged and still so."""
    flags = payload_of(patient).get("flags", [])
    return [
        Flag(flag["code"], date.fromisoformat(flag["from_on"]), None)
        for flag in flags
        if flag["to_on"] is None
    ]


def band_of(patient: Patient, percent: Decimal | None) -> Band:
    return adherence_band(percent, patient.protocol.adherence)
