"""Where a page stands among the places of the navigation."""

from collections.abc import Iterable

from django import template
from django.urls import NoReverseMatch, reverse

from accounts.navigation import Place

register = template.Library()


@register.simple_tag
def place_of(path: str, places: Iterable[Place]) -> str:
    """The place a page is, or lies below: the nearest one, for a place may lie below another. Or none."""
    above = [(_path_of(place), place.url_name) for place in places]
    return max((found for found in above if found[0] and path.startswith(found[0])), default=("", ""))[1]


def _path_of(place: Place) -> str:
    try:
        return reverse(place.url_name)
    except NoReverseMatch:
        return ""
