"""The forms of the site's calendar and of calls to patients who did not come."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.forms.fields import BLANK, DayField
from visits.models import ContactAttempt


class CalendarForm(forms.Form):
    """One day, or a range if the last day is given."""

    first = DayField(label=_("Day, or first day"))
    last = DayField(label=_("Last day"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=200)


class ContactForm(forms.Form):
    on = DayField(label=_("Day"))
    channel = forms.ChoiceField(label=_("By"), choices=[*BLANK, *ContactAttempt.Channel.choices])
    reached = forms.TypedChoiceField(
        label=_("Reached?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
        coerce=lambda answer: answer == "yes",
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=500)
