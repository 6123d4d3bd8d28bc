"""Visits, what was measured there, and the days a site is closed, for data managers."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.selectors import sites_visible_to
from patients.record_admin import RecordAdmin
from patients.record_lists import (
    SiteFilter,
    WordsFilter,
    number_column,
    plain_column,
    words_column,
    yes_column,
)
from visits.models import Assessment, ContactAttempt, LabResult, SiteCalendarDay, Visit, VisitProcedure
from visits.services.correction import correct_visit


@admin.register(Visit)
class VisitAdmin(RecordAdmin):
    """Target and window are projected from the schedule; what happened is what can be corrected."""

    can_be_added = False
    list_display = (
        "subject_column", "site_column", "visit", "target_on", "opens_on", "closes_on", "booked_on",
        "occurred_on", "was_not_done",
    )  # fmt: skip
    list_filter = (SiteFilter, "not_done", "did_not_come", "occurred_on")
    date_hierarchy = "occurred_on"
    search_fields = ("=visit", "reason")
    key_fields = ("patient", "visit")
    record_fields = ("occurred_on", "not_done", "reason", "booked_on", "booked_time", "did_not_come")
    shown_fields = ("target_on", "opens_on", "closes_on", "recorded_at", "recorded_by")

    was_not_done = yes_column("not_done", _("not done"))

    def correct(self, request: HttpRequest, record: Any, reason: str) -> bool:
        return correct_visit(by=request.user, visit=record, reason=reason)

    def record_name(self, record: Any) -> str:
        return f"{super().record_name(record)} · {record.visit}"


@admin.register(Assessment)
class AssessmentAdmin(RecordAdmin):
    patient_path = "visit__patient"
    can_be_added = False  # it comes with its visit
    list_display = (
        "subject_column", "site_column", "visit_column", "day_column", "weight_kg",
        "systolic_mmhg", "diastolic_mmhg", "ecog", "waits_for_labs",
    )  # fmt: skip
    list_filter = (SiteFilter, "ecog", "labs_pending")
    search_fields = ("=visit__visit",)
    export_paths = {"subject_id": "visit__patient__subject_id", "visit": "visit__visit"}
    key_fields = ("subject", "visit_code")
    record_fields = ("weight_kg", "systolic_mmhg", "diastolic_mmhg", "ecog", "labs_pending")

    visit_column = plain_column("visit__visit", _("visit"))
    day_column = plain_column("visit__occurred_on", _("occurred on"))
    waits_for_labs = yes_column("labs_pending", _("laboratory results pending"))

    @admin.display(description=_("visit"))
    def visit_code(self, record: Assessment) -> str:
        return record.visit.visit

    def record_name(self, record: Any) -> str:
        return f"{super().record_name(record)} · {record.visit.visit}"


@admin.register(VisitProcedure)
class VisitProcedureAdmin(RecordAdmin):
    patient_path = "visit__patient"
    can_be_added = False  # it comes with its visit
    list_display = (
        "subject_column",
        "site_column",
        "visit_column",
        "procedure",
        "answered",
        "done_on",
        "note",
    )
    list_filter = (SiteFilter, ("answer", WordsFilter), "procedure")
    search_fields = ("note", "=procedure", "=visit__visit")
    export_paths = {"subject_id": "visit__patient__subject_id", "visit": "visit__visit"}
    key_fields = ("subject",)
    record_fields = ("procedure", "answer", "done_on", "note")

    visit_column = plain_column("visit__visit", _("visit"))
    answered = words_column("answer", _("answer"))

    def record_name(self, record: Any) -> str:
        return f"{super().record_name(record)} · {record.visit.visit} · {record.procedure}"


@admin.register(ContactAttempt)
class ContactAttemptAdmin(RecordAdmin):
    patient_path = "visit__patient"
    can_be_added = False  # attempts are recorded where the patient is called
    list_display = ("subject_column", "site_column", "visit_column", "on", "channel", "was_reached", "note")
    list_filter = (SiteFilter, "reached", "channel", "on")
    date_hierarchy = "on"
    search_fields = ("note", "=visit__visit")
    export_paths = {"subject_id": "visit__patient__subject_id", "visit": "visit__visit"}
    key_fields = ("subject",)
    record_fields = ("on", "channel", "reached", "note")
    record_day = "on"

    visit_column = plain_column("visit__visit", _("visit"))
    was_reached = yes_column("reached", _("reached"))

    def record_name(self, record: Any) -> str:
        return f"{super().record_name(record)} · {record.visit.visit}"


@admin.register(LabResult)
class LabResultAdmin(RecordAdmin):
    list_display = (
        "subject_column", "site_column", "collected_on", "test_words", "measured", "unit", "lower", "upper",
    )  # fmt: skip
    list_filter = (SiteFilter, ("test", WordsFilter), "collected_on")
    date_hierarchy = "collected_on"
    search_fields = ("=test", "unit")
    key_fields = ("patient",)
    record_fields = ("collected_on", "test", "value", "unit", "lln", "uln")
    record_day = "collected_on"
    test_words = words_column("test", _("test"))
    measured = number_column("value", _("value"))
    lower = number_column("lln", _("lower limit"))
    upper = number_column("uln", _("upper limit"))

    def record_name(self, record: Any) -> str:
        return f"{super().record_name(record)} · {self.words(record.test)}"


@admin.register(SiteCalendarDay)
class SiteCalendarDayAdmin(RecordAdmin):
    """Appointments are suggested around these days."""

    patient_path = None
    list_display = ("site_column", "on", "opens", "note")
    list_filter = (SiteFilter, "is_open")
    date_hierarchy = "on"
    search_fields = ("note", "site__code")
    export_paths = {"site_id": "site__code"}
    key_fields = ("site",)
    record_fields = ("on", "is_open", "note")
    record_day = "on"
    opens = yes_column("is_open", _("open"))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = sites_visible_to(request.user, Permission.CORRECT_RECORD)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
