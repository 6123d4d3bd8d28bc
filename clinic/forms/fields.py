"""Fields that several pages of the clinic ask for."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from patients.fields import DayField, PartialDayField
from patients.words import Words

__all__ = [
    "CountField",
    "DayField",
    "MeasureField",
    "PartialDayField",
    "PatternField",
    "TellsEventField",
    "TimeOfDayField",
]

PATTERN = re.compile(r"[0-9]{1,4}(\s*/\s*[0-9]{1,4})*")
BLANK = [("", "–")]


class TimeOfDayField(forms.TimeField):
    widget = forms.TimeInput(
        attrs={"inputmode": "numeric", "placeholder": "HH:MM", "autocomplete": "off"}, format="%H:%M"
    )

    def __init__(self, **kwargs: object) -> None:
        super().__init__(input_formats=["%H:%M", "%H%M"], **kwargs)


class CountField(forms.IntegerField):
    """A number of tablets or doses."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(min_value=0, max_value=9999, **kwargs)
        self.widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})


class MeasureField(forms.DecimalField):
    def __init__(self, **kwargs: object) -> None:
        super().__init__(min_value=0, max_digits=18, decimal_places=6, **kwargs)
        self.widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})


class PatternField(forms.CharField):
    """mg of each day of a repeated pattern: "300", "400/0" for every other day."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(max_length=100, **{"label": _("Dose (mg a day)"), **kwargs})
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: object) -> tuple[int, ...] | None:
        text = super().clean(value).strip()
        if not text:
            return None
        if not PATTERN.fullmatch(text):
            raise forms.ValidationError(
                _("Write milligrams a day, or a pattern of days such as 400/0."), code="pattern"
            )
        return tuple(int(mg) for mg in text.split("/"))


def blank_choices(words: Words) -> list[tuple[str, object]]:
    return [*BLANK, *words.items()]


class TellsEventField(forms.BooleanField):
    """Whether what is done with the dose is written into the event it is done for."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Write it into the adverse event as the action taken"), required=False, initial=True
        )
