"""What every page's frame needs to know of the person in front of it."""

from django.conf import settings
from django.http import HttpRequest

from accounts.navigation import places_for
from accounts.selectors import roles_of


def navigation(request: HttpRequest) -> dict[str, object]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"roles": set(), "navigation": []}
    roles = roles_of(user)
    return {
        "roles": roles,
        "navigation": places_for(roles),
        "session_idle_seconds": int(settings.SESSION_IDLE.total_seconds()),
        "session_warning_seconds": int(settings.SESSION_WARNING.total_seconds()),
    }
