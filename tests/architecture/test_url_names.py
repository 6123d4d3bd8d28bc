"""One name in three places: RecordVisitView answers `record_visit` at `…/record/`."""

import re

import pytest
from django.urls import URLPattern, get_resolver
from django.views import View

from tests.architecture.addresses import Address, addresses

ROOMS = ("clinic", "patients", "dashboard", "reminders")
# Pages that are a thing, not an act: their name is a noun.
NOUNS = {
    "adverse_event",
    "calendar",
    "amendments",
    "applied_amendment",
    "amendment_run",
    "preview",
    "reminder",
    "notice",
    "protocol_version",
    "worklist",
    "worklist_part",
    "chart",
    "list",
    "dashboard",
    "swimmer",
    "events",
    "table",
    "reports",
    "report_file",
    "accountability",
    "adherence",
    "dosing",
    "site_accountability",
    "patients",
    "ledger",
    "opt_out",
    "event_reports",
    "pregnancy_reports",
    "event_report_pdf",
    "pregnancy_report_pdf",
    "schedule",
    "schedule_ics",
    "consents",
    "eligibility_record",
}
VERBS = {
    *(
        "acknowledge",
        "add",
        "amend",
        "answer",
        "book",
        "build",
        "change",
        "close",
        "compare",
        "confirm",
        "correct",
        "count",
    ),
    *("create", "discard", "dispense", "enrol", "find", "order", "record", "report", "settle", "unrecord"),
    "write",
}
OURS = [address for address in addresses() if address.room in ROOMS]


def views() -> list[tuple[str, type[View]]]:
    """(name, class) of every page of ours that is a class."""
    included = [part for part in get_resolver().url_patterns if getattr(part, "namespace", None) in ROOMS]
    patterns = [pattern for part in included for pattern in part.url_patterns]
    assert all(isinstance(pattern, URLPattern) for pattern in patterns)
    return [(p.name, p.callback.view_class) for p in patterns if hasattr(p.callback, "view_class")]


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


@pytest.mark.parametrize("address", OURS, ids=lambda address: address.name)
def test_names_are_a_noun_or_begin_with_a_verb(address: Address):
    name = address.name.split(":")[1]
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", name)
    assert name in NOUNS or name.split("_")[0] in VERBS


@pytest.mark.parametrize("address", OURS, ids=lambda address: address.name)
def test_paths_are_written_with_hyphens_and_end_with_a_slash(address: Address):
    assert re.fullmatch(r"([a-z-]+/|<\w+:\w+>/)+|.*\.(ics|csv|pdf)", address.route)


@pytest.mark.parametrize(("name", "view"), views(), ids=lambda value: value if isinstance(value, str) else "")
def test_a_view_is_called_like_its_page(name: str, view: type[View]):
    """Within the room: `patients:list` may be PatientListView, `clinic:record_visit` is RecordVisitView."""
    words, page = snake(view.__name__).split("_"), name.split("_")
    assert words[-1] == "view"
    assert set(page) & set(words), f"{view.__name__} answers {name}"
