"""Visits by the names people know them by."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from protocol.definition import Protocol
from protocol.versions import known_visit
from visits.models import UNSCHEDULED


def visit_name(protocol: Protocol, code: str) -> str:
    """ "Month 6", to stand before "visit", in the reader's language; the protocol names its own visits."""
    if code == UNSCHEDULED:
        return _("Unscheduled")
    visit = known_visit(protocol, code)
    return visit.name_en if get_language() == "en" else visit.name_ko


def procedure_name(protocol: Protocol, code: str) -> str:
    """The protocol names its procedures; one that no version of it knows any more is shown by its code."""
    place = 0 if get_language() == "en" else 1
    return next((names[place] for known, *names in protocol.procedures if known == code), code)
