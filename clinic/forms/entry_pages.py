"""The small forms around entry: enrolment, screen failure, consents."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from patients.fields import DayField
from patients.models import Consent, ConsentVersion


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

    purpose = forms.ChoiceField(label=_("Purpose"), choices=Consent.Purpose.choices)
    version = forms.CharField(label=_("Version of the form"), max_length=50, required=False)
    consented_on = DayField(label=_("Signed on"))

    def __init__(self, *args: Any, versions: QuerySet[ConsentVersion], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = list(versions)
        self.fields["consented_on"].initial = on
        if self.known:
            names = dict.fromkeys(form.version for form in self.known)
            self.fields["version"] = forms.ChoiceField(
                label=_("Version of the form"), choices=[("", "–"), *((name, name) for name in names)]
            )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        version, purpose = values.get("version"), values.get("purpose")
        forms_of_purpose = {form.version for form in self.known if form.purpose == purpose}
        if version and self.known and version not in forms_of_purpose:
            self.add_error("version", _("This form is not one for that purpose."))
        return values


class WithdrawConsentForm(forms.Form):
    consent = forms.ModelChoiceField(label=_("Which consent"), queryset=None)
    withdrawn_on = DayField(label=_("Withdrawn on"))

    def __init__(self, *args: Any, standing: QuerySet[Consent], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["withdrawn_on"].initial = on
        field = self.fields["consent"]
        field.queryset = standing
        field.label_from_instance = _consent_label


def _consent_label(consent: Consent) -> str:
    parts = (consent.get_purpose_display(), consent.version, date_format(consent.consented_on))
    return " · ".join(part for part in parts if part)
