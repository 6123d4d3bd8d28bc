"""The parts of the page "record a visit", in the order of the consultation."""

from django import forms
from django.utils.translation import gettext_lazy as _

from adverse_events.models import AdverseEvent
from adverse_events.rules.lab_grades import unit_code
from clinic.forms.fields import (
    BLANK,
    CountField,
    DayField,
    MeasureField,
    PatternField,
    TellsEventField,
    TimeOfDayField,
    blank_choices,
)
from patients.words import DISPOSITION_REASONS, DOSE_REASONS, PROCEDURE_ANSWERS, SOURCES
from protocol.codes import DoseReason, LabTest
from visits.rules.procedures import answers_of

ECOG_GRADES = [*BLANK, *((str(grade), str(grade)) for grade in range(6))]


class DayForm(forms.Form):
    """`came_for` is asked of a visit that the schedule does not know."""

    occurred_on = DayField(label=_("Date of the visit"))
    came_for = forms.CharField(label=_("Why the patient came"), required=False, max_length=1000)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)


class AssessmentForm(forms.Form):
    weight_kg = forms.DecimalField(
        label=_("Weight (kg)"),
        required=False,
        min_value=1,
        max_digits=5,
        decimal_places=1,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    systolic_mmhg = CountField(label=_("Systolic (mmHg)"), required=False)
    diastolic_mmhg = CountField(label=_("Diastolic (mmHg)"), required=False)
    ecog = forms.TypedChoiceField(
        label="ECOG", choices=ECOG_GRADES, coerce=int, empty_value=None, required=False
    )
    labs_pending = forms.BooleanField(label=_("Laboratory results pending"), required=False)


class LabForm(forms.Form):
    value = MeasureField(label=_("Result"), required=False)
    unit = forms.CharField(label=_("Unit"), required=False, max_length=50)
    lln = MeasureField(label=_("Lower limit"), required=False)
    uln = MeasureField(label=_("Upper limit"), required=False)

    def __init__(self, *args: object, test: LabTest, is_carried_over: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.test = test
        self.is_carried_over = is_carried_over

    def clean_unit(self) -> str:
        return unit_code(self.cleaned_data["unit"])


class ProcedureForm(forms.Form):
    """One procedure that is answered with a word. Its answers are numbered: the digit is the key that chooses it."""

    answer = forms.ChoiceField(required=False)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"placeholder": _("Note")}),
    )

    def __init__(self, *args: object, code: str, name: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.code = code
        answers = [
            (answer, f"{key} · {PROCEDURE_ANSWERS[answer]}") for key, answer in enumerate(answers_of(code), 1)
        ]
        self.fields["answer"].label = name
        self.fields["answer"].choices = [("", _("Not recorded")), *answers]

    def clean(self) -> dict[str, object]:
        values = super().clean() or {}
        if values.get("note") and not values.get("answer") and "answer" not in self.errors:
            self.add_error("answer", _("Say whether it was done."))
        return values


class ReturnForm(forms.Form):
    """All blank: the kit was not counted at this visit."""

    returned = CountField(label=_("Returned"), required=False)
    lost = CountField(label=_("Lost"), required=False)
    kept = CountField(label=_("Kept"), required=False)

    def clean(self) -> dict[str, object]:
        values = super().clean() or {}
        if values.get("returned") is None and (values.get("lost") or values.get("kept")):
            self.add_error("returned", _("Say how many came back; 0 if none."))
        return values


class MissedForm(forms.Form):
    doses = CountField(label=_("Doses missed, as the patient says"), required=False)
    from_on = DayField(label=_("From"), required=False)
    to_on = DayField(label=_("Until"), required=False)

    def clean(self) -> dict[str, object]:
        values = super().clean() or {}
        if values.get("doses"):
            for name in ("from_on", "to_on"):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, _("Say between which days."))
        return values


class DoseForm(forms.Form):
    """Continue is carried over; anything else needs its day, dose and reason before it can be saved.

    `starts_with_mg`: the planned dose of a patient who has no order yet, said beside the field, never filled in.
    """

    CONTINUE, START, CHANGE, HOLD, RESUME, STOP = "CONTINUE", "START", "CHANGE", "HOLD", "RESUME", "STOP"
    NEW_EVENT = "NEW"

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            (CONTINUE, _("Continue")),
            (CHANGE, _("Reduce or change")),
            (HOLD, _("Hold imatinib")),
            (RESUME, _("Resume")),
            (STOP, _("Stop for good")),
        ],
        widget=forms.RadioSelect,
        initial=CONTINUE,
    )
    from_on = DayField(label=_("From"), required=False)
    pattern = PatternField(required=False)
    reason = forms.ChoiceField(label=_("Reason"), choices=blank_choices(DOSE_REASONS), required=False)
    event = forms.ChoiceField(label=_("Because of adverse event"), required=False)
    tells_event = TellsEventField()
    comment = forms.CharField(label=_("Comment"), required=False, max_length=1000)
    last_dose_on = DayField(label=_("Last dose on"), required=False)
    why = forms.ChoiceField(
        label=_("Why treatment ends"), choices=blank_choices(DISPOSITION_REASONS), required=False
    )

    def __init__(
        self,
        *args: object,
        events: list[AdverseEvent],
        offers_new: bool = True,
        starts_with_mg: int | None = None,
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)
        if starts_with_mg is not None:
            planned = _("Planned by the protocol: %(dose)s mg a day") % {"dose": starts_with_mg}
            self.fields["pattern"].help_text = planned
            self.fields["decision"].choices = [
                (self.CONTINUE, _("No dose yet")),
                (self.START, _("Start imatinib")),
                (self.STOP, _("Stop for good")),
            ]
        choices = [*BLANK, *((str(event.pk), f"{event.ae_no} · {event.term}") for event in events)]
        if offers_new:
            choices.append((self.NEW_EVENT, _("The new event above")))
        self.fields["event"].choices = choices

    def clean(self) -> dict[str, object]:
        values = super().clean() or {}
        decision = values.get("decision")
        needed = {
            self.CHANGE: ("from_on", "pattern", "reason"),
            self.START: ("from_on", "pattern"),
            self.RESUME: ("from_on", "pattern"),
            self.HOLD: ("from_on", "reason"),
            self.STOP: ("last_dose_on", "why"),
        }.get(decision, ())
        for name in needed:
            if not values.get(name) and name not in self.errors:
                self.add_error(name, _("This is needed for the decision."))
        if needed and values.get("reason") == DoseReason.TOXICITY and not values.get("event"):
            self.add_error("event", _("For toxicity, name the adverse event."))
        is_dosed = decision in (self.START, self.CHANGE, self.RESUME)
        if is_dosed and values.get("pattern") and not any(values["pattern"]):
            self.add_error("pattern", _("0 mg is a hold: choose it above."))
        return values


class KitForm(forms.Form):
    """A kit handed out. The proposed quantity alone, without a kit number, hands out nothing."""

    kit_id = forms.CharField(label=_("Kit or prescription number"), required=False, max_length=1000)
    source = forms.ChoiceField(label=_("Source"), choices=list(SOURCES.items()), required=False)
    strength_mg = forms.TypedChoiceField(
        label=_("Strength"), coerce=int, empty_value=None, choices=BLANK, required=False
    )
    tablets = CountField(label=_("Tablets"), required=False)
    expires_on = DayField(label=_("Expires on"), required=False)
    proposed = forms.IntegerField(required=False, widget=forms.HiddenInput)
    proposed_mg = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: object, strengths_mg: tuple[int, ...], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["strength_mg"].choices = [
            (str(mg), f"{mg} mg") for mg in sorted(strengths_mg, reverse=True)
        ]

    @property
    def is_as_proposed(self) -> bool:
        """Whether strength and quantity are still what the page had filled in."""
        typed = getattr(self, "cleaned_data", {})
        shown = (typed.get("proposed_mg"), typed.get("proposed"))
        return None not in shown and shown == (typed.get("strength_mg"), typed.get("tablets"))

    def clean(self) -> dict[str, object]:
        values = super().clean() or {}
        tablets = values.get("tablets")
        for name in ("tablets", "strength_mg", "source"):
            if values.get("kit_id") and not values.get(name) and name not in self.errors:
                self.add_error(name, _("This is needed for a kit."))
        is_touched = tablets and tablets != values.get("proposed")
        if not values.get("kit_id") and (is_touched or values.get("expires_on")):
            self.add_error("kit_id", _("Give the number of the kit or prescription."))
        return values


class NextForm(forms.Form):
    booked_on = DayField(label=_("Next visit on"), required=False)
    booked_time = TimeOfDayField(label=_("Time"), required=False)

    def clean(self) -> dict[str, object]:
        values = super().clean() or {}
        if values.get("booked_time") and not values.get("booked_on") and "booked_on" not in self.errors:
            self.add_error("booked_on", _("A time needs its day."))
        return values


class ReasonForm(forms.Form):
    """Why saved values change: one of a list, own words, or both."""

    reason_kind = forms.ChoiceField(
        label=_("Why is it changed?"),
        required=False,
        choices=[
            *BLANK,
            ("Typing error", _("Typing error")),
            ("New information", _("New information")),
            ("Entered for the wrong patient or visit", _("Entered for the wrong patient or visit")),
            ("Other", _("Other")),
        ],
    )
    reason = forms.CharField(label=_("In your own words"), required=False, max_length=500)

    def full_reason(self) -> str:
        kind, words = self.cleaned_data.get("reason_kind", ""), self.cleaned_data.get("reason", "")
        return f"{kind}: {words}" if kind and words else kind or words


class ConfirmForm(ReasonForm):
    """`confirmed` and `changes` carry marks of the very doubts and changes that were shown, so that no other one slips
    through with them."""

    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)
    doubted = forms.CharField(label=_("Why it is right as it stands"), required=False, max_length=500)
    changes = forms.CharField(required=False, widget=forms.HiddenInput)


class UnrecordForm(ReasonForm):
    """`revision`: the visit as it was shown."""

    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, object]:
        values = super().clean() or {}
        if not (values.get("reason_kind") or values.get("reason")):
            self.add_error("reason_kind", _("Saved values change: say why."))
        return values
