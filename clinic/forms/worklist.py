"""What the worklist may be narrowed to."""

from datetime import date

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
    q = forms.CharField(label=_("Subject id"), required=False, max_length=100)

    def __init__(self, *args: object, user: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        sites = sites_visible_to(user, Permission.VIEW_WORKLIST)
        if len(sites) > 1:
            self.fields["site"].queryset = sites
        else:
            del self.fields["site"]

    def scope(self, today: date) -> Scope:
        """Anything that cannot be read is passed over: the list is never empty by a slip of the hand."""
        wanted = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        site = wanted.get("site")
        return Scope(wanted.get("on") or today, today, site.code if site else "", wanted.get("q") or "")
