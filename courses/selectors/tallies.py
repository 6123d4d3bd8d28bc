"""Sums over the patients of some sites: read as they are stored, in one statement."""

from functools import lru_cache
from uuid import UUID

from django.db.models import Sum

from accounts.models import User
from accounts.permissions import Permission
from accounts.selectors import sites_visible_to
from courses.models import Tally, TallyRevision
from courses.rules.tally import Tallies

Revisions = tuple[tuple[int, UUID], ...]  # (site, revision), in order
_KEPT = 8  # groups of sites whose sums stay in the memory of a process


def tallies(user: User, permission: Permission = Permission.VIEW_DASHBOARD) -> Tallies:
    """The sums of every site where `user` has the permission, as of the last change."""
    return sums_at(tally_revisions(user, permission))


def tally_revisions(user: User, permission: Permission = Permission.VIEW_DASHBOARD) -> Revisions:
    """What the sums of these sites are known by: anything computed from `tallies` may be kept under it."""
    sites = sites_visible_to(user, permission)
    found = TallyRevision.objects.filter(site__in=sites).order_by("site_id")
    return tuple(found.values_list("site_id", "revision"))


@lru_cache(maxsize=_KEPT)
def sums_at(revisions: Revisions) -> Tallies:
    """What `tally_revisions` stood for, or later: a change that comes between brings a new revision with it."""
    rows = Tally.objects.filter(site__in=[site_id for site_id, _ in revisions]).order_by()
    return Tallies.of_rows(rows.values_list("figure", "key").annotate(Sum("n")))
