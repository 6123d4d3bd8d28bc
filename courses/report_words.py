"""A safety report in words: the same sections on the page, in print and where two versions are compared."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from accounts.permissions import Role
from adverse_events.models import Pregnancy
from adverse_events.rules.reports import LabLine, ReportContent, changed_items
from courses.rules.challenge import Answer
from patients.words import day_words, word_of
from protocol.partial_days import partial_day

Words = str | Promise
ANSWERS: dict[str, Words] = {
    Answer.YES: gettext_lazy("Yes"),
    Answer.NO: gettext_lazy("No"),
    Answer.UNKNOWN: gettext_lazy("Not known yet"),
    Answer.NOT_APPLICABLE: gettext_lazy("Not applicable"),
}
# The items in the order of the form, under their headings; `of`: only in a report of that kind.
SECTIONS: tuple[tuple[str, Words, tuple[tuple[str, Words], ...]], ...] = (
    (
        "",
        gettext_lazy("Patient"),
        (
            ("study", gettext_lazy("Study")),
            ("site", gettext_lazy("Site")),
            ("subject_id", gettext_lazy("Subject id")),
            ("sex", gettext_lazy("Sex")),
            ("age_at_onset", gettext_lazy("Age at onset")),
            ("aware_at", gettext_lazy("Site became aware at")),
        ),
    ),
    (
        "event",
        gettext_lazy("Reaction"),
        (
            ("term", gettext_lazy("CTCAE term")),
            ("dictionary", gettext_lazy("Dictionary")),
            ("started_on", gettext_lazy("Started on")),
            ("ended_on", gettext_lazy("Ended on")),
            ("grade", gettext_lazy("Grade")),
            ("serious", gettext_lazy("Serious because of")),
            ("causality", gettext_lazy("Related to imatinib")),
            ("expectedness", gettext_lazy("Against the reference safety information")),
            ("outcome", gettext_lazy("Outcome")),
        ),
    ),
    (
        "pregnancy",
        gettext_lazy("Pregnancy"),
        (
            ("who_is_pregnant", gettext_lazy("Who is pregnant")),
            ("test_on", gettext_lazy("Positive test on")),
            ("expected_on", gettext_lazy("Birth expected on")),
            ("outcome", gettext_lazy("Outcome")),
            ("outcome_on", gettext_lazy("Day of the outcome")),
        ),
    ),
    ("", gettext_lazy("What happened"), (("narrative", gettext_lazy("Narrative")),)),
    (
        "",
        gettext_lazy("Suspect drug: imatinib"),
        (
            ("dose_mg", gettext_lazy("Dose at onset")),
            ("first_dose_on", gettext_lazy("First adjuvant dose")),
            ("last_dose_on", gettext_lazy("Last dose")),
            ("indication", gettext_lazy("Indication")),
            ("action_taken", gettext_lazy("Action taken with imatinib")),
            ("dechallenge", gettext_lazy("Abated after stopping")),
            ("rechallenge", gettext_lazy("Came back after resuming")),
        ),
    ),
    (
        "",
        gettext_lazy("Other drugs and history"),
        (
            ("other_drugs", gettext_lazy("Other drugs")),
            ("history", gettext_lazy("Relevant history")),
            ("labs", gettext_lazy("Laboratory results around onset")),
        ),
    ),
    (
        "",
        pgettext_lazy("of a report", "Source"),
        (
            ("reporter", gettext_lazy("Reporter")),
            ("reporter_role", pgettext_lazy("of a person", "Role")),
        ),
    ),
)
_ONLY_OF_EVENTS = ("action_taken", "dechallenge", "rechallenge")


@dataclass(frozen=True, slots=True)
class Item:
    """`old`: what the version before said, where it differs; None where it does not."""

    name: str
    label: str
    value: str
    old: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    items: tuple[Item, ...]


def report_sections(content: ReportContent, before: ReportContent | None = None) -> tuple[Section, ...]:
    """A report in the reader's language; `before`: the version it follows."""
    kind = "pregnancy" if content.is_pregnancy else "event"
    changed = set(changed_items(before, content)) if before else set()
    return tuple(
        Section(str(title), tuple(_items(items, content, before, changed)))
        for of, title, items in SECTIONS
        if of in ("", kind)
    )


def _items(
    items: tuple[tuple[str, Words], ...],
    content: ReportContent,
    before: ReportContent | None,
    changed: set[str],
) -> Iterator[Item]:
    for name, label in items:
        if content.is_pregnancy and name in _ONLY_OF_EVENTS:
            continue
        old = value_words(name, before) if before and name in changed else None
        yield Item(name, str(label), value_words(name, content), old)


def value_words(name: str, content: ReportContent) -> str:
    """One item in words; "–" where it is not known."""
    if name == "indication":
        return _("Adjuvant treatment of GIST after resection, high risk of recurrence")
    value = getattr(content, name)
    if name.endswith("_on"):
        return _day(value)
    return (_VALUES[name](value) if name in _VALUES else str(value if value is not None else "")) or "–"


def _day(value: str) -> str:
    """A day, or as much of it as is known."""
    return day_words(partial_day(value)) if value else "–"


def _instant(value: str) -> str:
    if not value:
        return ""
    return date_format(datetime.fromisoformat(value).astimezone(settings.CLINIC_ZONE), "DATETIME_FORMAT")


def _age(value: int | None) -> str:
    return "" if value is None else ngettext("%(count)d year", "%(count)d years", value) % {"count": value}


def _dose(pattern: tuple[int, ...]) -> str:
    return f"{'/'.join(map(str, pattern))} mg" if pattern else ""


def _lab(line: LabLine) -> str:
    limits = f" [{line.lln or '–'}–{line.uln or '–'}]" if line.lln or line.uln else ""
    return f"{_day(line.collected_on)} · {word_of(line.test)} {line.value} {line.unit}{limits}"


def _outcome(code: str) -> str:
    pregnancy = dict(Pregnancy.Outcome.choices)
    return str(pregnancy.get(code, "")) if code in pregnancy and code != "UNKNOWN" else word_of(code)


def _roles(codes: str) -> str:
    return ", ".join(str(Role(code).label) for code in codes.split(",") if code)


_VALUES = {
    "sex": word_of,
    "age_at_onset": _age,
    "aware_at": _instant,
    "serious": lambda codes: ", ".join(map(word_of, codes)),
    "causality": word_of,
    "expectedness": word_of,
    "outcome": _outcome,
    "action_taken": word_of,
    "dechallenge": lambda code: str(ANSWERS.get(code, code)),
    "rechallenge": lambda code: str(ANSWERS.get(code, code)),
    "who_is_pregnant": lambda code: str(dict(Pregnancy.Who.choices).get(code, code)),
    "dose_mg": _dose,
    "labs": lambda lines: "\n".join(map(_lab, lines)),
    "reporter_role": _roles,
}
