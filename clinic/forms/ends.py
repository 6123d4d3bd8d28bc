"""What becomes of a patient, as it is asked: an outcome, what came of a suspicion, the two ends."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.forms.fields import DayField, TellsEventField, blank_choices
from patients.models import Outcome, Patient
from patients.words import DISPOSITION_REASONS, OUTCOMES
from protocol.codes import (
    DispositionReason,
    DispositionRecord,
    OutcomeKind,
    Settlement,
)

KINDS = (
    OutcomeKind.DISEASE_FREE,
    OutcomeKind.SUSPECTED,
    OutcomeKind.RECURRENCE,
    OutcomeKind.ALIVE,
    OutcomeKind.DEATH,
)
ENDING = {OutcomeKind.RECURRENCE, OutcomeKind.DEATH}


class LastDoseField(DayField):
    """Asked where an outcome ends treatment; blank leaves treatment as it is."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Last dose on"), required=False, **kwargs)
        self.help_text = _("Ends treatment with it. Leave blank if treatment goes on or has ended already.")


class OutcomeForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What was seen"),
        choices=[(kind.value, OUTCOMES[kind]) for kind in KINDS],
        widget=forms.RadioSelect,
    )
    on = DayField(label=_("On"), help_text=_("Of a scan: the day of the scan."))
    comment = forms.CharField(label=_("Comment"), required=False, max_length=1000)
    last_dose_on = LastDoseField()

    def __init__(self, *args: Any, is_treated: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_treated:
            del self.fields["last_dose_on"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("kind") not in ENDING:
            values["last_dose_on"] = None
        return values


class ChangeOutcomeForm(forms.Form):
    kind = OutcomeForm.base_fields["kind"]
    on = DayField(label=_("On"))
    comment = forms.CharField(label=_("Comment"), required=False, max_length=1000)
    reason = forms.CharField(label=_("Why is it changed?"), required=False, max_length=500)

    @classmethod
    def of(cls, outcome: Outcome) -> "ChangeOutcomeForm":
        return cls(initial={"kind": outcome.kind, "on": outcome.on, "comment": outcome.comment})


class SettlementForm(forms.Form):
    settlement = forms.ChoiceField(
        label=_("What came of it"),
        choices=[
            (Settlement.CONFIRMED, _("It is a recurrence")),
            (Settlement.REFUTED, _("It is none")),
        ],
        widget=forms.RadioSelect,
    )
    on = DayField(label=_("Decided on"))
    why = forms.CharField(label=_("On what grounds"), required=False, max_length=1000)
    last_dose_on = LastDoseField()

    def __init__(self, *args: Any, is_treated: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_treated:
            del self.fields["last_dose_on"]

    @property
    def is_refuted(self) -> bool:
        return self.cleaned_data["settlement"] == Settlement.REFUTED


class DispositionForm(forms.Form):
    """Reasons in words, each with the term that is submitted behind it."""

    record = forms.ChoiceField(
        label=_("What ends"),
        choices=[
            (DispositionRecord.TREATMENT, _("Treatment with imatinib")),
            (DispositionRecord.PARTICIPATION, _("Participation in the study")),
        ],
        widget=forms.RadioSelect,
    )
    ended_on = DayField(label=_("Ended on"))
    last_dose_on = DayField(label=_("Last dose on"), required=False)
    why = forms.ChoiceField(label=_("Reason"), choices=blank_choices(DISPOSITION_REASONS))
    ae_no = forms.TypedChoiceField(
        label=_("Because of adverse event"), coerce=int, empty_value=None, required=False
    )
    tells_event = TellsEventField()
    comment = forms.CharField(label=_("Comment"), required=False, max_length=1000)
    reason = forms.CharField(label=_("Why is it changed?"), required=False, max_length=500)

    def __init__(self, *args: Any, patient: Patient, events: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not patient.dispositions.exists():
            del self.fields["reason"]
        if hasattr(patient, "enrolment"):
            why = self.fields["why"]
            why.choices = [choice for choice in why.choices if choice[0] != DispositionReason.SCREEN_FAILURE]
        named = [(str(event.ae_no), f"{event.ae_no} · {event.term}") for event in events]
        self.fields["ae_no"].choices = [("", "–"), *named]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        is_treatment = values.get("record") == DispositionRecord.TREATMENT
        if is_treatment and not values.get("last_dose_on") and "last_dose_on" not in self.errors:
            self.add_error("last_dose_on", _("Give the day of the last dose."))
        if not is_treatment:
            values["last_dose_on"] = None
        if values.get("why") == DispositionReason.ADVERSE_EVENT and not values.get("ae_no"):
            self.add_error("ae_no", _("Name the adverse event because of which it ends."))
        if values.get("why") != DispositionReason.ADVERSE_EVENT:
            values["ae_no"], values["tells_event"] = None, False
        return values
