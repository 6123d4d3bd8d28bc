"""What a user may see, by the delegations in force today at the clinic."""

from django.conf import settings
from django.db.models import Q, QuerySet
from django.db.models.functions import Now, TruncDate

from accounts.models import Delegation, Site, User
from accounts.permissions import Permission, Role, roles_with


def delegations_in_force(user: User) -> QuerySet[Delegation]:
    """Delegations whose days include today; the database's clock decides, in clinic time."""
    today = TruncDate(Now(), tzinfo=settings.CLINIC_ZONE)
    open_today = Q(until_on__isnull=True) | Q(until_on__gte=today)
    return Delegation.objects.filter(open_today, user_id=user.pk, from_on__lte=today)


def sites_visible_to(user: User, permission: Permission = Permission.VIEW_PATIENTS) -> QuerySet[Site]:
    if user.is_service:
        return Site.objects.all()
    granted = delegations_in_force(user).filter(role__in=roles_with(permission))
    return Site.objects.filter(pk__in=granted.values("site_id"))


def sites_by_permission(user: User) -> dict[Permission, frozenset[int]]:
    """Every permission with the sites where `user` has it, in one statement: for pages with rows of many sites."""
    granted = set(delegations_in_force(user).values_list("role", "site_id"))
    return {
        permission: frozenset(site_id for role, site_id in granted if role in roles_with(permission))
        for permission in Permission
    }


def roles_of(user: User) -> set[Role]:
    return {Role(role) for role in delegations_in_force(user).values_list("role", flat=True).distinct()}


def sites_with_gaps(user: User) -> QuerySet[Site]:
    """Sites whose records `user` corrects, and that lack a line which patients would read in a mail."""
    lines = ("name_ko", "name_en", "place_ko", "place_en", "phone_ko", "phone_en")
    lacking = Q(pk__in=[])
    for line in lines:
        lacking |= Q(**{line: ""})
    return sites_visible_to(user, Permission.CORRECT_RECORD).filter(lacking).order_by("code")
