"""How the list of patients is narrowed: by number, site, state, phase and what is flagged now."""

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Site
from accounts.selectors import sites_visible_to
from patients.models import Patient
from patients.selectors import with_number_like
from patients.templatetags.statuses import FLAGS
from patients.words import PATIENT_STATES, PHASES, choices


def _sites_of(request: HttpRequest) -> QuerySet[Site]:
    return sites_visible_to(request.user)


class PatientFilter(django_filters.FilterSet):
    subject_id = django_filters.CharFilter(method="numbered_like", label=_("Subject id"))
    site = django_filters.ModelChoiceFilter(queryset=_sites_of, label=_("Site"), empty_label=_("All"))
    state = django_filters.ChoiceFilter(
        field_name="summary__state", choices=choices(PATIENT_STATES), label=_("State"), empty_label=_("All")
    )
    phase = django_filters.ChoiceFilter(
        field_name="summary__phase", choices=choices(PHASES), label=_("Phase"), empty_label=_("All")
    )
    flag = django_filters.ChoiceFilter(
        method="flagged_now",
        choices=[(code, mark.word) for code, mark in FLAGS.items()],
        label=_("Flagged now"),
        empty_label=_("All"),
    )

    class Meta:
        model = Patient
        fields: list[str] = []

    def numbered_like(self, patients: QuerySet[Patient], name: str, text: str) -> QuerySet[Patient]:
        return with_number_like(patients, text)

    def flagged_now(self, patients: QuerySet[Patient], name: str, code: str) -> QuerySet[Patient]:
        """Patients with such a flag that is still open."""
        return patients.filter(summary__flagged_now__contains=[code])
