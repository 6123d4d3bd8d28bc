"""Adverse events, for data managers."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from adverse_events.models import AdverseEvent, EventGrade, LabGradeAnswer, Pregnancy
from adverse_events.services import correct_event, correct_event_grade
from audit.forms import ReasonedForm
from patients.record_admin import RecordAdmin
from patients.record_lists import SiteFilter, WordsFilter, plain_column, words_column
from patients.words import SERIOUS, TREATMENTS, choices, word_of


class AdverseEventForm(ReasonedForm):
    serious = forms.MultipleChoiceField(
        label=_("Seriousness criteria"),
        choices=choices(SERIOUS),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    treatment = forms.MultipleChoiceField(
        label=_("Treatment given"),
        choices=choices(TREATMENTS),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class SeriousFilter(admin.SimpleListFilter):
    title = _("serious")
    parameter_name = "is_serious"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AdverseEvent]) -> QuerySet[AdverseEvent]:
        if self.value() == "no":
            return queryset.filter(serious=[])
        return queryset.exclude(serious=[]) if self.value() == "yes" else queryset


@admin.register(AdverseEvent)
class AdverseEventAdmin(RecordAdmin):
    form = AdverseEventForm
    list_display = (
        "subject_column", "site_column", "ae_no", "term", "grade", "started_on", "ended_on", "criteria",
        "outcome_words", "action_words",
    )  # fmt: skip
    list_filter = (
        SiteFilter, "grade", SeriousFilter, ("outcome", WordsFilter),
        ("action_taken", WordsFilter), ("causality", WordsFilter), ("expectedness", WordsFilter),
        "is_provisional", "started_on",
    )  # fmt: skip
    date_hierarchy = "started_on"
    search_fields = ("term",)
    key_fields = ("patient", "ae_no")
    record_fields = (
        "term", "grade", "started_on", "start_precision", "ended_on", "end_precision", "serious", "aware_at",
        "causality", "expectedness", "outcome", "action_taken", "treatment", "treatment_note",
    )  # fmt: skip
    shown_fields = ("dictionary_version", "steps", "is_provisional", "confirmed_by", "confirmed_at")
    record_day = "started_on"
    outcome_words = words_column("outcome", _("outcome"))
    action_words = words_column("action_taken", _("action taken"))

    @admin.display(description=_("serious"))
    def criteria(self, record: AdverseEvent) -> str:
        return ", ".join(word_of(criterion) for criterion in record.serious)

    @admin.display(description=_("grades over time"))
    def steps(self, record: AdverseEvent) -> str:
        return ", ".join(f"{step.grade} ({step.since})" for step in record.history) or "–"

    def correct(self, request: HttpRequest, record: AdverseEvent, reason: str) -> bool:
        return correct_event(by=request.user, event=record, reason=reason)

    def record_name(self, record: Any) -> str:
        return f"{super().record_name(record)} · {record.ae_no}: {record.term}"


@admin.register(EventGrade)
class EventGradeAdmin(RecordAdmin):
    """The steps of an event's history; they come with events and visits, and are only corrected here."""

    patient_path = "adverse_event__patient"
    can_be_added = False
    list_display = (
        "subject_column", "site_column", "number_column", "term_column", "grade", "from_on", "precision_words",
    )  # fmt: skip
    list_filter = (SiteFilter, "grade", "from_on")
    list_select_related = ("adverse_event",)
    date_hierarchy = "from_on"
    search_fields = ("adverse_event__term",)
    export_paths = {"subject_id": "adverse_event__patient__subject_id", "ae_no": "adverse_event__ae_no"}
    key_fields = ("adverse_event",)
    record_fields = ("grade", "from_on", "from_precision")
    record_day = "from_on"
    number_column = plain_column("adverse_event__ae_no", _("number"))
    term_column = plain_column("adverse_event__term", _("CTCAE term"))
    precision_words = words_column("from_precision", _("known of the first day"))

    def key_fields_of(self, obj: Any) -> tuple[str, ...]:
        return ("subject", "event")

    @admin.display(description=_("adverse event"))
    def event(self, record: EventGrade) -> str:
        return f"{record.adverse_event.ae_no}: {record.adverse_event.term}"

    def correct(self, request: HttpRequest, record: EventGrade, reason: str) -> bool:
        return correct_event_grade(by=request.user, step=record, reason=reason)


@admin.register(Pregnancy)
class PregnancyAdmin(RecordAdmin):
    list_display = (
        "subject_column", "site_column", "pregnancy_no", "who", "aware_at", "expected_on", "outcome", "outcome_on",
    )  # fmt: skip
    list_filter = (SiteFilter, "who", "outcome", "aware_at")
    date_hierarchy = "aware_at"
    search_fields = ("note",)
    key_fields = ("patient", "pregnancy_no")
    record_fields = ("who", "aware_at", "test_on", "expected_on", "outcome", "outcome_on", "note")
    record_day = "aware_at"


@admin.register(LabGradeAnswer)
class LabGradeAnswerAdmin(RecordAdmin):
    """Said once of one result; a result that is corrected is asked about anew."""

    can_be_added = False
    list_display = (
        "subject_column", "site_column", "test_words", "collected_on", "grade", "comment", "answered_by", "answered_at",
    )  # fmt: skip
    list_filter = (SiteFilter, ("test", WordsFilter), "grade", "answered_at")
    list_select_related = ("answered_by",)
    date_hierarchy = "answered_at"
    search_fields = ("comment",)
    key_fields = ("patient", "collected_on")
    shown_fields = ("test_words", "grade", "comment", "answered_by", "answered_at")
    test_words = words_column("test", _("test"))
