"""What a person asks the dashboard: which day, which part of the course, which courses in which order."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.selectors import sites_visible_to
from dashboard.measures import COURSE
from dashboard.rules.figures import PARTS
from dashboard.selectors import DEFAULT_SORT, SORTS, Choice
from patients.fields import DayField
from patients.words import PHASES, choices
from protocol.codes import EntryPath

ALL = ("", _("All"))
SORT_NAMES = {
    "subject": _("Subject id"),
    "first_dose": _("First dose"),
    "months": _("Months on treatment"),
    "adherence": _("Adherence by pill count"),
    "grade": _("Worst grade"),
}


class DayForm(forms.Form):
    """Any day up to today; none: today."""

    on = DayField(label=_("As of"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_on(self) -> date | None:
        on: date | None = self.cleaned_data["on"]
        if on is not None and on > self.today:
            raise forms.ValidationError(_("This day is still to come."))
        return on

    @property
    def day(self) -> date:
        """Today also where what was typed is no day: the page then says so."""
        return (self.cleaned_data.get("on") if self.is_valid() else None) or self.today


class ReportForm(forms.Form):
    """A report to the committee: the day it is about, and the language it is in."""

    as_of = DayField(label=_("As of"))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_as_of(self) -> date:
        on: date = self.cleaned_data["as_of"]
        if on > self.today:
            raise forms.ValidationError(_("This day is still to come."))
        return on


class PartForm(forms.Form):
    """The part of the course whose distributions are drawn."""

    part = forms.ChoiceField(choices=[(part, part) for part in PARTS], required=False)

    @property
    def chosen(self) -> str:
        return (self.cleaned_data["part"] if self.is_valid() else "") or COURSE


class CoursesForm(DayForm):
    """Narrows and sorts the swimmer plot; anything that cannot be read is passed over."""

    site = forms.ChoiceField(label=_("Site"), required=False)
    phase = forms.ChoiceField(label=_("Phase"), choices=[ALL, *choices(PHASES)], required=False)
    path = forms.ChoiceField(
        label=_("Entry path"),
        choices=[ALL, *((path.value, path.value) for path in EntryPath)],
        required=False,
    )
    ended = forms.ChoiceField(
        label=_("Treatment ended"), choices=[ALL, ("yes", _("Yes")), ("no", _("No"))], required=False
    )
    sort = forms.ChoiceField(label=_("Sort by"), required=False)
    descending = forms.BooleanField(label=_("Highest first"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = (
            sites_visible_to(user, Permission.VIEW_DASHBOARD).order_by("code").values_list("code", flat=True)
        )
        self.fields["site"].choices = [ALL, *((code, code) for code in codes)]
        self.fields["sort"].choices = [(key, SORT_NAMES[key]) for key in SORTS]
        self.fields["on"].widget = forms.HiddenInput()

    @property
    def choice(self) -> Choice:
        return Choice(**{name: self._wanted.get(name, "") for name in ("site", "phase", "path", "ended")})

    @property
    def order(self) -> str:
        """One of `SORTS`, with "-" for the other way round."""
        sign = "-" if self._wanted.get("descending") else ""
        return sign + (self._wanted.get("sort") or DEFAULT_SORT)

    @property
    def _wanted(self) -> dict[str, Any]:
        return self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
