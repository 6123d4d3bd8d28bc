"""Addresses of the dashboard that keep the day a person looks at."""

from django import template

from dashboard.presenters.numbers import Links

register = template.Library()


@register.filter
def table(links: Links, name: str) -> str:
    """Of a table as a file."""
    return links.table(name)


@register.filter
def page(links: Links, name: str) -> str:
    """Of another page of the dashboard."""
    return links.to(name)


@register.filter
def part(links: Links, name: str) -> str:
    """Of the dashboard with another part of the course drawn."""
    return links.to("dashboard", part=name)
