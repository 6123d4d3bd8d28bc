"""What a calendar file says is what a library for calendars reads."""

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Event

from reminders.rules.vcalendar import LINE_OCTETS, lines, parameter, text

words = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]) | st.just("\n"), min_size=1, max_size=200
)


def event(*content):
    return Event.from_ical(lines(["BEGIN:VEVENT", *content, "END:VEVENT"]))


@given(words)
def test_a_text_is_read_as_it_was_meant(value):
    assert event(f"LOCATION:{text(value)}")["LOCATION"] == value


@given(words)
def test_no_line_is_too_long_and_every_one_ends(value):
    written = lines([f"LOCATION:{text(value)}"])
    assert written.endswith("\r\n")
    assert all(len(line.encode()) <= LINE_OCTETS for line in written.split("\r\n"))


@given(
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters='"^'), min_size=1)
)
def test_a_name_in_a_parameter_is_read_as_it_was_meant(name):
    organizer = event(f"ORGANIZER;CN={parameter(name)}:mailto:a@example.org")["ORGANIZER"]
    assert organizer.params["CN"] == name


def test_a_name_can_end_neither_its_quotes_nor_its_line():
    assert parameter('a"b\r\nc') == '"a\'b c"'
