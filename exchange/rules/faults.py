"""What is wrong in a cohort folder, and where."""

from dataclasses import dataclass
from datetime import date

_LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong. `row` is the row a spreadsheet shows; `column` is empty for a whole row or file."""

    file: str
    row: int
    column: str
    message: str

    def __str__(self) -> str:
        return f"{printable(self.file)}:{self.row}:{printable(self.column)}: {printable(self.message)}"


class CellFault(ValueError):
    """A cell that cannot be accepted: what is wrong, what is expected.

    `value`: what the cell says all the same, where it can be read; other faults that follow from it are faults too.
    """

    def __init__(self, message: str, value: date | None = None) -> None:
        super().__init__(message)
        self.value = value


def quoted(text: str) -> str:
    """A value as a message shows it, never longer than a line of a terminal."""
    shown = text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"
    return f'"{shown}"'


def printable(text: str) -> str:
    """Line breaks, control characters and broken bytes written as escapes: a fault is one line, whatever it quotes."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
