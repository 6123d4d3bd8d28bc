"""What an amendment does to the visits of one patient: by a table, and for any amendment there could be."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import load_protocol
from protocol.codes import VisitStatus
from protocol.definition import Protocol
from protocol.versions import _merged
from visits.rules.amendment import ChangeKind, Side, VisitFacts, visit_changes
from visits.rules.schedule import Anchors, ProjectedVisit, project
from visits.rules.status import VisitContext, VisitRecord

FIRST = load_protocol()
T0 = date(2024, 1, 1)
TODAY = date(2024, 9, 1)
CONTEXT = VisitContext("A", date(2023, 12, 20))
TARGET = date(2024, 7, 1)


def month_6(before: int, after: int, target_on: date = TARGET) -> ProjectedVisit:
    window = timedelta(days=before), timedelta(days=after)
    return ProjectedVisit("M6", 60, target_on, target_on - window[0], target_on + window[1], "FIRST_DOSE")


def change_of(old, new, record=None, **facts):
    sides = [Side({"M6": visit} if visit else {}, CONTEXT) for visit in (old, new)]
    said = {"M6": VisitFacts(record or VisitRecord("M6"), **facts)}
    found = visit_changes(*sides, said, on=TODAY)
    return found[0] if found else None


def took_place(days: int) -> VisitRecord:
    return VisitRecord("M6", TARGET + timedelta(days=days))


NARROW, WIDE = month_6(14, 14), month_6(21, 21)
LATER = month_6(14, 14, TARGET + timedelta(days=7))


@pytest.mark.parametrize(
    ("old", "new", "record", "kind", "statuses"),
    [
        (NARROW, NARROW, None, None, None),
        (NARROW, WIDE, None, ChangeKind.MOVED, ("MISSED", "MISSED")),
        (NARROW, month_6(14, 90), None, ChangeKind.MOVED, ("MISSED", "DUE")),
        (NARROW, LATER, took_place(3), ChangeKind.KEPT, ("COMPLETED", "COMPLETED")),
        (NARROW, WIDE, took_place(20), ChangeKind.NEWLY_IN, ("COMPLETED_OUT_OF_WINDOW", "COMPLETED")),
        (WIDE, NARROW, took_place(20), ChangeKind.NEWLY_OUT, ("COMPLETED", "COMPLETED_OUT_OF_WINDOW")),
        (NARROW, WIDE, took_place(40), ChangeKind.KEPT, ("COMPLETED_OUT_OF_WINDOW",) * 2),
        (NARROW, WIDE, VisitRecord("M6", not_done=True), ChangeKind.KEPT, ("NOT_DONE", "NOT_DONE")),
        (None, WIDE, None, ChangeKind.ADDED, (None, "MISSED")),
        (NARROW, None, None, ChangeKind.DROPPED, ("MISSED", None)),
        (None, None, None, None, None),
    ],
)
def test_a_change_has_one_name(old, new, record, kind, statuses):
    change = change_of(old, new, record)
    assert (change and change.kind) == kind
    if change:
        assert (change.before and change.before.status, change.after and change.after.status) == statuses


def test_another_status_in_the_same_window_is_a_change():
    sides = (
        Side({"M6": NARROW}, CONTEXT),
        Side({"M6": NARROW}, replace(CONTEXT, ended_early_on=date(2024, 2, 1))),
    )
    (change,) = visit_changes(*sides, {}, on=TODAY)
    assert (change.kind, change.after.status) == (ChangeKind.JUDGED, VisitStatus.CANCELLED)


@pytest.mark.parametrize(
    ("new", "record", "cancels", "outside"),
    [
        (None, None, True, False),
        (LATER, None, False, True),
        (WIDE, None, False, False),
        (LATER, took_place(0), False, False),
    ],
)
def test_what_becomes_of_a_booking(new, record, cancels, outside):
    change = change_of(NARROW, new, record, booked_on=date(2024, 6, 20))
    assert (change.cancels_booking, change.leaves_booking_outside) == (cancels, outside)


def test_changes_stand_in_the_order_of_the_schedule():
    old = {code: replace(NARROW, code=code, number=number) for code, number in (("B", 20), ("C", 30))}
    new = {"A": replace(NARROW, code="A", number=10)}
    found = visit_changes(Side(old, CONTEXT), Side(new, CONTEXT), {}, on=TODAY)
    assert [change.code for change in found] == ["A", "B", "C"]


# -- any amendment --------------------------------------------------------------------------------------


@st.composite
def amendments(draw) -> Protocol:
    """The protocol with some visits dropped, some added between, and some windows changed."""
    schedule = []
    for visit in FIRST.schedule:
        fate = draw(st.sampled_from(["keep"] * 6 + ["drop", "change", "add"]))
        if fate == "change":
            days = draw(st.integers(0, 30)), draw(st.integers(0, 30))
            schedule.append(replace(visit, before_days=days[0], after_days=days[1]))
        elif fate != "drop":
            schedule.append(visit)
        if fate == "add":
            schedule.append(replace(visit, code=f"{visit.code}X", number=visit.number + 5))
    return replace(FIRST, schedule=tuple(schedule))


visited = st.dictionaries(
    st.sampled_from([v.code for v in FIRST.schedule if v.anchor == "FIRST_DOSE"]),
    st.integers(-30, 40),
    max_size=20,
)
days = st.dates(T0, T0 + timedelta(days=2000))


def lived_through(second: Protocol, effective_on: date, offsets: dict[str, int]):
    """(before, after, facts) of a patient whose visits took place so many days off their targets."""
    plain = Anchors("A", T0, date(2023, 12, 20), recorded=frozenset(offsets))
    before = {visit.code: visit for visit in project(FIRST, plain)}
    after = {visit.code: visit for visit in project(_merged(FIRST, second, effective_on), plain)}
    facts = {
        code: VisitFacts(VisitRecord(code, before[code].target_on + timedelta(days=offset)))
        for code, offset in offsets.items()
    }
    return before, after, facts


@given(amendments(), days, visited)
def test_the_changes_are_the_difference_of_both_sides(second, effective_on, offsets):
    before, after, facts = lived_through(second, effective_on, offsets)
    found = visit_changes(Side(before, CONTEXT), Side(after, CONTEXT), facts, on=effective_on)
    rebuilt = {code: (v.target_on, v.opens_on, v.closes_on) for code, v in before.items()}
    for change in found:
        rebuilt.pop(change.code, None)
        if change.after:
            rebuilt[change.code] = (change.after.target_on, change.after.opens_on, change.after.closes_on)
    assert rebuilt == {code: (v.target_on, v.opens_on, v.closes_on) for code, v in after.items()}


@given(amendments(), days, visited)
def test_what_took_place_neither_moves_nor_vanishes(second, effective_on, offsets):
    before, after, facts = lived_through(second, effective_on, offsets)
    assert offsets.keys() <= after.keys()
    found = visit_changes(Side(before, CONTEXT), Side(after, CONTEXT), facts, on=effective_on)
    done = [change for change in found if change.code in offsets]
    assert {change.kind for change in done} <= {ChangeKind.KEPT, ChangeKind.NEWLY_IN, ChangeKind.NEWLY_OUT}
    assert [change.occurred_on for change in done] == [facts[c.code].record.occurred_on for c in done]


@given(amendments(), days)
def test_time_already_lived_through_is_not_held_against_the_patient(second, effective_on):
    before, after, _ = lived_through(second, effective_on, {})
    added = [after[code] for code in after.keys() - before.keys()]
    dropped = [before[code] for code in before.keys() - after.keys()]
    assert [visit for visit in added if visit.closes_on < effective_on] == []
    assert [visit for visit in dropped if visit.closes_on < effective_on] == []


@given(amendments(), days, visited)
def test_amended_to_the_same_again_nothing_changes(second, effective_on, offsets):
    _, after, facts = lived_through(second, effective_on, offsets)
    assert visit_changes(Side(after, CONTEXT), Side(after, CONTEXT), facts, on=effective_on) == ()
