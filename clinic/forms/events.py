"""What is asked of an adverse event: when it is reported, changed, seen again at a visit, graded and judged."""

import json
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from adverse_events.models import AdverseEvent, EventGrade
from adverse_events.rules.ctcae import (
    GRADES,
    VERSION,
    Term,
    check_grade,
    find_term,
    search_terms,
    term_meant,
)
from adverse_events.rules.facts import Assessment
from adverse_events.services import EventValues, values_of
from clinic.forms.fields import BLANK, PartialDayField, blank_choices
from clinic.forms.pages import ConfirmedForm
from patients.validation import refused
from patients.words import ACTIONS, CAUSALITIES, EVENT_OUTCOMES, EXPECTEDNESS, SERIOUS, TREATMENTS
from protocol.codes import DatePrecision, EventOutcome, EventTreatment
from protocol.partial_days import PartialDay
from protocol.sentences import Refusal

PRECISION_OF = {"started_on": "start_precision", "ended_on": "end_precision"}
PARTIAL = _("Day unknown: 2026-03")
ENDS = (EventOutcome.RECOVERED, EventOutcome.RECOVERED_WITH_SEQUELAE, EventOutcome.FATAL)


class GradeField(forms.TypedChoiceField):
    """A grade of 1 to 5, or of those a term has: the bare numbers, or as buttons with the criteria of each."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": _("Grade"), "coerce": int, "empty_value": None} | kwargs)
        self.offer(None)

    def valid_value(self, value: Any) -> bool:
        """A grade that the term does not have is refused by the dictionary, in its own words."""
        return str(value) in {str(grade) for grade in GRADES}

    def offer(self, term: Term | None) -> None:
        texts = term.grade_texts if term else dict.fromkeys(GRADES, "")
        if isinstance(self.widget, forms.RadioSelect):
            self.choices = [
                (str(grade), " · ".join(filter(None, (str(grade), text)))) for grade, text in texts.items()
            ]
        else:
            self.choices = [*BLANK, *((str(grade), str(grade)) for grade in texts)]


class JudgedFields(forms.Form):
    """What is judged of an event; of a nurse it is provisional until an investigator confirms it."""

    causality = forms.ChoiceField(
        label=_("Related to imatinib"), choices=blank_choices(CAUSALITIES), required=False
    )
    serious = forms.MultipleChoiceField(
        label=_("Serious because of"),
        choices=list(SERIOUS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class WholeAssessmentFields(forms.Form):
    """The judgements that are asked on the event's own pages only."""

    expectedness = forms.ChoiceField(
        label=_("Expectedness"),
        choices=blank_choices(EXPECTEDNESS),
        required=False,
        help_text=_("By the reference safety information"),
    )
    action_taken = forms.ChoiceField(
        label=_("Action taken with imatinib"), choices=blank_choices(ACTIONS), required=False
    )


class EventFields(JudgedFields):
    """What is asked of every adverse event. `version`: of the dictionary, which is never mixed with another.

    `pick`: one of the terms found for what was typed, chosen in a list.
    """

    term = forms.CharField(label=_("CTCAE term"), max_length=200)
    pick = forms.CharField(required=False, max_length=200)
    grade = GradeField()
    started_on = PartialDayField(label=_("Started on"), help_text=PARTIAL)
    aware_at = forms.DateTimeField(
        label=_("Site became aware at"),
        required=False,
        input_formats=["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(attrs={"placeholder": _("YYYY-MM-DD HH:MM")}, format="%Y-%m-%d %H:%M"),
    )

    def __init__(self, *args: Any, version: str = VERSION, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = version
        self.fields["term"].widget.attrs |= {"autocomplete": "off", **self.asks_as_typed}
        self.fields["grade"].offer(self.chosen)

    # -- the term --------------------------------------------------------------------------------------

    @property
    def typed_term(self) -> str:
        return str(self["term"].value() or "").strip()

    @property
    def found(self) -> tuple[Term, ...]:
        """The terms that may be meant, while what is typed does not say which."""
        if term_meant(self.typed_term, self.version) is not None:
            return ()
        return search_terms(self.typed_term, version=self.version)

    @property
    def chosen(self) -> Term | None:
        """The term that is meant: named in full, by a word that means it alone, or picked among those found."""
        if (meant := term_meant(self.typed_term, self.version)) is not None:
            return meant
        picked = find_term(str(self["pick"].value() or ""), self.version)
        return picked if picked in search_terms(self.typed_term, version=self.version) else None

    @property
    def answer_id(self) -> str:
        """The place on the page for what is found, the criteria of what is chosen, and its grades."""
        return f"{self.add_prefix('term')}-answer"

    @property
    def asks_as_typed(self) -> dict[str, str]:
        """How htmx asks for the terms while somebody types, or chooses another of those found."""
        names = [self.add_prefix(name) for name in ("term", "pick", "grade")]
        return {
            "hx-get": reverse("clinic:find_terms"),
            "hx-trigger": "input changed delay:200ms",
            "hx-target": f"#{self.answer_id}",
            "hx-swap": "outerHTML",
            "hx-sync": "this:replace",
            "hx-include": f"[name='{names[0]}'], [name='{names[1]}'], [name='{names[2]}']",
            "hx-vals": json.dumps({"version": self.version, "prefix": self.prefix or ""}),
        }

    @property
    def asks_as_picked(self) -> str:
        return flatatt(self.asks_as_typed | {"hx-trigger": "change"})

    @property
    def without_errors(self) -> "EventFields":
        """What is still being typed is not wrong yet."""
        self.errors.clear()
        return self

    def clean_term(self) -> str:
        return self.chosen.name if self.chosen else " ".join(self.cleaned_data["term"].split())

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("term") and self.chosen is None and self.found:
            self.add_error("term", _("Choose the term that is meant."))
        elif values.get("term") and values.get("grade"):
            try:
                check_grade(values["term"], values["grade"], self.version)
            except Refusal as refusal:
                raise refused(refusal, "grade" if "grade" in refusal.values else "term") from refusal
        return values

    def event_values(self) -> EventValues:
        """The values the service takes: a partial day as its first possible one and its precision."""
        said = {
            name: value
            for name, value in self.cleaned_data.items()
            if name in EventValues.__dataclass_fields__
        }
        for name, precision in PRECISION_OF.items():
            day: PartialDay | None = said.get(name)
            if name in said:
                said[name] = day.earliest if day else None
                said[precision] = day.precision if day else DatePrecision.DAY
        return EventValues(**said)


class NewEventForm(EventFields):
    """Blank as a whole, or an event."""

    NEEDED = ("term", "grade", "started_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.NEEDED:
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if any(values.values()):
            for name in self.NEEDED:
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, _("This is needed for an adverse event."))
        return values


class AdverseEventForm(EventFields, WholeAssessmentFields, ConfirmedForm):
    grade = GradeField(widget=forms.RadioSelect)
    ended_on = PartialDayField(label=_("Ended on"), required=False, help_text=PARTIAL)
    outcome = forms.ChoiceField(label=_("Outcome"), choices=blank_choices(EVENT_OUTCOMES), required=False)
    treatment = forms.MultipleChoiceField(
        label=_("Treatment given"),
        choices=list(TREATMENTS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    treatment_note = forms.CharField(label=_("Treatment in words"), required=False, max_length=500)

    def clean_treatment(self) -> list[str]:
        given: list[str] = self.cleaned_data["treatment"]
        if EventTreatment.NONE in given and len(given) > 1:
            raise forms.ValidationError(_now("“None” and a treatment cannot both be right."))
        return given


class ChangeAdverseEventForm(AdverseEventForm):
    reason = forms.CharField(label=_("Why is it changed?"), required=False, max_length=500)

    @classmethod
    def of(cls, event: AdverseEvent, data: Any = None) -> "ChangeAdverseEventForm":
        """In the dictionary version the event was reported in."""
        stored = values_of(event)
        initial = {name: getattr(stored, name) for name in EventValues.__dataclass_fields__}
        days = {"started_on": event.start, "ended_on": event.end}
        return cls(data, initial=initial | days, version=event.dictionary_version)


class OngoingEventForm(forms.Form):
    """An event that was going on at the last visit. "Same" is carried over, to be confirmed; a grade never is."""

    what = forms.ChoiceField(
        label=_("Since the last visit"),
        choices=[("SAME", _("Same")), ("CHANGED", _("Changed")), ("RESOLVED", _("Resolved"))],
        widget=forms.RadioSelect,
        initial="SAME",
    )
    grade = GradeField(label=_("New grade"), required=False)
    ended_on = PartialDayField(label=_("Ended on"), required=False)
    outcome = forms.ChoiceField(
        label=_("Outcome"), required=False, choices=[(code, EVENT_OUTCOMES[code]) for code in ENDS]
    )

    def __init__(self, *args: Any, event: AdverseEvent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event = event
        self.fields["grade"].offer(find_term(event.term, event.dictionary_version))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("what") == "CHANGED" and not values.get("grade"):
            self.add_error("grade", _("Give the new grade."))
        if values.get("what") == "RESOLVED" and not values.get("ended_on") and "ended_on" not in self.errors:
            self.add_error("ended_on", _("Say when it ended."))
        return values


class GradeForm(forms.Form):
    """A step of an event's history."""

    grade = GradeField(widget=forms.RadioSelect)
    from_on = PartialDayField(label=_("From"), help_text=PARTIAL)
    reason = forms.CharField(label=_("Why is it changed?"), required=False, max_length=500)

    def __init__(
        self, *args: Any, event: AdverseEvent, step: EventGrade | None = None, **kwargs: Any
    ) -> None:
        initial = {"grade": step.grade, "from_on": step.since} if step else {}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["grade"].offer(find_term(event.term, event.dictionary_version))
        if step is None:
            del self.fields["reason"]

    @property
    def step_values(self) -> dict[str, Any]:
        day: PartialDay = self.cleaned_data["from_on"]
        return {
            "grade": self.cleaned_data["grade"],
            "from_on": day.earliest,
            "from_precision": day.precision,
        }


class ConfirmAssessmentForm(JudgedFields, WholeAssessmentFields):
    """The assessment as it stands, to be confirmed, or corrected first; `seen` marks what was shown."""

    seen = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Why is it changed?"), required=False, max_length=500)

    @classmethod
    def of(cls, assessment: Assessment) -> "ConfirmAssessmentForm":
        names = Assessment.__dataclass_fields__
        return cls(initial={name: getattr(assessment, name) for name in names} | {"seen": assessment.mark})

    def assessment(self) -> Assessment:
        return Assessment(**{name: self.cleaned_data[name] for name in Assessment.__dataclass_fields__})
