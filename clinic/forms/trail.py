"""Narrowing the trail of a patient; what cannot be read is passed over, so that a link never fails."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.forms.fields import DayField
from clinic.selectors.trail import Asked, kinds


class TrailForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind of record"), required=False)
    who = forms.ChoiceField(label=_("Person"), required=False)
    from_on = DayField(label=_("From day"), required=False)
    to_on = DayField(label=_("To day"), required=False)

    def __init__(self, data: Any, *, people: Iterable[str]) -> None:
        super().__init__(data)
        self.fields["kind"].choices = [("", _("All")), *kinds()]
        self.fields["who"].choices = [("", _("Everybody")), *((who, who) for who in people)]

    @property
    def asked(self) -> Asked:
        self.is_valid()
        typed = self.cleaned_data
        return Asked(
            kind=typed.get("kind", ""),
            who=typed.get("who", ""),
            from_on=typed.get("from_on"),
            to_on=typed.get("to_on"),
        )
