"""How long from awareness to the record and to the sponsor: counted a patient at a time, read from the sums."""

from collections import Counter
from datetime import date, timedelta
from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from courses.rules.records import CourseRecords, SeriousReport, records_cut_off
from courses.rules.records_figures import serious_figures
from courses.rules.tally import Tallies
from dashboard.rules.delays import delays

DAY, ON = timedelta(hours=24), date(2025, 3, 1)
SPANS = st.timedeltas(timedelta(0), timedelta(days=40))


def reported(entered, sent=None):
    hours = timedelta(hours=1)
    sent_on = None if sent is None else ON
    return SeriousReport(ON, entered * hours, DAY, sent_on, None if sent is None else sent * hours)


def found_of(*reports):
    rows = Counter()
    for report in reports:
        for figure, key, n in serious_figures(report):
            rows[figure, key] += n
    return delays(Tallies.of_rows((*place, n) for place, n in rows.items()))


def test_nothing_is_said_of_no_events():
    found = found_of()
    assert (found.events, found.median_to_entry, found.median_to_sent) == (0, None, None)


def test_events_in_time_are_counted_and_the_median_is_that_of_the_middle():
    found = found_of(reported(1, 2), reported(24, 25), reported(72))
    assert (found.events, found.entered_in_time, found.median_to_entry) == (3, 2, DAY)
    assert (found.sent, found.sent_in_time, found.median_to_sent) == (2, 1, timedelta(hours=13.5))


def test_an_hour_of_awareness_after_entry_is_no_negative_delay():
    assert found_of(reported(-5)).median_to_entry == timedelta(0)


def test_a_second_past_the_hours_of_the_protocol_is_late():
    late = SeriousReport(ON, DAY + timedelta(seconds=1), DAY)
    assert found_of(late).entered_in_time == 0


@given(st.lists(SPANS, min_size=1, max_size=30))
def test_medians_are_those_of_single_events_in_whole_minutes(spans):
    found = found_of(*(SeriousReport(ON, span, DAY, ON, span) for span in spans))
    minutes = median(span // timedelta(minutes=1) for span in spans)
    assert found.median_to_entry == found.median_to_sent == timedelta(minutes=minutes)
    assert found.entered_in_time == found.sent_in_time == sum(span <= DAY for span in spans)


def test_a_past_day_knows_nothing_of_what_came_later():
    later = ON + timedelta(days=1)
    sent_later = SeriousReport(ON, DAY, DAY, later, 2 * DAY)
    entered_later = SeriousReport(later, 2 * DAY, DAY)
    known = records_cut_off(CourseRecords(reports=(sent_later, entered_later)), ON)
    assert known.reports == (SeriousReport(ON, DAY, DAY),)
    assert records_cut_off(CourseRecords(reports=(sent_later,)), later).reports == (sent_later,)
