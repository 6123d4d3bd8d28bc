"""Course summaries, to be read: they are computed from the records and never edited."""

import json

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from courses.models import CourseSummary
from patients.record_admin import RecordAdmin
from patients.record_lists import SiteFilter, words_column, yes_column


@admin.register(CourseSummary)
class CourseSummaryAdmin(RecordAdmin):
    can_be_added = False
    list_display = (
        "subject_column", "site_column", "phase_words", "treated", "mean_daily_mg",
        "pill_count_percent", "pdc_percent", "rdi_percent", "low_dose", "held_long", "as_of",
    )  # fmt: skip
    list_filter = (SiteFilter, "on_treatment", "has_dose_below_minimum", "has_long_hold", "as_of")
    key_fields = ("patient",)
    shown_fields = (
        "as_of", "rebuilt_at", "phase_words", "on_treatment", "mean_daily_mg", "pill_count_percent", "pdc_percent",
        "rdi_percent", "has_dose_below_minimum", "has_long_hold", "whole",
    )  # fmt: skip
    treated = yes_column("on_treatment", _("on treatment"))
    low_dose = yes_column("has_dose_below_minimum", _("under the minimum dose"))
    held_long = yes_column("has_long_hold", _("long hold"))
    phase_words = words_column("phase", _("phase"))

    @admin.display(description=_("as exported"))
    def whole(self, record: CourseSummary) -> SafeString:
        return format_html("<pre>{}</pre>", json.dumps(record.payload, indent=1, ensure_ascii=False))
