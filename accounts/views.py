"""Where everybody arrives, and the language everybody reads."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST
from django.views.i18n import set_language

from accounts.navigation import home_of
from accounts.selectors import roles_of


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """To the page of the person's role."""
    return redirect(home_of(roles_of(request.user)))


@login_not_required
@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    """Remember the language in a cookie and come back to the same page; the login page has the switch too."""
    return set_language(request)


@require_POST
def stay_signed_in(request: HttpRequest) -> HttpResponse:
    """Being asked for is enough: the session was seen on the way here."""
    return HttpResponse(status=204)
