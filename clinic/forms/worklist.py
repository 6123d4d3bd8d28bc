"""What the worklist may be narrowed to."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.selectors import sites_visible_to
from patients.fields import DayField
from visits.selectors import Scope


class WorklistFilter(forms.Form):
    on = DayField(label=_("Day"), required=False)
    site = forms.ModelChoiceField(queryset=None, label=_("Site"), required=False, empty_label=_("All"))
    q = forms.CharField(
        label=_("Subject id"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search", "autocomplete": "off", "enterkeyhint": "search"}),
    )

    def __init__(self, *args: object, user: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        sites = sites_visible_to(user, Permission.VIEW_WORKLIST)
        if len(sites) > 1:
            self.fields["site"].queryset = sites
        else:
            del self.fields["site"]

    def scope(self, today: date) -> Scope:
        """Anything that cannot be read is passed over: the list is never empty by a slip of the hand."""
        wanted = self._wanted
        site = wanted.get("site")
        return Scope(wanted.get("on") or today, today, site.code if site else "", wanted.get("q") or "")

    def query(self, on: date | None = None) -> str:
        """The address of the same list, or of that list on another day, behind the question mark."""
        site = self._wanted.get("site")
        places = {"on": on or self._wanted.get("on"), "site": site and site.pk, "q": self._wanted.get("q")}
        return urlencode({name: str(value) for name, value in places.items() if value})

    @property
    def _wanted(self) -> dict[str, Any]:
        return self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
