"""Clocks of serious events and pregnancies: when they run, what ends them, what is presumed."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adverse_events.rules import clocks
from adverse_events.rules.clocks import ClockState, Duty, Judgement, SentReport, event_clocks, pregnancy_clock
from adverse_events.rules.facts import AdverseEventFacts
from protocol import load_protocol
from protocol.codes import Causality, Expectedness, SeriousCriterion

VALUES = load_protocol().adverse_events
SEOUL = ZoneInfo("Asia/Seoul")
AWARE = datetime(2025, 10, 2, 16, 30, tzinfo=SEOUL)  # the eve of the Chuseok holidays
INSTANTS = st.datetimes(datetime(2025, 9, 1), datetime(2025, 12, 1), timezones=st.just(SEOUL))  # noqa: DTZ001
RECIPIENTS = st.sampled_from(["SPONSOR", "AUTHORITY", "IRB", "INVESTIGATORS"])
SENT = st.lists(st.builds(SentReport, RECIPIENTS, INSTANTS, st.booleans()), max_size=6)
CRITERIA = st.lists(st.sampled_from(SeriousCriterion), unique=True).map(tuple)
EVENTS = st.builds(
    AdverseEventFacts,
    ae_no=st.just(1),
    term=st.just("Nausea"),
    started_on=st.just(date(2025, 10, 1)),
    serious=CRITERIA,
    aware_at=st.none() | INSTANTS,
    causality=st.none() | st.sampled_from(Causality),
    expectedness=st.none() | st.sampled_from(Expectedness),
)


def event(serious=(SeriousCriterion.HOSPITALISATION,), causality=Causality.POSSIBLE, aware_at=AWARE, **more):
    started_on = date(2025, 10, 1)
    return AdverseEventFacts(
        1, "Nausea", started_on, serious=serious, causality=causality, aware_at=aware_at, **more
    )


def clocks_of(facts, *sent):
    return {clock.duty: clock for clock in event_clocks(facts, sent, VALUES, SEOUL)}


def to_all(sent_at, *, is_complete=False):
    return [SentReport(recipient, sent_at, is_complete) for recipient in VALUES.susar_recipients]


def test_an_event_on_a_holidays_eve_is_due_on_the_holiday():
    found = clocks_of(event())
    assert found[Duty.SAE].due_at == datetime(2025, 10, 3, 16, 30, tzinfo=SEOUL)
    assert found[Duty.SUSAR].due_at.date() == date(2025, 10, 17)
    assert Duty.SUSAR_COMPLETE not in found


def test_a_fatal_reaction_is_due_in_7_days_and_complete_in_8_more():
    found = clocks_of(event((SeriousCriterion.DEATH,)))
    assert found[Duty.SUSAR].due_at.date() == date(2025, 10, 9)
    assert found[Duty.SUSAR_COMPLETE].due_at.date() == date(2025, 10, 17)


@pytest.mark.parametrize(
    ("causality", "missing"),
    [
        (None, (Judgement.CAUSALITY, Judgement.EXPECTEDNESS)),
        (Causality.UNASSESSABLE, (Judgement.EXPECTEDNESS,)),
        (Causality.NOT_RELATED, None),
        (Causality.UNLIKELY, None),
    ],
)
def test_what_nobody_judged_is_presumed(causality, missing):
    found = clocks_of(event(causality=causality)).get(Duty.SUSAR)
    assert (found.unjudged if found else None) == missing


@pytest.mark.parametrize("said", Expectedness)
def test_an_expected_reaction_has_no_clock_of_days(said):
    found = clocks_of(event(expectedness=said)).get(Duty.SUSAR)
    assert (found is None) == (said is Expectedness.EXPECTED)
    assert found is None or found.unjudged == ()


@pytest.mark.parametrize("causality", [Causality.NOT_RELATED, Causality.PROBABLE])
@pytest.mark.parametrize("said", Expectedness)
def test_a_provisional_judgement_ends_no_clock(causality, said):
    provisional = replace(event(causality=causality, expectedness=said), is_provisional=True)
    assert clocks_of(provisional)[Duty.SUSAR].unjudged == (Judgement.CONFIRMATION,)


@pytest.mark.parametrize("facts", [event(()), event(aware_at=None)])
def test_no_clock_without_seriousness_or_awareness(facts):
    assert clocks_of(facts) == {}


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("2025-10-02 16:30", ClockState.RUNNING),
        ("2025-10-03 08:29", ClockState.RUNNING),
        ("2025-10-03 08:30", ClockState.DUE_SOON),
        ("2025-10-03 16:30", ClockState.DUE_SOON),
        ("2025-10-03 16:31", ClockState.OVERDUE),
    ],
)
def test_a_clock_of_hours_runs_out(at, state):
    at = datetime.fromisoformat(at).replace(tzinfo=SEOUL)
    assert clocks_of(event())[Duty.SAE].state(at) is state


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("2025-10-14 23:59", ClockState.RUNNING),
        ("2025-10-15 00:00", ClockState.DUE_SOON),
        ("2025-10-17 23:59", ClockState.DUE_SOON),
        ("2025-10-18 00:00", ClockState.OVERDUE),
    ],
)
def test_a_clock_of_days_lasts_to_the_end_of_its_last_day(at, state):
    at = datetime.fromisoformat(at).replace(tzinfo=SEOUL)
    assert clocks_of(event())[Duty.SUSAR].state(at) is state


@pytest.mark.parametrize(("minutes", "state"), [(0, ClockState.MET), (1, ClockState.MET_LATE)])
def test_the_report_that_was_sent_ends_the_clock(minutes, state):
    sent_at = AWARE + timedelta(hours=24, minutes=minutes)
    clock = clocks_of(event(), SentReport("SPONSOR", sent_at))[Duty.SAE]
    assert (clock.state(AWARE + timedelta(days=90)), clock.met_at, clock.awaiting) == (state, sent_at, ())


def test_an_unexpected_reaction_waits_for_the_last_recipient():
    at = AWARE + timedelta(days=3)
    clock = clocks_of(event(), *to_all(at)[:2])[Duty.SUSAR]
    assert (clock.met_at, clock.awaiting) == (None, ("INVESTIGATORS",))
    later = SentReport("INVESTIGATORS", at + timedelta(days=1))
    assert clocks_of(event(), *to_all(at)[:2], later)[Duty.SUSAR].met_at == later.sent_at


def test_only_a_complete_report_ends_the_second_clock_of_a_fatal_reaction():
    fatal, at = event((SeriousCriterion.DEATH,)), AWARE + timedelta(days=3)
    assert clocks_of(fatal, *to_all(at))[Duty.SUSAR_COMPLETE].met_at is None
    assert clocks_of(fatal, *to_all(at, is_complete=True))[Duty.SUSAR_COMPLETE].met_at == at


def test_a_pregnancy_takes_the_path_of_a_serious_event():
    clock = pregnancy_clock(AWARE, [], VALUES, SEOUL)
    assert (clock.duty, clock.awaiting) == (Duty.PREGNANCY, ("SPONSOR",))
    assert clock.due_at == AWARE + timedelta(hours=24)
    assert pregnancy_clock(AWARE, [SentReport("SPONSOR", AWARE)], VALUES, SEOUL).met_at == AWARE


OPEN = {ClockState.OVERDUE, ClockState.DUE_SOON, ClockState.RUNNING}


@given(EVENTS, SENT, INSTANTS, st.timedeltas(timedelta(0), timedelta(days=60)))
def test_an_open_clock_only_becomes_more_urgent(facts, sent, at, later):
    order = list(ClockState)
    for clock in event_clocks(facts, sent, VALUES, SEOUL):
        now, then = clock.state(at), clock.state(at + later)
        assert order.index(then) <= order.index(now)
        assert (now in OPEN) == (then in OPEN) == clock.is_open == bool(clock.awaiting)


@given(EVENTS, SENT, st.builds(SentReport, RECIPIENTS, INSTANTS, st.booleans()))
def test_another_report_never_reopens_or_delays_a_clock(facts, sent, more):
    before, after = clocks_of(facts, *sent), clocks_of(facts, *sent, more)
    assert before.keys() == after.keys()
    for duty, clock in before.items():
        assert clock.met_at is None or after[duty].met_at <= clock.met_at


@given(EVENTS, SENT)
def test_every_clock_ends_within_the_longest(facts, sent):
    for clock in event_clocks(facts, sent, VALUES, SEOUL):
        assert clock.soon_at < clock.due_at <= clock.aware_at + clocks.longest_clock(VALUES)
        assert clock.left(clock.due_at) == timedelta(0)
