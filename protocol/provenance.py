"""Where the values of a definition come from: the comments that the file has beside them.

A comment stands at the end of its line. The marks `[registry]`, `[label]` and `[assumed]` in it say the source. What
stands beside the head of a table counts for all of its values that have no mark of their own.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from protocol import loader

_TABLE = re.compile(r"\[\[?([\w.]+)\]\]?\s*(?:#(.*))?$")
_VALUE = re.compile(r"(\w+)\s*=")
_COMMENT = re.compile(r'(?:[^"#]|"(?:[^"\\]|\\.)*")*#(.*)')
_MARK = re.compile(r"\s*\[(registry|label|assumed)\]")


@dataclass(frozen=True, slots=True)
class Note:
    """`sources`: "registry", "label", "assumed"; `words`: what else the comment says, in the language of the file."""

    sources: tuple[str, ...] = ()
    words: str = ""


def notes_of(version: str) -> dict[str, Note]:
    """The note of each dotted key, and under the name of a table what counts for all of it."""
    return read_notes((Path(loader.DEFINITIONS) / f"{version}.toml").read_text(encoding="utf-8"))


def read_notes(text: str) -> dict[str, Note]:
    notes: dict[str, Note] = {}
    table, heading = "", Note()
    for line in text.splitlines():
        if line.startswith("# ---"):
            table, heading = "", _note(line.strip("# -"))
        elif head := _TABLE.match(line):
            heading = heading if not table or _top(table) == _top(head[1]) else Note()
            table, own = head[1], _note(head[2] or "")
            notes.setdefault(
                table, own if own.sources else replace(heading, words=own.words or heading.words)
            )
        elif value := _VALUE.match(line):
            key = f"{table}.{value[1]}" if table else value[1]
            comment = _COMMENT.match(line)
            notes.setdefault(key, _note(comment[1] if comment else ""))
    return notes


def note_for(notes: dict[str, Note], key: str) -> Note:
    """The note of a value: its own words, and the source of the nearest table that has one."""
    own = notes.get(key, Note())
    names = key.split(".")
    for length in range(len(names), 0, -1):
        found = notes.get(".".join(names[:length]), Note())
        if found.sources:
            return replace(own, sources=found.sources)
    return own


def _top(table: str) -> str:
    return table.partition(".")[0]


def _note(comment: str) -> Note:
    words = _MARK.sub("", comment).strip(" ;:")
    return Note(tuple(dict.fromkeys(_MARK.findall(comment))), words)
