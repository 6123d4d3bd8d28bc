"""The report to the steering committee as a document: the dashboard of a day, from its own parts, on paper.

It names no moment but the day it is about, so the same facts give the same document whenever it is made.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Site
from dashboard.measures import measures, part_words
from dashboard.page import CourseRows, dashboard_page
from dashboard.presenters.adherence import histograms
from dashboard.presenters.numbers import Links, Numbers
from dashboard.presenters.rows import SwimmerPlot, swimmer_plot
from dashboard.rules.figures import PARTS
from dashboard.rules.printed import picture_styles, printed
from dashboard.selectors import DEFAULT_SORT, Choice, Day, drawn
from protocol.definition import Protocol

SHEETS = ("css/theme.css", "css/course.css", "css/dashboard.css")  # whose classes the pictures use
LANES_A_PAGE = 34
LANES_PRINTED = 340  # more bars than that nobody reads on paper; the table can be had as a file
LOWEST_PRINTED = 20


def committee_title(day: Day) -> str:
    """In the language of the moment, as on the first page and in the file's properties."""
    said = {"study": day.protocol.study.sponsor_code, "day": date_format(day.on, "DATE_FORMAT")}
    return _("%(study)s: report to the steering committee as of %(day)s") % said


def committee_html(day: Day, sites: Sequence[Site], language: str) -> str:
    """The whole document in one language."""
    with override(language):
        numbers = Numbers(day.figures, day.protocol, Links())
        lowest = list(day.lowest(LOWEST_PRINTED))
        page = dashboard_page(numbers, day.on, rows=CourseRows(drawn(lowest), [], lowest))
        shown = {
            "title": committee_title(day),
            "language": language,
            "day": day,
            "sites": sites,
            "protocol": day.protocol,
            "cut_off": day.figures.cut_off,
            "page": page,
            "good_percent": day.protocol.adherence.good_percent,
            "regimen": day.protocol.regimen,
            "parts": [(part_words(part), histograms(numbers, part)) for part in PARTS],
            "plots": list(_plots(day)),
            "courses": len(day.chosen(Choice(), DEFAULT_SORT)),
            "lanes_printed": LANES_PRINTED,
            "definitions": _definitions(day.protocol),
        }
        return printed(render_to_string("dashboard/committee.html", shown), styles=_styles())


def _plots(day: Day) -> Iterator[SwimmerPlot]:
    """The courses a page at a time, by first dose."""
    rows = day.chosen(Choice(), "first_dose")
    for start in range(0, min(len(rows), LANES_PRINTED), LANES_A_PAGE):
        yield swimmer_plot(drawn(rows[start : start + LANES_A_PAGE]), day.protocol, len(rows))


def _definitions(protocol: Protocol) -> dict[str, str]:
    """What every number on the first page counts."""
    return {
        measure.name: measure.definition for measure in measures(protocol).values() if "-" not in measure.key
    }


@cache
def _styles() -> str:
    return picture_styles(Path(str(finders.find(sheet))).read_text(encoding="utf-8") for sheet in SHEETS)
