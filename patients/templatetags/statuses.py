"""The fixed words of the product, each with a shape and a colour class: never colour alone."""

from typing import NamedTuple

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

register = template.Library()


class Mark(NamedTuple):
    word: str | Promise
    shape: str
    css_class: str


VISITS: dict[str, Mark] = {
    "PLANNED": Mark(_("Planned"), "○", "status-planned"),
    "DUE": Mark(pgettext_lazy("visit", "Due"), "◇", "status-due"),
    "OVERDUE": Mark(_("Overdue"), "◇", "status-overdue"),
    "IN_WINDOW": Mark(_("In window"), "●", "status-in-window"),
    "OUT_OF_WINDOW": Mark(_("Out of window"), "◐", "status-out-of-window"),
    "COMPLETED": Mark(pgettext_lazy("visit", "Done"), "●", "status-done"),
    "COMPLETED_OUT_OF_WINDOW": Mark(_("Out of window"), "◐", "status-out-of-window"),
    "MISSED": Mark(_("Missed"), "✕", "status-missed"),
    "NOT_DONE": Mark(_("Not done"), "–", "status-not-done"),
    "CANCELLED": Mark(_("Cancelled"), "–", "status-cancelled"),
    "PRE_ENROLMENT": Mark(_("Before enrolment"), "–", "status-before-enrolment"),
    "MERGED_WITH_ENTRY": Mark(_("Merged with entry"), "●", "status-merged"),
}
VISITS |= {"DONE": VISITS["COMPLETED"], "LATE": VISITS["MISSED"]}  # of a scan of the schedule
FLAGS: dict[str, Mark] = {
    "DOSE_BELOW_300": Mark(_("Under 300 mg"), "▼", "flag-alarm"),
    "HOLD_OVER_28_DAYS": Mark(_("Hold over 28 days"), "▨", "flag-caution"),
    "HOLD_OVER_90_DAYS": Mark(_("Hold over 90 days"), "▨", "flag-alarm"),
    "DOSE_ABOVE_PLAN": Mark(_("Over 400 mg"), "▲", "flag-caution"),
    "OVERUSE": Mark(_("More tablets than ordered"), "▲", "flag-caution"),
}
CLOCKS: dict[str, Mark] = {
    "RUNNING": Mark(pgettext_lazy("clock", "Running"), "○", "status-planned"),
    "DUE_SOON": Mark(pgettext_lazy("clock", "Due soon"), "◇", "status-due"),
    "OVERDUE": VISITS["OVERDUE"],
    "MET": Mark(_("Sent in time"), "●", "status-done"),
    "MET_LATE": Mark(_("Sent late"), "◐", "status-out-of-window"),
}


@register.filter
def status_mark(code: str) -> Mark:
    """Word, shape and class of the state of a visit or a clock; a code without an entry is shown as it is."""
    return (VISITS | CLOCKS).get(str(code), Mark(str(code), "·", "status-planned"))


@register.filter
def flag_mark(code: str) -> Mark:
    return FLAGS.get(str(code), Mark(str(code), "!", "flag-caution"))
