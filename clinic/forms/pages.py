"""The small forms of the clinic: booking, a dose order, a flag."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.forms.fields import DayField, PatternField, TellsEventField, TimeOfDayField, blank_choices
from dosing.models import DoseOrder
from patients.words import DOSE_REASONS
from protocol.codes import DoseReason


class ConfirmedForm(forms.Form):
    """A form whose doubts are confirmed with the mark of those that were shown."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.confirmed = self.data.get("confirm-confirmed", "")


class BookingForm(ConfirmedForm):
    booked_on = DayField(label=_("Day"), required=False)
    booked_time = TimeOfDayField(label=_("Time"), required=False)
    booking_reason = forms.CharField(label=_("Why outside the window"), required=False, max_length=500)
    why = forms.CharField(label=_("Why it was not done"), required=False, max_length=1000)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)


class DoseOrderForm(ConfirmedForm):
    """One order; what an act does not ask is filled by the act itself."""

    REDUCE, HOLD, RESUME, RE_ESCALATE, OTHER = "REDUCE", "HOLD", "RESUME", "RE_ESCALATE", "OTHER"

    act = forms.ChoiceField(
        label=_("What changes"),
        choices=[
            (REDUCE, _("Reduce")),
            (HOLD, _("Hold imatinib")),
            (RESUME, _("Resume")),
            (RE_ESCALATE, _("Raise the dose again")),
            (OTHER, _("Start or another pattern")),
        ],
        widget=forms.RadioSelect,
    )
    from_on = DayField(label=_("From"))
    pattern = PatternField(required=False, help_text=_("300, or a pattern of days such as 400/0"))
    anchor_on = DayField(label=_("Pattern starts on"), required=False)
    reason = forms.ChoiceField(label=_("Reason"), choices=blank_choices(DOSE_REASONS))
    event = forms.ModelChoiceField(
        label=_("Because of adverse event"), queryset=None, required=False, empty_label="–"
    )
    tells_event = TellsEventField()
    comment = forms.CharField(label=_("Comment"), required=False, max_length=1000)

    def __init__(self, *args: Any, events: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["event"]
        field.queryset = events
        field.label_from_instance = lambda event: f"{event.ae_no} · {event.term}"

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        is_hold = values.get("act") == self.HOLD
        if is_hold:
            values["pattern"] = (0,)
        elif not values.get("pattern") and "pattern" not in self.errors:
            self.add_error("pattern", _("Give the dose."))
        elif values.get("pattern") and not any(values["pattern"]):
            self.add_error("pattern", _("0 mg is a hold: choose it above."))
        if values.get("reason") == DoseReason.TOXICITY and not values.get("event"):
            self.add_error("event", _("For toxicity, name the adverse event."))
        return values


class CorrectOrderForm(DoseOrderForm):
    """An order that stands already: what it should say, and why it is changed."""

    why = forms.CharField(label=_("Why is it changed?"), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["act"], self.fields["tells_event"]

    @classmethod
    def values_of(cls, order: DoseOrder) -> dict[str, object]:
        return {
            "from_on": order.from_on,
            "pattern": "/".join(str(mg) for mg in order.pattern_mg),
            "anchor_on": order.anchor_on,
            "reason": order.reason,
            "event": order.adverse_event,
            "comment": order.comment,
        }

    def clean(self) -> dict[str, Any]:
        """A hold is written as 0 here: what is corrected is the record, not an act."""
        values = forms.Form.clean(self) or {}
        if not values.get("pattern") and "pattern" not in self.errors:
            self.add_error("pattern", _("Give the dose."))
        if values.get("reason") == DoseReason.TOXICITY and not values.get("event"):
            self.add_error("event", _("For toxicity, name the adverse event."))
        return values


class AcknowledgeFlagForm(forms.Form):
    comment = forms.CharField(label=_("What came of it"), max_length=1000)


class LabGradeAnswerForm(forms.Form):
    """`collected_on` and `grade`: of the result as it was shown."""

    collected_on = DayField(widget=forms.HiddenInput)
    grade = forms.IntegerField(widget=forms.HiddenInput)
    comment = forms.CharField(label=_("Why it is not clinically significant"), max_length=1000)
