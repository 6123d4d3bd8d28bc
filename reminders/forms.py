"""What people type about the ledger: a reason for an act, a day to look at."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reminders.models import LedgerAct, MailChoice, NoticeKind


class ActForm(forms.ModelForm):
    class Meta:
        model = LedgerAct
        fields = ("reason",)
        error_messages = {"reason": {"required": _("Say why: the ledger keeps it.")}}


class MailChoiceForm(forms.ModelForm):
    """Only what the roles of this person get."""

    class Meta:
        model = MailChoice
        fields = ("digest", "escalations")

    def __init__(self, *args: Any, kinds: Collection[NoticeKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, kind in (("digest", NoticeKind.DIGEST), ("escalations", NoticeKind.ESCALATION)):
            if kind not in kinds:
                del self.fields[name]


class PreviewForm(forms.Form):
    on = forms.DateField(label=_("Day"), error_messages={"invalid": _("Type a day like 2026-03-09.")})
