"""What a person asked the worklist for, and what several parts of the answer share."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from django.db.models import QuerySet

from accounts.models import User
from accounts.permissions import Permission
from accounts.selectors import sites_by_permission
from agenda.selectors import StoredAgendas
from dosing.selectors import SupplyOutlook, supply_outlook
from patients.models import Patient
from visits.selectors import Scope, VisitItem, visit_items


@dataclass(frozen=True)
class Asked:
    """By whom, when, and for which day, site and subject id. What is read is read once.

    `only`: the keys of some patients the person is known to see, where not everybody is to be judged.
    """

    user: User
    scope: Scope
    at: datetime
    only: frozenset[int] | None = None

    def among(self, patient_ids: Collection[int]) -> "Asked":
        return replace(self, only=frozenset(patient_ids))

    def may(self, permission: Permission, patient: Patient) -> bool:
        return patient.site_id in self.sites[permission]

    @cached_property
    def sites(self) -> Mapping[Permission, frozenset[int]]:
        return sites_by_permission(self.user)

    @cached_property
    def stored(self) -> StoredAgendas | None:
        """What is stored of these patients; None where it does not answer for all of them on that day."""
        sites = self.scope.sites(self.user).values_list("pk", flat=True)
        stored = StoredAgendas(tuple(sites), self.scope.on, self.scope.search)
        return stored if stored.reach(today=self.scope.today) else None

    @cached_property
    def patients(self) -> QuerySet[Patient]:
        if self.only is not None:
            return Patient.objects.filter(pk__in=self.only)
        return self.scope.patients(self.user)

    @cached_property
    def visits(self) -> list[VisitItem]:
        return visit_items(self.user, self.scope, among=self.patients)

    @cached_property
    def supply(self) -> SupplyOutlook:
        return supply_outlook(self.user, on=self.scope.on, among=self.patients)
