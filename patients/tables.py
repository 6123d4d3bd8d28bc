"""The list of patients: one line each, the whole line opens the chart."""

from decimal import Decimal

import django_tables2 as tables
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format, time_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_tables2.utils import OrderByTuple

from patients import presenters
from patients.models import Patient
from patients.words import PATIENT_STATES

_WHOLE = {"td": {"class": "nowrap"}}
_WIDE_ONLY = {"th": {"class": "wide-only"}, "td": {"class": "wide-only"}}
_NUMBER = {"th": {"class": "number"}, "td": {"class": "number"}}
_WIDE_NUMBER = {"th": {"class": "number wide-only"}, "td": {"class": "number wide-only"}}


class SummaryColumn(tables.Column):
    """Sorted as an index of the summaries stands, so that a page reads its own rows only; every patient has a summary
    from the transaction on that brings the patient."""

    def order(self, queryset: QuerySet[Patient], is_descending: bool) -> tuple[QuerySet[Patient], bool]:
        by = OrderByTuple((*self.order_by, "pk"))
        return queryset.filter(summary__isnull=False).order_by(*(by.opposite if is_descending else by)), True


class PatientTable(tables.Table):
    subject_id = tables.Column(verbose_name=_("Subject id"), attrs=_WHOLE)
    site = tables.Column(accessor="site__code", verbose_name=_("Site"), attrs=_WIDE_ONLY)
    state = SummaryColumn(accessor="summary__state", order_by="summary__state", verbose_name=_("State"))
    phase = SummaryColumn(
        accessor="subject_id",
        order_by=("summary__phase", "-summary__first_dose_on"),
        verbose_name=_("Phase and day"),
        attrs={"td": {"class": "roomy"}},
    )
    dose = SummaryColumn(
        accessor="subject_id",
        order_by="summary__mean_daily_mg",
        verbose_name=_("Dose"),
        attrs={"td": {"class": "brief"}},
    )
    pill_count = SummaryColumn(
        accessor="summary__pill_count_percent",
        order_by="summary__pill_count_percent",
        verbose_name=_("Pill count"),
        attrs=_NUMBER,
    )
    pdc = SummaryColumn(
        accessor="summary__pdc_percent",
        order_by="summary__pdc_percent",
        verbose_name=_("Days covered"),
        attrs=_WIDE_NUMBER,
    )
    next_visit = SummaryColumn(
        accessor="subject_id",
        order_by="summary__next_visit_on",
        verbose_name=_("Next visit"),
    )
    flags = tables.Column(accessor="subject_id", orderable=False, verbose_name=_("Flagged now"))

    class Meta:
        order_by = "subject_id"
        empty_text = _("No patient fits. Clear the filters to see everybody.")

    def render_subject_id(self, record: Patient) -> SafeString:
        return format_html(
            '<a class="row-link" href="{}">{}</a>',
            reverse("clinic:chart", args=[record.uuid]),
            record.subject_id,
        )

    def render_state(self, value: str) -> str:
        return str(PATIENT_STATES.get(value, "–"))

    def render_phase(self, record: Patient) -> str:
        return presenters.course_words(record, on=timezone.localdate())

    def render_dose(self, record: Patient) -> str:
        return presenters.current_dose_words(presenters.payload_of(record))

    def render_pill_count(self, record: Patient, value: Decimal) -> SafeString:
        return _percent(record, value)

    def render_pdc(self, record: Patient, value: Decimal) -> SafeString:
        return _percent(record, value)

    def render_next_visit(self, record: Patient) -> SafeString | str:
        if record.next_visit_code is None:
            return "–"
        day = date_format(record.next_visit_on, "DATE_FORMAT")
        at = f" {time_format(record.booked_time, 'TIME_FORMAT')}" if record.booked_time else ""
        style = "" if record.booked_on else "quiet "
        return format_html('{} <span class="{}nowrap">{}{}</span>', record.next_visit_code, style, day, at)

    def render_flags(self, record: Patient) -> SafeString:
        flags = presenters.open_flags(record)
        rendered = (
            (render_to_string("components/flag.html", {"code": flag.code, "to_on": None}),) for flag in flags
        )
        return format_html_join(" ", "{}", rendered)


def _percent(record: Patient, value: Decimal) -> SafeString:
    band = presenters.band_of(record, value)
    return format_html(
        '<span class="{}"><span aria-hidden="true">{}</span> {}<span class="unit">%</span></span>',
        band.css_class,
        band.shape,
        number_format(value, 2),
    )
