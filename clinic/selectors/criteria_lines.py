"""Eligibility criterion by criterion, in words, with the verdict of each."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clinic.selectors.course import Course
from patients.words import word_of
from protocol.codes import Verdict

CRITERIA: dict[str, str | Promise] = {
    "I1": _("Old enough on the day of consent"),
    "I2": _("GIST confirmed by histology, with CD117, DOG-1, or a KIT or PDGFRA mutation"),
    "I3": _("R0 resection; first dose soon after surgery, or already on imatinib with a high risk"),
    "I4": _("High risk: tumour rupture, or size and mitoses both over the limit"),
    "I5": _("ECOG performance status low enough"),
    "I6a": _("Neutrophils high enough"),
    "I6b": _("Platelets high enough"),
    "I6c": _("Haemoglobin high enough"),
    "I6d": _("Bilirubin low enough"),
    "I6e": _("AST and ALT low enough"),
    "I6f": _("Creatinine low enough"),
    "I7": _("Written consent, signed by the day of enrolment"),
    "E1": _("Pregnant or breastfeeding"),
    "E2": _("No contraception although it is needed"),
    "E3": _("Cardiovascular event shortly before enrolment, or heart failure NYHA III/IV"),
    "E4": _("Uncontrolled infection"),
    "E5": _("Liver disease other than stable chronic hepatitis B"),
    "E6": _("Dose under the minimum for toxicity before enrolment"),
    "E7": _("Another condition that makes the patient unsuitable"),
    "E8": _("HIV infection known"),
    "E9": _("Another active malignancy"),
    "E10": _("Alcohol or substance abuse"),
    "E11": _("PDGFRA D842V mutation"),
}
APPLIES, DOES_NOT_APPLY = _("Applies: excludes"), _("Does not apply")
EXCLUSION_WORDS = {Verdict.NOT_MET: APPLIES, Verdict.MET: DOES_NOT_APPLY, Verdict.UNKNOWN: _("Unknown")}


@dataclass(frozen=True, slots=True)
class CriterionLine:
    criterion: str
    title: str
    verdict: str
    words: str
    stands_in_the_way: bool


@dataclass(frozen=True, slots=True)
class Eligibility:
    verdict: str
    words: str
    risk: str
    inclusion: tuple[CriterionLine, ...]
    exclusion: tuple[CriterionLine, ...]


def eligibility(course: Course) -> Eligibility:
    found = course.summary.eligibility
    blocking = {*found.not_met, *found.boundary, *found.unknown, *found.excluded_by}
    return Eligibility(
        verdict=found.verdict,
        words=word_of(found.verdict),
        risk=word_of(found.modified_nih) if found.modified_nih else "",
        inclusion=tuple(_line(key, verdict, word_of(verdict), blocking) for key, verdict in found.inclusion),
        exclusion=tuple(
            _line(key, verdict, str(EXCLUSION_WORDS[verdict]), blocking) for key, verdict in found.exclusion
        ),
    )


def _line(criterion: str, verdict: Verdict, words: str, blocking: set[str]) -> CriterionLine:
    return CriterionLine(criterion, str(CRITERIA[criterion]), verdict, words, criterion in blocking)
