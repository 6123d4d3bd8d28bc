"""Records of a text, whatever the text is: as Python's reader takes them, and beyond its limits."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange import records as module
from exchange.records import Broken, records


def read(text):
    return list(records(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
        ("a\r\n\r\nb", [["a"], [], ["b"]]),
        ('"a\n""b""",c\n', [['a\n"b"', "c"]]),
        ('a"b,"c"\n', [['a"b', "c"]]),
        ("", []),
    ],
)
def test_records_are_rows_of_a_spreadsheet(text, expected):
    assert read(text) == expected


def test_broken_quotes_cost_their_row_alone():
    first, broken, last = read('a,b\n"x"y,1\nc,d\n')
    assert (first, last) == (["a", "b"], ["c", "d"])
    assert isinstance(broken, Broken)
    assert not broken.endless


@pytest.mark.parametrize("length", [10, 200_000])
def test_an_open_quote_takes_the_rest_of_the_file(length):
    rows = read('a,b\n1,"' + "x\n" * length)
    assert rows[0] == ["a", "b"]
    assert rows[1:] == [Broken(rows[1].message, endless=True)]


def test_a_long_cell_is_kept_to_just_over_the_limit():
    (row, after) = read("a," + "x" * 300_000 + ",b\nc,d,e\n")
    assert [len(cell) for cell in row] == [1, 1001, 1]
    assert after == ["c", "d", "e"]


def test_a_long_quoted_cell_ends_where_its_quote_does():
    row, after = read('"' + 'x,""\n' * 50_000 + '",b\nc,d\n')
    assert (len(row[0]), row[1:], after) == (1001, ["b"], ["c", "d"])


table = st.lists(st.lists(st.text('a",\n', max_size=9), min_size=2, max_size=4), max_size=6)


@given(table)
def test_the_reader_of_long_records_reads_as_the_other_one(rows):
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    with pytest.MonkeyPatch.context() as patch:
        whole = read(text.getvalue())
        patch.setattr(module, "LONGEST_RECORD", 3)
        assert read(text.getvalue()) == whole == rows
