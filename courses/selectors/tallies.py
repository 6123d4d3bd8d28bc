"""Sums over the patients of some sites: read as they are stored, in one statement."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Sum

from accounts.models import User
from accounts.permissions import Permission
from accounts.selectors import sites_visible_to
from courses.models import Tally, TallyRevision
from courses.rules.tally import Tallies

Revisions = tuple[tuple[int, UUID], ...]  # (site, revision), in order


def tally_revisions(user: User, permission: Permission = Permission.VIEW_DASHBOARD) -> Revisions:
    """What the sums of these sites are known by: anything computed from `sums_at` may be kept under it."""
    sites = sites_visible_to(user, permission)
    found = TallyRevision.objects.filter(site__in=sites).order_by("site_id")
    return tuple(found.values_list("site_id", "revision"))


def sums_at(revisions: Revisions) -> Tallies:
    """What `tally_revisions` stood for, or later: a change that comes between brings a new revision with it."""
    rows = Tally.objects.filter(site__in=[site_id for site_id, _ in revisions]).order_by()
    return Tallies.of_rows(rows.values_list("figure", "key").annotate(Sum("n")))


def sums_by_site(
    user: User, figures: Collection[str], permission: Permission = Permission.VIEW_DASHBOARD
) -> dict[str, Tallies]:
    """Some figures of every site apart, by its code in order; a site that counts for none of them is left out."""
    rows = Tally.objects.filter(site__in=sites_visible_to(user, permission), figure__in=figures, n__gt=0)
    found: dict[str, list[tuple[str, str, int]]] = {}
    for code, figure, key, n in rows.order_by("site__code").values_list("site__code", "figure", "key", "n"):
        found.setdefault(code, []).append((figure, key, n))
    return {code: Tallies.of_rows(each) for code, each in found.items()}
