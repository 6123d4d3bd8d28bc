"""What a scan showed, as it is asked at a visit."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.forms.ends import LastDoseField
from clinic.forms.fields import DayField
from patients.words import OUTCOMES, PROCEDURE_ANSWERS
from protocol.codes import OutcomeKind, ProcedureAnswer

RESULTS = {
    **{
        kind: OUTCOMES[kind]
        for kind in (OutcomeKind.DISEASE_FREE, OutcomeKind.SUSPECTED, OutcomeKind.RECURRENCE)
    },
    **{answer: PROCEDURE_ANSWERS[answer] for answer in (ProcedureAnswer.PENDING, ProcedureAnswer.NOT_DONE)},
}


class ScanForm(forms.Form):
    """Its results are numbered: the digit is the key that chooses one."""

    result = forms.ChoiceField(label=_("What the scan shows"), required=False)
    on = DayField(label=_("Day of the scan"), required=False, help_text=_("Blank: the day of the visit."))
    comment = forms.CharField(label=_("Findings, or why it was not done"), required=False, max_length=500)
    last_dose_on = LastDoseField()

    def __init__(self, *args: Any, is_treated: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbered = [(result, f"{key} · {words}") for key, (result, words) in enumerate(RESULTS.items(), 1)]
        self.fields["result"].choices = [("", _("Not recorded")), *numbered]
        if not is_treated:
            del self.fields["last_dose_on"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        result = values.get("result")
        if not result and "result" not in self.errors and (values.get("comment") or values.get("on")):
            self.add_error("result", _("Say what the scan shows, or that the result is pending."))
        if result == ProcedureAnswer.NOT_DONE and not values.get("comment"):
            self.add_error("comment", _("Say why it was not done."))
        if result == ProcedureAnswer.NOT_DONE:
            values["on"] = None
        if result != OutcomeKind.RECURRENCE:
            values["last_dose_on"] = None
        return values
