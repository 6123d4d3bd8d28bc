"""Form fields for days as the clinic types them."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from patients.validation import YEARS
from protocol.partial_days import PartialDay, partial_day


class DayInput(forms.DateInput):
    """A typed day, ISO; figures come up on a touch keyboard."""

    def __init__(self, attrs: dict[str, Any] | None = None, **_options: Any) -> None:
        usual = {"inputmode": "numeric", "placeholder": _("YYYY-MM-DD"), "autocomplete": "off"}
        super().__init__(attrs=usual | (attrs or {}), format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day of a year in which somebody in the study may have lived."""

    widget = DayInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs["input_formats"] = ["%Y-%m-%d", "%Y.%m.%d", "%Y%m%d"]
        super().__init__(**kwargs)

    def clean(self, value: Any) -> date | None:
        day = super().clean(value)
        if day is not None and day.year not in YEARS:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class PartialDayField(forms.CharField):
    """A day, or what is known of one: the month, or only the year. Nothing is filled in."""

    default_error_messages = {
        "invalid": _("Write a day, or what is known of it: 2026-03-14, 2026-03 or 2026.")
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=10, **kwargs)
        hint = {"inputmode": "numeric", "placeholder": _("YYYY-MM-DD"), "autocomplete": "off"}
        self.widget.attrs |= hint

    def clean(self, value: Any) -> PartialDay | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            day = partial_day(text)
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error
        if day.earliest.year not in YEARS:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day
