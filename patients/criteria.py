"""Eligibility criterion by criterion, in words: what was entered, the verdict, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as sentence
from django.utils.translation import gettext_lazy as _

from patients.kept import facts_from_json
from patients.models import EligibilityRecord, Patient, Screening, Tumour
from patients.presenters import Band
from patients.rules.criteria import CriterionReport, EligibilityReport
from patients.rules.explanation import FACT, Entered, plain
from patients.rules.modified_nih import modified_nih
from patients.words import CRITERIA, RUPTURES, word_of
from protocol.codes import Verdict
from protocol.sentences import Sentence

APPLIES, DOES_NOT_APPLY = _("Applies: excludes"), _("Does not apply")
EXCLUSION_WORDS = {Verdict.NOT_MET: APPLIES, Verdict.MET: DOES_NOT_APPLY, Verdict.UNKNOWN: _("Unknown")}
MOST_TITLES = 5
_OTHER_FACTS: Mapping[str, str | Promise] = {
    "consent_on": _("Consent to the study"),
    "enrolled_on": _("Day of enrolment"),
    "prior_orders": _("Dose orders"),
}


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """`entered` are (fact, value) pairs in words."""

    criterion: str
    title: str
    verdict: str
    words: str
    entered: tuple[tuple[str, str], ...]
    why: tuple[str, ...]
    stands_in_the_way: bool

    @property
    def mark(self) -> Band:
        """What is not known is to be completed; only what is known to fail is alarming."""
        if not self.stands_in_the_way:
            return Band("", "●")
        return Band("band-caution", "○") if self.verdict == Verdict.UNKNOWN else Band("band-alarm", "✕")


@dataclass(frozen=True, slots=True)
class Eligibility:
    """`missing` and `against`: the titles of what is not known yet, and of what stands in the way."""

    verdict: str
    words: str
    risk: str
    inclusion: tuple[CriterionLine, ...]
    exclusion: tuple[CriterionLine, ...]
    missing: tuple[str, ...]
    against: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def missing_in_short(self) -> tuple[str, ...]:
        """Many at once are named by their numbers: the table says what they ask for."""
        few = len(self.missing) <= MOST_TITLES
        return self.missing if few else tuple(title.split(maxsplit=1)[0] for title in self.missing)

    @property
    def lines(self) -> tuple[CriterionLine, ...]:
        return (*self.inclusion, *self.exclusion)


def eligibility_words(found: EligibilityReport) -> Eligibility:
    assessment = found.assessment
    against = (*assessment.not_met, *assessment.boundary, *assessment.excluded_by)
    return Eligibility(
        verdict=assessment.verdict,
        words=word_of(assessment.verdict),
        risk=word_of(assessment.modified_nih) if assessment.modified_nih else "",
        inclusion=tuple(_line(line, word_of(line.verdict)) for line in found.inclusion),
        exclusion=tuple(_line(line, str(EXCLUSION_WORDS[line.verdict])) for line in found.exclusion),
        missing=_titles(assessment.unknown),
        against=_titles(against),
        warnings=tuple(criterion_sentence(warning) for warning in found.warnings),
    )


def kept_eligibility(record: EligibilityRecord) -> Eligibility:
    """A kept assessment as it was decided, whatever is known by now."""
    lines = [_kept_line(line) for line in record.criteria]
    facts = facts_from_json(record.inputs)
    blocking = [line for line in lines if line.stands_in_the_way]
    risk = modified_nih(facts.tumour)
    inclusion = tuple(line for line in lines if line.criterion.startswith("I"))
    return Eligibility(
        verdict=record.verdict,
        words=word_of(record.verdict),
        risk=word_of(risk) if risk else "",
        inclusion=inclusion,
        exclusion=tuple(lines[len(inclusion) :]),
        missing=_titles(line.criterion for line in blocking if line.verdict == Verdict.UNKNOWN),
        against=_titles(line.criterion for line in blocking if line.verdict != Verdict.UNKNOWN),
        warnings=(),
    )


def _kept_line(kept: dict[str, Any]) -> CriterionLine:
    report = CriterionReport(
        criterion=kept["criterion"],
        verdict=Verdict(kept["verdict"]),
        entered=tuple(
            Entered(fact["name"], _kept_value(fact["value"]), fact["unit"]) for fact in kept["entered"]
        ),
        why=tuple(Sentence(why["message"], why["values"]) for why in kept["why"]),
        stands_in_the_way=kept["stands_in_the_way"],
    )
    is_inclusion = report.criterion.startswith("I")
    words = word_of(report.verdict) if is_inclusion else str(EXCLUSION_WORDS[report.verdict])
    return _line(report, words)


def _kept_value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _titles(criteria: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{criterion} {CRITERIA[criterion]}" for criterion in criteria)


def _line(line: CriterionReport, words: str) -> CriterionLine:
    return CriterionLine(
        criterion=line.criterion,
        title=str(CRITERIA[line.criterion]),
        verdict=line.verdict,
        words=words,
        entered=tuple((fact_name(fact.name), _value(fact)) for fact in line.entered),
        why=tuple(criterion_sentence(why) for why in line.why),
        stands_in_the_way=line.stands_in_the_way,
    )


def criterion_sentence(found: Sentence) -> str:
    """A rule's sentence in the reader's language, with facts by their names and days as days are written."""
    values = {key: _in_words(key, value) for key, value in found.values.items()}
    return sentence(found.message) % values


def _in_words(key: str, value: object) -> object:
    if key == FACT:
        return fact_name(str(value))
    return date_format(value) if isinstance(value, date) else value


def fact_name(name: str) -> str:
    """The words of a fact: those of the field it is entered in."""
    if name in _OTHER_FACTS:
        return str(_OTHER_FACTS[name])
    for model in (Screening, Tumour, Patient):
        fields = {field.name: field for field in model._meta.concrete_fields}
        if name in fields:
            words = str(fields[name].verbose_name)
            return words[:1].upper() + words[1:]
    return name


def _value(fact: Entered) -> str:
    value = fact.value
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return sentence("Yes") if value else sentence("No")
    if isinstance(value, date):
        return date_format(value)
    if isinstance(value, tuple):
        if fact.name == "prior_orders":
            return "/".join(value) or sentence("none")
        return "; ".join(str(RUPTURES[code]) for code in value) or sentence("none")
    words = plain(value) if isinstance(value, Decimal) else word_of(str(value))
    return f"{words} {fact.unit}".strip()
