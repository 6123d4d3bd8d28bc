"""Where a page stands among the places of the navigation."""

from django import template

register = template.Library()


@register.filter
def is_under(path: str, place: str) -> bool:
    """Is this page the place, or below it?"""
    return path.startswith(place)
