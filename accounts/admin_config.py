"""Django's admin with the site of this house in place of its own, and its rooms under the names people know."""

from django.apps import apps
from django.contrib.admin.apps import AdminConfig
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROOM_NAMES: dict[str, str | Promise] = {
    "accounts": _("People and sites"),
    "patients": _("Patients"),
    "visits": _("Visits and laboratory"),
    "adverse_events": _("Adverse events"),
    "dosing": _("Doses and tablets"),
    "courses": _("Courses, computed"),
    "review": _("Queries"),
    "reminders": _("Reminders"),
}


class StudyAdminConfig(AdminConfig):
    default_site = "accounts.admin_site.StudyAdminSite"

    def ready(self) -> None:
        for label, name in ROOM_NAMES.items():
            apps.get_app_config(label).verbose_name = name
        super().ready()
