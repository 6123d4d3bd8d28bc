"""Where a second factor is required, nobody gets past the page that sets it up without one."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

_ALWAYS_OPEN = ("account_logout", "healthz", "readyz", "set_language")


class SecondFactorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponse | None:
        match = request.resolver_match
        if not settings.REQUIRE_MFA or not request.user.is_authenticated or match is None:
            return None
        if match.view_name in _ALWAYS_OPEN or (match.view_name or "").startswith(
            ("mfa_", "account_reauthenticate")
        ):
            return None
        return None if is_mfa_enabled(request.user) else redirect(reverse("mfa_activate_totp"))
