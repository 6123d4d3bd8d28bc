"""The ledger of reminders, to be read: it is written by those who plan and send."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.utils.translation import gettext_lazy as _

from patients.record_admin import RecordAdmin
from patients.record_lists import SiteFilter
from reminders.models import Reminder
from reminders.words import STATES, reason_words, state_mark


class StateFilter(admin.ChoicesFieldListFilter):
    """The states in words."""

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for choice in super().choices(changelist):
            mark = STATES.get(choice["display"])
            yield {**choice, "display": mark.word} if mark else choice


@admin.register(Reminder)
class ReminderAdmin(RecordAdmin):
    can_be_added = can_be_exported = False  # an export would carry addresses
    list_display = (
        "subject_column", "site_column", "visit_code", "kind", "due_at", "state_words", "why", "sent_at",
    )  # fmt: skip
    list_filter = (SiteFilter, ("state", StateFilter), "kind", "due_on")
    list_select_related = ("visit",)
    date_hierarchy = "due_on"
    search_fields = ("recipient", "=message_id")
    key_fields = ("patient", "visit", "kind")
    shown_fields = (
        "recipient", "due_at", "appointment_on", "appointment_time", "state_words", "why", "attempts", "last_answer",
        "handed_at", "sent_at", "maybe_sent", "message_id", "language", "template_version", "created_at",
    )  # fmt: skip

    def key_fields_of(self, obj: Reminder) -> tuple[str, ...]:
        return ("subject", "visit_code", "kind")

    @admin.display(description=_("visit"), ordering="visit__visitnum")
    def visit_code(self, record: Reminder) -> str:
        return record.visit.visit if record.visit else ""

    @admin.display(description=_("state"), ordering="state")
    def state_words(self, record: Reminder) -> str:
        return str(state_mark(record).word)

    @admin.display(description=_("why"))
    def why(self, record: Reminder) -> str:
        return reason_words(record)
