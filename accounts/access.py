"""Asking the table: may somebody do this, here, today?"""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from accounts.models import Site, User
from accounts.permissions import Permission, roles_with
from accounts.selectors import delegations_in_force


def may(user: User, permission: Permission, site: Site | None = None) -> bool:
    """Does a delegation in force today give `user` this permission (at `site`, if one is named)?"""
    if user.is_service:
        return True
    granted = delegations_in_force(user).filter(role__in=roles_with(permission))
    return (granted.filter(site=site) if site else granted).exists()


def require(user: User, permission: Permission, site: Site | None = None) -> None:
    """Raise PermissionDenied, in words for the person, unless `may`."""
    if not may(user, permission, site):
        raise PermissionDenied(
            _("Your role does not allow this: %(action)s. Ask your site's administrator for the delegation.")
            % {"action": permission.label}
        )
