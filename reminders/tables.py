"""The ledger, a line a message."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.formats import date_format, time_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from reminders import words
from reminders.models import Reminder, ReminderKind
from visits.words import visit_name

_WHOLE = {"td": {"class": "nowrap"}}
_KINDS = {
    ReminderKind.PLANNED_DATE.value: _("not booked"),
    ReminderKind.MISSED_VISIT.value: _("did not come"),
    ReminderKind.MOVED.value: _("moved"),
    ReminderKind.CANCELLED.value: _("cancelled"),
}


class ReminderTable(tables.Table):
    due_at = tables.Column(verbose_name=_("Due"))
    patient = tables.Column(
        accessor="patient__subject_id",
        order_by="patient__subject_id",
        verbose_name=_("Patient"),
        attrs=_WHOLE,
    )
    visit = tables.Column(accessor="pk", order_by="visit__visitnum", verbose_name=_("Visit"))
    appointment_on = tables.Column(verbose_name=_("Appointment"))
    recipient = tables.Column(orderable=False, verbose_name=_("To"), empty_values=())
    state = tables.Column(verbose_name=_("State"))
    told = tables.Column(accessor="pk", orderable=False, verbose_name=_("What became of it"))

    class Meta:
        order_by = "-due_at"
        empty_text = _("No reminder fits. Clear the filters to see all of them.")

    def render_due_at(self, record: Reminder) -> SafeString:
        return format_html(
            '<a class="row-link nowrap" href="{}">{}</a> <span class="quiet nowrap">{}</span>',
            reverse("reminders:reminder", args=[record.pk]),
            date_format(localtime(record.due_at), "SHORT_DATETIME_FORMAT"),
            words.lead_words(record),
        )

    def render_patient(self, record: Reminder) -> SafeString:
        chart = reverse("clinic:chart", args=[record.patient.uuid])
        return format_html('<a class="above-row" href="{}">{}</a>', chart, record.patient.subject_id)

    def render_visit(self, record: Reminder) -> str:
        if record.visit is None:
            return "–"
        return visit_name(record.patient.protocol, record.visit.visit)

    def render_appointment_on(self, record: Reminder) -> SafeString:
        at = time_format(record.appointment_time, "TIME_FORMAT") if record.appointment_time else ""
        kind = _KINDS.get(record.kind, "")
        return format_html(
            '<span class="nowrap">{} {}</span> <span class="quiet">{}</span>',
            date_format(record.appointment_on, "SHORT_DATE_FORMAT"),
            at,
            kind,
        )

    def render_recipient(self, record: Reminder) -> str:
        return words.masked(record.recipient) or "–"

    def render_state(self, record: Reminder) -> SafeString:
        mark = words.state_mark(record)
        return format_html(
            '<span class="status {}"><span class="shape" aria-hidden="true">{}</span>{}</span>',
            mark.css_class,
            mark.shape,
            mark.word,
        )

    def render_told(self, record: Reminder) -> SafeString:
        sent = date_format(localtime(record.sent_at), "SHORT_DATETIME_FORMAT") if record.sent_at else ""
        lines = [sent, words.reason_words(record), words.delivery_words(record), record.last_answer]
        return format_html(
            '{} <span class="quiet">{}</span>', lines[0] or lines[1], " · ".join(filter(None, lines[2:]))
        )
