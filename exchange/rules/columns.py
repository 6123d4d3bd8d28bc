"""What a file of the folder consists of: its columns, its key, and what must hold within a row."""

from collections.abc import Callable
from dataclasses import dataclass

from exchange.rules import cells
from exchange.rules.cells import Parser, Value


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value: how a cell is read, what a blank one means, and the type of the column it is kept in.

    `joined_by` separates the members of a list where a message shows it.
    """

    parse: Parser
    sql_type: str
    blank: Value = None
    joined_by: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: Kind
    never_blank: bool = False
    never_future: bool = False


@dataclass(frozen=True, slots=True)
class RowRule:
    """Something that must hold between the values of one row; `check` gets those of `of`, and returns the fault."""

    at: str
    of: tuple[str, ...]
    check: Callable[..., str | None]


@dataclass(frozen=True, slots=True)
class CohortFile:
    """One file. Two rows with the same `key` are a fault; rows of the code `unnumbered` are told apart by their day."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    rules: tuple[RowRule, ...] = ()
    unnumbered: tuple[str, str, str] | None = None  # (column, its code, column of the day)

    @property
    def table(self) -> str:
        """The file as a word: `labs` of `labs.csv`."""
        return self.name.removesuffix(".csv")

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def values(self) -> tuple[Column, ...]:
        """The columns that say something of the row the key names."""
        return tuple(column for column in self.columns if column.name not in self.key)

    @property
    def duplicates_at(self) -> str:
        """Where a second row of one key is reported: the first key column that is not the subject, else there."""
        return next((name for name in self.key if name != SUBJECT), SUBJECT)

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def place(self, name: str) -> int:
        """The place of a column, for the order of faults; 0 for the whole row."""
        return self.column_names.index(name) + 1 if name else 0


SUBJECT = "subject_id"
TEXT = Kind(cells.text, "text", blank="")
IDENTIFIER = Kind(cells.identifier, "text")
DAY = Kind(cells.day, "date")
WHOLE = Kind(cells.whole_number, "integer")
TABLETS = Kind(cells.whole_number, "integer", blank=0)
NUMBER = Kind(cells.number, "numeric")
YES_NO = Kind(cells.yes_no, "boolean")
ONLY_YES = Kind(cells.only_yes, "boolean", blank=False)
INSTANT = Kind(cells.instant, "timestamptz")
PATTERN = Kind(cells.pattern, "integer[]", joined_by="/")
DAY_OR_NONE = Kind(cells.day_or_none, "text")
APPOINTMENT = Kind(cells.appointment, "text")


def one_of(parse: Parser) -> Kind:
    """A code; blank is the empty text."""
    return Kind(parse, "text", blank="")
