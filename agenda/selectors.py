"""The stored agendas as pages read them: how many rows a part has, and the first of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Count, F, QuerySet

from agenda.models import Agenda, AgendaEntry
from agenda.rules.entries import Part
from patients.models import Patient


@dataclass(frozen=True)
class StoredAgendas:
    """Of some sites on a day, perhaps of a part of the subject id; which sites a person sees is the caller's."""

    site_ids: Collection[int]
    on: date
    search: str = ""

    def reach(self, *, today: date) -> bool:
        """Does every patient of the sites have an agenda for the day? The past is judged from what is dated."""
        if self.on < today:
            return False
        known = Agenda.objects.filter(site__in=self.site_ids, from_on__lte=self.on, to_on__gte=self.on)
        return known.count() == Patient.objects.filter(site__in=self.site_ids).count()

    @cached_property
    def counts(self) -> dict[str, int]:
        """By part, those without a row left out."""
        rows = self._standing().order_by().values("part").annotate(rows=Count("pk"))
        return dict(rows.values_list("part", "rows"))

    def patient_ids(self, part: Part) -> QuerySet[AgendaEntry, int]:
        return self._standing().filter(part=part.value).values_list("patient_id", flat=True)

    def rows(self, part: Part) -> QuerySet[AgendaEntry]:
        """In the order of the worklist."""
        rows = self._standing().filter(part=part.value)
        return rows.order_by("on", F("at").asc(nulls_last=True), "patient__subject_id", "code")

    def _standing(self) -> QuerySet[AgendaEntry]:
        rows = AgendaEntry.objects.filter(site__in=self.site_ids, from_on__lte=self.on, to_on__gte=self.on)
        return rows.filter(patient__subject_id__icontains=self.search) if self.search else rows
