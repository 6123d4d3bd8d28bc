"""From the text of a cell to its value."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.rules import cells
from exchange.rules.cohort import FILES, VISIT_CODES
from exchange.rules.faults import CellFault, Fault, quoted

KINDS = {column.kind.parse for file in FILES for column in file.columns}


@pytest.mark.parametrize(
    ("parse", "cell", "value"),
    [
        (cells.whole_number, "0", 0),
        (cells.whole_number, "007", 7),
        (cells.whole_number, "2147483647", 2147483647),
        (cells.number, "1.50", Decimal("1.50")),
        (cells.number, "000000000000000000001.5", Decimal("1.5")),
        (cells.day, "2024-02-29", date(2024, 2, 29)),
        (cells.day_or_none, "none", "none"),
        (cells.day_or_none, "2024-02-29", "2024-02-29"),
        (cells.appointment, "2026-12-07", "2026-12-07"),
        (cells.appointment, "2026-12-07T23:59", "2026-12-07T23:59"),
        (cells.instant, "2025-02-21T09:30:00+09:00", datetime(2025, 2, 21, 0, 30, tzinfo=UTC)),
        (cells.instant, "2025-02-21T09:30+0900", datetime(2025, 2, 21, 0, 30, tzinfo=UTC)),
        (cells.instant, "2025-02-21T00:30:00.5Z", datetime(2025, 2, 21, 0, 30, 0, 500_000, tzinfo=UTC)),
        (cells.yes_no, "yes", True),
        (cells.yes_no, "no", False),
        (cells.only_yes, "yes", True),
        (cells.pattern, "400/0", [400, 0]),
        (cells.codes(["B", "A"]), "A;B;A", ["B", "A"]),
        (cells.codes_or_not_known(["A"]), "UNK", None),
        (cells.codes_or_not_known(["A"]), "A", ["A"]),
        (cells.whole_code([100, 400]), "400", 400),
        (cells.whole_from(0, 5), "5", 5),
        (cells.identifier, " 01 ", " 01 "),
    ],
)
def test_a_cell_that_fits_becomes_its_value(parse, cell, value):
    assert parse(cell) == value


@pytest.mark.parametrize("cell", ["0400", "4", "400.0", "１００"])
def test_a_code_is_not_read_as_a_number(cell):
    with pytest.raises(CellFault, match="expected one of 100, 400"):
        cells.whole_code([100, 400])(cell)


@pytest.mark.parametrize(
    "cell", ["1849-12-31", "3000-01-01", "0001-01-01", "2025-W01-1", "2025-03-15T00:00", "２０２５-03-15"]
)
def test_a_day_is_written_in_one_way_and_within_the_calendar(cell):
    with pytest.raises(CellFault):
        cells.day(cell)


@pytest.mark.parametrize(
    "cell", ["0001-01-01T00:00:00+09:00", "9999-12-31T23:59:00-09:00", "2025-01-01T00:00+99:99"]
)
def test_an_instant_outside_every_calendar_is_a_fault(cell):
    with pytest.raises(CellFault, match="expected one such as"):
        cells.instant(cell)


def test_an_identifier_fits_into_an_index():
    assert cells.identifier("서" * 866)
    with pytest.raises(CellFault, match="too long"):
        cells.identifier("서" * 867)


@given(st.sampled_from(sorted(KINDS, key=id)), st.text(min_size=1))
def test_whatever_a_cell_holds_it_has_a_value_or_a_fault(parse, cell):
    try:
        parse(cell)
    except CellFault as fault:
        assert "expected" in str(fault)


@given(st.dates(cells.EARLIEST, cells.LATEST))
def test_every_day_of_the_span_is_read_as_it_was_written(day):
    assert cells.day(day.isoformat()) == day


@given(st.decimals(min_value=0, max_value=10**18 - 1, places=12))
def test_every_number_that_can_be_kept_is_read_exactly(value):
    assert cells.number(f"{value:f}") == value


def test_visit_codes_are_those_of_the_format():
    months = [f"M{n}" for n in range(6, 61, 3)]
    later = [f"LT{n}" for n in [*range(3, 25, 3), *range(30, 121, 6)]]
    survival = [f"OS{n}" for n in range(6, 121, 6)]
    early = ["SCR", "D1", "W2", "W4", "M2", "M3"]
    assert sorted(VISIT_CODES) == sorted([*early, *months, "EOT", "SFU", "CTR", *later, *survival])


def test_a_fault_is_one_line_whatever_it_quotes():
    fault = Fault("a\nb.csv", 2, "x\x1b", f"{quoted('y' * 100)} \r\0\udce4")
    assert str(fault) == f'a\\nb.csv:2:x\\x1b: "{"y" * 60}…" \\r\\x00\\udce4'
