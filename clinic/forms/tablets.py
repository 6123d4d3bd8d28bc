"""Kits: handed out, corrected, counted."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.forms.fields import CountField, DayField
from dosing.models import Kit
from patients.words import SOURCES


class KitForm(forms.Form):
    kit_id = forms.CharField(label=_("Kit"), max_length=1000)
    dispensed_on = DayField(label=_("Dispensed on"))
    source = forms.ChoiceField(label=_("Source"), choices=list(SOURCES.items()))
    strength_mg = forms.TypedChoiceField(label=_("Strength (mg)"), coerce=int)
    tablets = CountField(label=_("Tablets"))
    lot = forms.CharField(label=_("Lot"), required=False, max_length=50)
    expires_on = DayField(label=_("Expires on"), required=False)

    def __init__(self, *args: Any, strengths: tuple[int, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["strength_mg"].choices = [(str(mg), str(mg)) for mg in strengths]


class CorrectKitForm(KitForm):
    why = forms.CharField(label=_("Why is it changed?"), max_length=500)

    def values(self) -> dict[str, object]:
        return {name: value for name, value in self.cleaned_data.items() if name != "why"}


class CountKitForm(forms.Form):
    returned_on = DayField(label=_("Returned on"))
    tablets_returned = CountField(label=_("Returned"))
    tablets_lost = CountField(label=_("Lost"), required=False)
    tablets_kept = CountField(label=_("Kept by the patient"), required=False)
    why = forms.CharField(label=_("Why is it changed?"), required=False, max_length=500)

    def __init__(self, *args: Any, kit: Kit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not hasattr(kit, "kit_return"):
            del self.fields["why"]
