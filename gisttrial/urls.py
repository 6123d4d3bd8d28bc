"""The roof's map: which room answers which path. Every room writes its paths whole."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", include("accounts.urls")),
    path("", include("clinic.urls")),
    path("", include("patients.urls")),
    path("", include("dashboard.urls")),
    path("", include("reminders.urls")),
    path("", include("exchange.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
