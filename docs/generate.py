"""Writes the pages and tables of docs/ that say what the code says: roles, schedule, visit statuses, columns.

`make docs` writes them; a test holds that they are fresh. A whole page is generated, or, in a page that people
write, what stands between two markers.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils import translation

if not settings.configured:
    settings.configure(USE_I18N=False)  # labels in the words of the code, no database

from accounts.permissions import TABLE, Permission, Role
from docs import reminders
from docs.example import example
from exchange.rules.cohort import FILES
from exchange.rules.columns import CohortFile, Column
from exchange.rules.faults import CellFault
from protocol import load_protocol
from protocol.codes import EntryPath, VisitStatus
from protocol.definition import Procedure, ScheduledVisit
from visits.rules.schedule import ProjectedVisit
from visits.rules.status import VisitContext, VisitRecord, visit_status

DOCS = Path(__file__).resolve().parent

ANCHORS = {
    "ENTRY": "entry",
    "FIRST_DOSE": "first dose",
    "LAST_DOSE": "last dose",
    "RECURRENCE": "recurrence",
}
CONDITIONS = {
    "WOCBP": "if childbearing is possible",
    "CARRIER": "in carriers",
    "OLDER_THAN_14_DAYS": "if the last one is older than 14 days",
    "OLDER_THAN_28_DAYS": "if the last one is older than 28 days",
    "SEEN_AT_CLINIC": "if seen at the clinic",
}
ONLY_IF = {
    None: "",
    "ENDED_EARLY": "only if treatment ended early",
    "BEFORE_RECURRENCE": "until a recurrence",
}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


# -- roles --------------------------------------------------------------------------------------------


def roles_table() -> str:
    with translation.override("en"):
        head = ["", *(str(role.label) for role in Role)]
        return table(head, ([str(may.label), *_crosses(may)] for may in Permission))


def _crosses(permission: Permission) -> Iterator[str]:
    return ("×" if role in TABLE[permission] else "" for role in Role)


# -- schedule -----------------------------------------------------------------------------------------


def schedule_table() -> str:
    head = ["visit", "name", "target", "window", "what is done", "note"]
    return table(head, (_visit_row(visit) for visit in load_protocol().schedule))


def _visit_row(visit: ScheduledVisit) -> list[str]:
    window = (
        f"−{visit.before_days} … +{visit.after_days}" if visit.before_days or visit.after_days else "that day"
    )
    done = ", ".join(_procedure(procedure) for procedure in visit.procedures)
    ends = "until the study is complete" if visit.to_study_completion else ""
    notes = [note for note in (ONLY_IF[visit.only_if], ends) if note]
    return [f"`{visit.code}`", visit.name_en, _target(visit), window, done, "; ".join(notes)]


def _target(visit: ScheduledVisit) -> str:
    anchor = ANCHORS[visit.anchor]
    if visit.offset == 0:
        return anchor
    sign = "−" if visit.offset < 0 else "+"
    unit = visit.unit.lower() + ("s" if abs(visit.offset) > 1 else "")
    return f"{anchor} {sign} {abs(visit.offset)} {unit}"


def _procedure(procedure: Procedure) -> str:
    return f"{procedure.code} ({CONDITIONS[procedure.condition]})" if procedure.condition else procedure.code


def procedures_table() -> str:
    return table(["code", "English", "Korean"], load_protocol().procedures)


# -- visit statuses -----------------------------------------------------------------------------------

STATUSES = {
    VisitStatus.COMPLETED: "It took place inside its window.",
    VisitStatus.COMPLETED_OUT_OF_WINDOW: "It took place before or after its window.",
    VisitStatus.NOT_DONE: "The clinic recorded that it was not done; counts from the day the window opens.",
    VisitStatus.PRE_ENROLMENT: "Already on imatinib at entry, and the window closed before enrolment.",
    VisitStatus.MERGED_WITH_ENTRY: "Already on imatinib at entry, and enrolment lies inside the window.",
    VisitStatus.CANCELLED: (
        "Treatment ended early before the window opened (visits counted from the first dose), or the patient "
        "died or left the study on or before the last day of the window."
    ),
    VisitStatus.MISSED: "The window has closed, and nothing is recorded.",
    VisitStatus.DUE: "Today lies inside the window.",
    VisitStatus.PLANNED: "The window has not opened yet.",
}


def statuses_table() -> str:
    rows = (
        [str(place), f"`{status}`", STATUSES[status]] for place, status in enumerate(VisitStatus, start=1)
    )
    return table(["", "status", "when"], rows)


MONTH_6 = ProjectedVisit("M6", 6, date(2025, 7, 7), date(2025, 6, 23), date(2025, 7, 21), "FIRST_DOSE")
STARTS, CONTINUES = EntryPath.NEW_START, EntryPath.ALREADY_TREATED
EXAMPLES: tuple[tuple[str, date, VisitRecord | None, VisitContext], ...] = (
    ("nothing recorded", date(2025, 6, 22), None, VisitContext(STARTS)),
    ("nothing recorded", date(2025, 6, 23), None, VisitContext(STARTS)),
    ("nothing recorded", date(2025, 7, 21), None, VisitContext(STARTS)),
    ("nothing recorded", date(2025, 7, 22), None, VisitContext(STARTS)),
    (
        "took place on 2025-07-21",
        date(2025, 8, 1),
        VisitRecord("M6", date(2025, 7, 21)),
        VisitContext(STARTS),
    ),
    (
        "took place on 2025-07-22",
        date(2025, 8, 1),
        VisitRecord("M6", date(2025, 7, 22)),
        VisitContext(STARTS),
    ),
    ("recorded as not done", date(2025, 8, 1), VisitRecord("M6", not_done=True), VisitContext(STARTS)),
    (
        "entered on 2025-07-21, on imatinib",
        date(2025, 8, 1),
        None,
        VisitContext(CONTINUES, date(2025, 7, 21)),
    ),
    (
        "entered on 2025-07-22, on imatinib",
        date(2025, 8, 1),
        None,
        VisitContext(CONTINUES, date(2025, 7, 22)),
    ),
    (
        "last dose 2025-06-22, early",
        date(2025, 8, 1),
        None,
        VisitContext(STARTS, ended_early_on=date(2025, 6, 22)),
    ),
    (
        "last dose 2025-06-23, early",
        date(2025, 8, 1),
        None,
        VisitContext(STARTS, ended_early_on=date(2025, 6, 23)),
    ),
    ("left the study on 2025-07-21", date(2025, 8, 1), None, VisitContext(STARTS, left_on=date(2025, 7, 21))),
)


def status_examples() -> str:
    rows = (
        [what, on.isoformat(), f"`{visit_status(MONTH_6, record, context, on=on)}`"]
        for what, on, record, context in EXAMPLES
    )
    return table(["what is known", "looked at on", "status"], rows)


# -- columns of the cohort folder ---------------------------------------------------------------------


def columns() -> str:
    return "\n\n".join(_file_section(file) for file in FILES)


def _file_section(file: CohortFile) -> str:
    key = " + ".join(f"`{name}`" for name in file.key)
    if file.unnumbered:
        column, value, day = file.unnumbered
        key += f" (`{value}` in `{column}`: + `{day}`)"
    rows = ([f"`{column.name}`", _expected(column), _blank(column)] for column in file.columns)
    return f"### `{file.name}`\n\nKey: {key}.\n\n{table(['column', 'what it holds', 'blank'], rows)}"


def _expected(column: Column) -> str:
    """What a message of the import says it expected there: a value that no column takes makes it speak."""
    return _parser_expects(column) + (", never in the future" if column.never_future else "")


def _parser_expects(column: Column) -> str:
    for nothing in ("?", " "):
        try:
            column.kind.parse(nothing)
        except CellFault as fault:
            return str(fault).split(", expected ", 1)[1]
    return "text"


def _blank(column: Column) -> str:
    if column.never_blank:
        return "never"
    blank = column.kind.blank
    return {"False": "no", "0": "0", "[]": "none"}.get(str(blank), "not known")


# -- pages --------------------------------------------------------------------------------------------

PARTS = {
    "roles.md": {"roles": roles_table},
    "schedule.md": {"schedule": schedule_table, "procedures": procedures_table},
    "visit-status.md": {"statuses": statuses_table, "examples": status_examples},
    "cohort-folder.md": {"columns": columns},
    "course-summary.md": {"example": example},
    "reminders.md": {"states": reminders.states_table, "reasons": reminders.reasons_table},
}


def fresh(name: str) -> str:
    """The page as it should be: its text, and between its markers what the code says today."""
    text = (DOCS / name).read_text(encoding="utf-8")
    for part, make in PARTS[name].items():
        before, begin, rest = text.partition(f"<!-- generated: {part} -->\n")
        _, end, after = rest.partition("<!-- end -->")
        if not (begin and end):
            raise ValueError(f"{name} has no place for the generated part {part!r}")
        text = f"{before}{begin}\n{make()}\n\n{end}{after}"
    return text


def main() -> None:
    for name in PARTS:
        (DOCS / name).write_text(fresh(name), encoding="utf-8")
        sys.stdout.write(f"docs/{name}\n")


if __name__ == "__main__":
    main()
