"""The small forms around entry: enrolment, screen failure, consents."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.models import LANGUAGES
from clinic.selectors.consent_lines import ConsentLine
from patients.fields import DayField
from patients.models import ConsentVersion
from patients.models.consent import Purpose
from patients.rules.contact import LONGEST_ADDRESS


class EnrolmentForm(forms.Form):
    enrolled_on = DayField(label=_("Enrolled on"))


class CompletionForm(forms.Form):
    """Filling what was blank needs no reason; changing what was written down does."""

    reason = forms.CharField(label=_("Why is it changed?"), required=False, max_length=500)


class ScreenFailureForm(forms.Form):
    ended_on = DayField(label=_("Closed on"))
    note = forms.CharField(
        label=_("Why the patient is not enrolled"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class GiveConsentForm(forms.Form):
    """A version is one of the site's forms; free while the site has none on record."""

    purpose = forms.ChoiceField(label=_("Purpose"), choices=Purpose.choices)
    version = forms.CharField(label=_("Version of the form"), max_length=50, required=False)
    consented_on = DayField(label=_("Signed on"))

    def __init__(self, *args: Any, versions: QuerySet[ConsentVersion], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = list(versions)
        self.fields["consented_on"].initial = on
        if self.known:
            names = dict.fromkeys(form.version for form in self.known)
            self.fields["version"] = forms.ChoiceField(
                label=_("Version of the form"),
                required=False,
                choices=[("", "–"), *((name, name) for name in names)],
            )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        version, purpose = values.get("version"), values.get("purpose")
        forms_of_purpose = {form.version for form in self.known if form.purpose == purpose}
        if version and self.known and version not in forms_of_purpose:
            self.add_error("version", _("This form is not one for that purpose."))
        if forms_of_purpose and not version and "version" not in self.errors:
            self.add_error("version", _("Choose the version that was signed."))
        return values


class WithdrawConsentForm(forms.Form):
    consent = forms.ChoiceField(label=_("Which consent"))
    withdrawn_on = DayField(label=_("Withdrawn on"))

    def __init__(self, *args: Any, standing: Sequence[ConsentLine], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["withdrawn_on"].initial = on
        self.fields["consent"].choices = [(line.key, _consent_label(line)) for line in standing]


class ContactForm(forms.Form):
    """How to reach a patient; whether reminders may be sent is a consent and stands with the consents."""

    email = forms.EmailField(label=_("E-mail"), required=False, max_length=LONGEST_ADDRESS)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    reason = forms.CharField(label=_("Why is it changed?"), required=False, max_length=500)


def _consent_label(line: ConsentLine) -> str:
    day = date_format(line.consented_on) if line.consented_on else ""
    return " · ".join(filter(None, (line.purpose, line.version, day)))
