"""How the ledger is narrowed: by state, reason, patient and the days on which messages were due."""

import django_filters
from django.utils.translation import gettext_lazy as _

from reminders.models import Reminder
from reminders.words import REASONS, STATES


class ReminderFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        choices=[(state.value, mark.word) for state, mark in STATES.items()],
        label=_("State"),
        empty_label=_("All"),
    )
    reason = django_filters.ChoiceFilter(
        choices=[(reason.value, words) for reason, words in REASONS.items()],
        label=_("Why not sent"),
        empty_label=_("All"),
    )
    subject_id = django_filters.CharFilter(
        field_name="patient__subject_id", lookup_expr="icontains", label=_("Subject id")
    )
    first = django_filters.DateFilter(field_name="due_on", lookup_expr="gte", label=_("Due from"))
    last = django_filters.DateFilter(field_name="due_on", lookup_expr="lte", label=_("Due until"))

    class Meta:
        model = Reminder
        fields: list[str] = []
