"""The results of a visit alone: what a laboratory sends after the patient has gone."""

from dataclasses import fields, replace

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.forms.consultation import lab_forms
from clinic.forms.entry import emptied, lab_values
from clinic.forms.record import ConfirmForm
from clinic.selectors.consultation import Consultation
from clinic.services import VisitEntry
from visits.models import Visit
from visits.services import AssessmentValues


class StillPendingForm(forms.Form):
    """`revision`: the visit as it was shown."""

    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    labs_pending = forms.BooleanField(label=gettext_lazy("Some results are still to come"), required=False)


class LabsForms:
    """`data` is what was posted, or None for a fresh page."""

    def __init__(self, consultation: Consultation, visit: Visit, data: QueryDict | None) -> None:
        self.consultation, self.visit, self.data = consultation, visit, data
        self.labs = lab_forms(consultation, data)
        self.pending = StillPendingForm(data, prefix="pending", initial={"revision": visit.revision})
        self.confirm = ConfirmForm(data, prefix="confirm")

    @property
    def all(self) -> list[forms.Form]:
        return [*self.labs, self.pending, self.confirm]

    @property
    def has_limits_carried_over(self) -> bool:
        return any(form.is_carried_over for form in self.labs)

    @property
    def typed(self) -> dict[str, list[str]]:
        posted = self.data or QueryDict()
        known = {form.add_prefix(name) for form in self.all for name in form.fields}
        return {name: posted.getlist(name) for name in sorted(known & posted.keys())}

    @property
    def is_overtaken(self) -> bool:
        return self.pending.cleaned_data["revision"] != self.visit.revision

    def is_valid(self) -> bool:
        faulty = [form for form in self.all if not form.is_valid()]
        if not faulty and not (self.pending.cleaned_data["labs_pending"] or lab_values(self.labs)):
            self.pending.add_error(None, _("Enter a result, or say that some are still to come."))
        return not any(form.errors for form in self.all)

    def entry(self) -> VisitEntry:
        """The visit as it stands, with its results; the forms are valid."""
        return VisitEntry(
            occurred_on=self.visit.occurred_on,
            expected_revision=self.visit.revision,
            assessment=self._assessment(),
            labs=lab_values(self.labs),
            removed_labs=emptied(self.labs, self.consultation),
            reason=self.confirm.full_reason(),
        )

    def _assessment(self) -> AssessmentValues:
        stored = getattr(self.visit, "assessment", None)
        names = [field.name for field in fields(AssessmentValues)]
        known = AssessmentValues(**{name: getattr(stored, name) for name in names}) if stored else None
        return replace(known or AssessmentValues(), labs_pending=self.pending.cleaned_data["labs_pending"])

    def seen_again(self) -> "LabsForms":
        """What was typed, on the visit as somebody else has left it."""
        data = (self.data or QueryDict()).copy()
        data["pending-revision"] = str(self.visit.revision)
        return LabsForms(self.consultation, self.visit, data)
