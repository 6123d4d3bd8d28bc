"""Fields that several pages of the clinic ask for."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from adverse_events.rules.ctcae import check_grade, terms
from patients.fields import DayField
from patients.validation import refused
from patients.words import CAUSALITIES, SERIOUS, Words
from protocol.sentences import Refusal

__all__ = [
    "CountField",
    "DayField",
    "EventFields",
    "MeasureField",
    "PatternField",
    "TellsEventField",
    "TermField",
    "TimeOfDayField",
]

PATTERN = re.compile(r"[0-9]{1,4}(\s*/\s*[0-9]{1,4})*")
BLANK = [("", "–")]
GRADES = [*BLANK, *((str(grade), str(grade)) for grade in range(1, 6))]


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


class TermField(forms.CharField):
    """A CTCAE term, found by its own words in any case and spelling of capitals."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(max_length=200, **{"label": _("CTCAE term"), **kwargs})
        self.widget.attrs |= {"list": "ctcae-terms", "autocomplete": "off"}

    def clean(self, value: object) -> str:
        text = " ".join(super().clean(value).split())
        return _by_folded_name().get(text.casefold(), text)


def _by_folded_name() -> dict[str, str]:
    return {name.casefold(): name for name in terms()}


def blank_choices(words: Words) -> list[tuple[str, object]]:
    return [*BLANK, *words.items()]


class TellsEventField(forms.BooleanField):
    """Whether what is done with the dose is written into the event it is done for."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Write it into the adverse event as the action taken"), required=False, initial=True
        )


class EventFields(forms.Form):
    """What is asked of every adverse event."""

    term = TermField()
    grade = forms.TypedChoiceField(label=_("Grade"), choices=GRADES, coerce=int, empty_value=None)
    started_on = DayField(label=_("Started on"))
    causality = forms.ChoiceField(
        label=_("Related to imatinib"), choices=blank_choices(CAUSALITIES), required=False
    )
    serious = forms.MultipleChoiceField(
        label=_("Serious because of"),
        choices=list(SERIOUS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    aware_at = forms.DateTimeField(
        label=_("Site became aware at"),
        required=False,
        input_formats=["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(attrs={"placeholder": _("YYYY-MM-DD HH:MM")}, format="%Y-%m-%d %H:%M"),
    )

    def clean(self) -> dict[str, object]:
        values = super().clean() or {}
        if values.get("term") and values.get("grade"):
            try:
                check_grade(values["term"], values["grade"])
            except Refusal as refusal:
                raise refused(refusal, "grade" if "grade" in refusal.values else "term") from refusal
        return values
