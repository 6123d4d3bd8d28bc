"""Form fields for days as the clinic types them."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from patients.validation import YEARS


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
