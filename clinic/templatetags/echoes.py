"""What the pages of the clinic look up while they are being drawn."""

from collections.abc import Mapping

from django import template

from adverse_events.rules.lab_grades import LabGrade
from patients.words import sentence_words
from protocol.sentences import Sentence

register = template.Library()


@register.filter
def of_test(grades: Mapping[str, LabGrade], test: str) -> LabGrade | None:
    """The grade of one test, or None while nothing is typed for it."""
    return grades.get(test)


@register.filter
def sentence(said: Sentence) -> str:
    """A rule's sentence in the reader's language."""
    return sentence_words(said)
