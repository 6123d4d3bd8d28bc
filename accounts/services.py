"""The only hands that write people, sites and delegations."""

from collections.abc import Iterable

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import may, require
from accounts.models import Delegation, Site, User
from accounts.permissions import Permission, Role
from audit import recording
from audit.refusals import refusals_as_validation_errors


@transaction.atomic
def create_user(
    *, by: User, username: str, password: str, role: Role, sites: Iterable[str], language: str = "ko"
) -> User:
    """Somebody new with one role at some sites (by code) from today on; a site that is not known yet is made."""
    user = User(username=username, language=language)
    validate_password(password, user)
    user.set_password(password)
    add_user(by=by, user=user)
    for code in sites:
        site = Site.objects.filter(code=code).first() or add_site(by=by, site=Site(code=code))
        delegation = Delegation(user=user, role=role, site=site, from_on=timezone.localdate())
        add_delegation(by=by, delegation=delegation)
    return user


@transaction.atomic
def add_user(*, by: User, user: User) -> User:
    """Save a new person, with the password already set. Without a delegation they see nothing."""
    require(by, Permission.MANAGE_SITES)
    user.is_staff = user.is_superuser = False
    user.full_clean()
    user.save()
    return user


@transaction.atomic
def change_user(*, by: User, user: User) -> bool:
    require(by, Permission.MANAGE_SITES)
    user.full_clean()
    user.save()
    return True


@transaction.atomic
def add_site(*, by: User, site: Site) -> Site:
    """Save a new site; whoever makes it administers it, or nobody could."""
    require(by, Permission.MANAGE_SITES)
    site.full_clean()
    with refusals_as_validation_errors(), recording(by=by):
        site.save()
    if not by.is_service:
        first = Delegation(
            user=by, role=Role.ADMINISTRATOR, site=site, from_on=timezone.localdate(), delegated_by=by
        )
        with recording(by=by):
            first.save()
    return site


@transaction.atomic
def change_site(*, by: User, site: Site, reason: str) -> bool:
    """What patients read of a clinic. Its code stays: other systems know the site by it."""
    if not may(by, Permission.CORRECT_RECORD, site):
        require(by, Permission.MANAGE_SITES, site)
    return _change(by, site, reason)


@transaction.atomic
def set_protocol_version(*, by: User, site: Site, version: str, reason: str) -> bool:
    """The version of the protocol under which patients are screened from now on."""
    require(by, Permission.AMEND_PROTOCOL, site)
    site.protocol_version = version
    return _change(by, site, reason)


@transaction.atomic
def add_delegation(*, by: User, delegation: Delegation) -> Delegation:
    require(by, Permission.MANAGE_SITES, delegation.site)
    delegation.delegated_by = by
    delegation.full_clean()
    with refusals_as_validation_errors(), recording(by=by):
        delegation.save()
    return delegation


@transaction.atomic
def change_delegation(*, by: User, delegation: Delegation, reason: str) -> bool:
    """Usually its end: nothing of a delegation is ever taken away."""
    require(by, Permission.MANAGE_SITES, Delegation.objects.select_related("site").get(pk=delegation.pk).site)
    require(by, Permission.MANAGE_SITES, delegation.site)
    return _change(by, delegation, reason)


def _change(by: User, record: Site | Delegation, reason: str) -> bool:
    if not reason.strip():
        raise ValidationError(_("Saved values change: say why."), code="reason")
    names = [field.attname for field in record._meta.concrete_fields]
    record.full_clean()
    if type(record)._base_manager.filter(pk=record.pk).values(*names).get() == {
        n: getattr(record, n) for n in names
    }:
        return False
    with refusals_as_validation_errors(), recording(by=by, reason=reason):
        record.save()
    return True
