"""The admin site: who comes in is decided by delegations, as everywhere; Django's staff flags open nothing here."""

from collections.abc import Callable, Iterable
from functools import update_wrapper
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth.views import LogoutView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts.admin_config import ROOM_NAMES
from accounts.models import User
from accounts.permissions import TABLE, Permission
from accounts.selectors import roles_of

ENTRY = frozenset({Permission.CORRECT_RECORD, Permission.MANAGE_SITES})
Notice = Callable[[User], Iterable[str]]


def granted(request: HttpRequest) -> set[Permission]:
    """What the person's delegations allow, asked once a request."""
    if not hasattr(request, "granted_permissions"):
        roles = roles_of(request.user) if request.user.is_authenticated else set()
        found = {permission for permission, allowed in TABLE.items() if allowed & roles}
        request.granted_permissions = found  # type: ignore[attr-defined]
    permissions: set[Permission] = request.granted_permissions
    return permissions


class StudyAdminSite(AdminSite):
    """For data managers (records) and administrators (people, sites); to everybody else it does not exist."""

    site_header = site_title = _("gisttrial data")
    index_title = _("Records")
    enable_nav_sidebar = False  # the tables need the width; home is one step away

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.notices: list[Notice] = []

    def register(
        self, model_or_iterable: Any, admin_class: type[ModelAdmin] | None = None, **options: Any
    ) -> None:
        """Only pages of this house: those that other packages bring along know nothing of its permissions."""
        if getattr(admin_class, "of_this_house", False):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and bool(ENTRY & granted(request))

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        inside = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            return inside(request, *args, **kwargs)

        return update_wrapper(guarded, inside)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The rooms in the order of a patient's way through the study."""
        order = list(ROOM_NAMES)
        rooms: list[Any] = super().get_app_list(request, app_label)
        return sorted(rooms, key=lambda room: order.index(room["app_label"]))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        notices = [words for notice in self.notices for words in notice(request.user)]
        return super().index(request, {**(extra_context or {}), "notices": notices})

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """There is one such page, and it ends the person's other sessions."""
        return redirect("account_change_password")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return LogoutView.as_view(next_page="account_login")(request)


def say_on_index(notice: Notice) -> Notice:
    """Register what the first page of the admin site tells a person: a function of the user giving sentences."""
    from django.contrib import admin

    admin.site.notices.append(notice)
    return notice
