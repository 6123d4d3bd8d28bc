"""Eligibility criterion by criterion, in words, with the verdict of each."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from clinic.selectors.course import Course
from patients.words import CRITERIA, word_of
from protocol.codes import Verdict

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
