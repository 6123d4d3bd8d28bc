"""People, sites and delegations for administrators; what patients read of a site also for its data managers."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as sentence
from django.utils.translation import gettext_lazy as _

from accounts.admin_site import granted, say_on_index
from accounts.models import Delegation, Site, User
from accounts.permissions import Permission, Role
from accounts.selectors import sites_visible_to, sites_with_gaps
from accounts.services import add_delegation, add_site, add_user, change_delegation, change_site, change_user
from audit.admin import ReasonedAdmin


def administered_sites(request: HttpRequest) -> QuerySet[Site]:
    return sites_visible_to(request.user, Permission.MANAGE_SITES)


class AdministratorOnly:
    """Permission of pages that only administrators have."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return Permission.MANAGE_SITES in granted(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return Permission.MANAGE_SITES in granted(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return Permission.MANAGE_SITES in granted(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return Permission.MANAGE_SITES in granted(request)


@admin.register(User)
class UserAdmin(AdministratorOnly, DjangoUserAdmin):
    """Accounts. What somebody may do is a delegation, so the flags and groups of Django are not shown."""

    of_this_house = True
    actions = None
    list_display = ("username", "language", "is_active", "last_login")
    list_filter = ("is_active", "language", "delegations__role")
    search_fields = ("username",)
    ordering = ("username",)
    fieldsets = (
        (None, {"fields": ("username", "password", "language", "is_active")}),
        (_("Seen"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "language", "password1", "password2")}),)
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """People of the administrator's own sites, and those who have no delegation yet."""
        theirs = Delegation.objects.filter(user=OuterRef("pk"))
        known = Exists(theirs.filter(site__in=administered_sites(request))) | ~Exists(theirs)
        return super().get_queryset(request).filter(known, is_service=False)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        raise Http404

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if change:
            change_user(by=request.user, user=obj)
        else:
            add_user(by=request.user, user=obj)


@admin.register(Site)
class SiteAdmin(ReasonedAdmin):
    """A site's display names, place and phone are what patients read in their mails."""

    list_display = ("code", "name_ko", "name_en", "phone_ko", "phone_en")
    search_fields = ("code", "name_ko", "name_en", "place_ko", "place_en")
    key_fields = ("code",)
    record_fields = (
        "name_ko",
        "name_en",
        "place_ko",
        "place_en",
        "phone_ko",
        "phone_en",
        "bring_ko",
        "bring_en",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Site]:
        corrected = sites_visible_to(request.user, Permission.CORRECT_RECORD)
        both = Q(pk__in=corrected.values("pk")) | Q(pk__in=administered_sites(request).values("pk"))
        return super().get_queryset(request).filter(both)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool({Permission.CORRECT_RECORD, Permission.MANAGE_SITES} & granted(request))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return Permission.MANAGE_SITES in granted(request)

    def record_name(self, record: Any) -> str:
        return sentence("Site %(code)s") % {"code": record.code}

    def write(self, request: HttpRequest, record: Any, reason: str) -> bool:
        if record.pk is not None:
            return change_site(by=request.user, site=record, reason=reason)
        return bool(add_site(by=request.user, site=record))


@admin.register(Delegation)
class DelegationAdmin(AdministratorOnly, ReasonedAdmin):
    list_display = ("user", "role", "site_code", "from_on", "until_on", "delegated_by")
    list_filter = ("role",)
    list_select_related = ("user", "site", "delegated_by")
    search_fields = ("user__username", "site__code")
    date_hierarchy = "from_on"
    key_fields = ("user", "role", "site", "from_on")
    record_fields = ("until_on",)

    @admin.display(description=_("site"), ordering="site__code")
    def site_code(self, record: Delegation) -> str:
        return record.site.code

    def key_fields_of(self, obj: Model) -> Sequence[str]:
        return ("user", "role", "site_code", "from_on")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delegation]:
        return super().get_queryset(request).filter(site__in=administered_sites(request))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "site":
            kwargs["queryset"] = administered_sites(request)
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.filter(is_service=False, is_active=True).order_by("username")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def words(self, code: str) -> str:
        return str(dict(Role.choices).get(code, code))

    def record_name(self, record: Any) -> str:
        values = {
            "user": record.user.get_username(),
            "role": self.words(record.role),
            "code": record.site.code,
        }
        return sentence("%(user)s, %(role)s at site %(code)s") % values

    def write(self, request: HttpRequest, record: Any, reason: str) -> bool:
        if record.pk is not None:
            return change_delegation(by=request.user, delegation=record, reason=reason)
        return bool(add_delegation(by=request.user, delegation=record))


@say_on_index
def missing_lines(user: User) -> Iterator[str]:
    """A mail leaves out what a site does not say of itself."""
    for site in sites_with_gaps(user):
        yield sentence("Site %(code)s: name, place or phone is missing, and so it is in reminders.") % {
            "code": site.code
        }
