"""Stored values in words, for those who read a trail."""

from datetime import date, datetime, time
from decimal import Decimal
from functools import singledispatch

from django.utils import timezone
from django.utils.formats import date_format, number_format, time_format
from django.utils.translation import gettext as _

from patients.words import plain, word_of

NOTHING = "–"
HIDDEN_VALUE = "•••"


@singledispatch
def value_words(value: object) -> str:
    return NOTHING if value is None else str(value)


@value_words.register
def text_words(value: str) -> str:
    return word_of(value) if value else NOTHING


@value_words.register
def yes_no_words(value: bool) -> str:
    return _("yes") if value else _("no")


@value_words.register
def number_words(value: Decimal) -> str:
    return str(number_format(plain(value)))


@value_words.register
def instant_words(value: datetime) -> str:
    return str(date_format(timezone.localtime(value), "DATETIME_FORMAT"))


@value_words.register
def day_words(value: date) -> str:
    return str(date_format(value, "DATE_FORMAT"))


@value_words.register
def time_words(value: time) -> str:
    return str(time_format(value))


@value_words.register
def list_words(value: list) -> str:
    return ", ".join(value_words(item) for item in value) or NOTHING
