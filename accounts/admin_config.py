"""Django's admin with the site of this house in place of its own."""

from django.contrib.admin.apps import AdminConfig


class StudyAdminConfig(AdminConfig):
    default_site = "accounts.admin_site.StudyAdminSite"
