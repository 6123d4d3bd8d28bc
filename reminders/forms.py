"""What people type about the ledger: a reason for an act, a day to look at."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reminders.models import LedgerAct


class ActForm(forms.ModelForm):
    class Meta:
        model = LedgerAct
        fields = ("reason",)
        error_messages = {"reason": {"required": _("Say why: the ledger keeps it.")}}


class PreviewForm(forms.Form):
    on = forms.DateField(label=_("Day"), error_messages={"invalid": _("Type a day like 2026-03-09.")})
