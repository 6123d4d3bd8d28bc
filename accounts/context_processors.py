"""What every page's frame needs to know of the person in front of it."""

from django.http import HttpRequest

from accounts.selectors import roles_of


def navigation(request: HttpRequest) -> dict[str, object]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"roles": set()}
    return {"roles": roles_of(user)}
