"""How long from awareness to the record and to the sponsor."""

from datetime import UTC, datetime, timedelta

from dashboard.rules.delays import Reported, delays

AWARE, DAY = datetime(2025, 3, 1, 9, tzinfo=UTC), timedelta(hours=24)


def reported(entered, sent=None):
    sent_at = None if sent is None else AWARE + timedelta(hours=sent)
    return Reported(AWARE, AWARE + timedelta(hours=entered), sent_at, within=DAY)


def test_nothing_is_said_of_no_events():
    found = delays([])
    assert (found.events, found.median_to_entry, found.median_to_sent) == (0, None, None)


def test_events_in_time_are_counted_and_the_median_is_that_of_the_middle():
    found = delays([reported(1, 2), reported(24, 25), reported(72)])
    assert (found.events, found.entered_in_time, found.median_to_entry) == (3, 2, DAY)
    assert (found.sent, found.sent_in_time, found.median_to_sent) == (2, 1, timedelta(hours=13.5))


def test_an_hour_of_awareness_after_entry_is_no_negative_delay():
    assert delays([reported(-5)]).median_to_entry == timedelta(0)
