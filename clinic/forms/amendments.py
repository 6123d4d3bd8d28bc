"""From when an amendment holds, and why it is brought in here."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.forms.fields import DayField


class AmendmentForm(forms.Form):
    """`seen` is the mark of the preview that stood on the page."""

    effective_on = DayField(label=_("In effect from"))
    reason = forms.CharField(
        label=_("Why it is brought in here"),
        help_text=_(
            "For example: approved by the review board, with the day and the number of the approval."
        ),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class EffectiveDayForm(forms.Form):
    """Only the day, to look at another preview; a reason that was typed is kept beside it."""

    effective_on = DayField(label=_("In effect from"))
