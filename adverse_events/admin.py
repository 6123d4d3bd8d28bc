"""Adverse events, for data managers."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from adverse_events.models import AdverseEvent
from audit.forms import ReasonedForm
from patients.record_admin import RecordAdmin
from patients.record_lists import SiteFilter, WordsFilter, words_column
from patients.words import SERIOUS, choices, word_of


class AdverseEventForm(ReasonedForm):
    serious = forms.MultipleChoiceField(
        label=_("Seriousness criteria"),
        choices=choices(SERIOUS),
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
        ("action_taken", WordsFilter), ("causality", WordsFilter), "started_on",
    )  # fmt: skip
    date_hierarchy = "started_on"
    search_fields = ("term",)
    key_fields = ("patient", "ae_no")
    record_fields = (
        "term", "grade", "started_on", "ended_on", "serious", "aware_at", "causality", "outcome", "action_taken",
    )  # fmt: skip
    shown_fields = ("dictionary_version",)
    record_day = "started_on"
    outcome_words = words_column("outcome", _("outcome"))
    action_words = words_column("action_taken", _("action taken"))

    @admin.display(description=_("serious"))
    def criteria(self, record: AdverseEvent) -> str:
        return ", ".join(word_of(criterion) for criterion in record.serious)

    def record_name(self, record: Any) -> str:
        return f"{super().record_name(record)} · {record.ae_no}: {record.term}"
