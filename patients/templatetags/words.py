"""Codes in words, for templates."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from patients.presenters import dose_words
from patients.words import day_words, word_of
from protocol.partial_days import PartialDay

register = template.Library()

ACTIONS: dict[str, str | Promise] = {"insert": _("Created"), "update": _("Changed"), "delete": _("Deleted")}


@register.filter
def words(code: str) -> str:
    return word_of(str(code))


@register.filter
def dose(pattern_mg: list[int]) -> str:
    return dose_words(pattern_mg)


@register.filter
def partial_day(day: PartialDay | None) -> str:
    """A day, or what is known of it and what is not; blank without one."""
    return day_words(day) if day else ""


@register.filter
def action_word(label: str) -> str:
    """What the trail calls an event, in a word."""
    return str(ACTIONS.get(label, label))
