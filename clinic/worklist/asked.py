"""What a person asked the worklist for, and what several parts of the answer share."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet

from accounts.models import User
from accounts.permissions import Permission
from accounts.selectors import sites_by_permission
from dosing.selectors import SupplyOutlook, supply_outlook
from patients.models import Patient
from visits.selectors import Scope, VisitItem, visit_items


@dataclass(frozen=True)
class Asked:
    """By whom, and for which day, site and subject id. What is read is read once."""

    user: User
    scope: Scope

    def may(self, permission: Permission, patient: Patient) -> bool:
        return patient.site_id in self.sites[permission]

    @cached_property
    def sites(self) -> Mapping[Permission, frozenset[int]]:
        return sites_by_permission(self.user)

    @cached_property
    def patients(self) -> QuerySet[Patient]:
        return self.scope.patients(self.user)

    @cached_property
    def visits(self) -> list[VisitItem]:
        return visit_items(self.user, self.scope)

    @cached_property
    def supply(self) -> SupplyOutlook:
        return supply_outlook(self.user, on=self.scope.on, among=self.patients)
