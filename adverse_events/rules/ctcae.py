"""The CTCAE dictionary: its terms, the grades each of them has, and finding a term while it is typed.

Common Terminology Criteria for Adverse Events v5.0, U.S. National Cancer Institute, 27 November 2017: 837
terms in 26 system organ classes; v6.0, 2025 with the errata of January 2026: 850 terms. A grade means nothing
without its version. An empty grade cell of the file means that the grade does not exist for the
term.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType

from adverse_events.rules.ctcae_words import WORDS
from protocol.sentences import Refusal, gettext_noop

FILES = {"5.0": "ctcae_v5.csv", "6.0": "ctcae_v6.csv"}
VERSION = "5.0"
GRADES = (1, 2, 3, 4, 5)
OTHER = "other, specify"


@dataclass(frozen=True, slots=True)
class Term:
    """One term; `grade_texts` holds the criteria of the grades that exist."""

    soc: str
    name: str
    definition: str
    grade_texts: Mapping[int, str] = field(hash=False)
    navigational_note: str

    @property
    def grades(self) -> tuple[int, ...]:
        return tuple(self.grade_texts)

    @property
    def highest_grade(self) -> int:
        return max(self.grade_texts)


class UnknownTerm(Refusal):
    """A name the dictionary does not have."""

    def __init__(self, name: str, version: str = VERSION) -> None:
        super().__init__(
            gettext_noop("“%(term)s” is no term of CTCAE %(version)s."), term=name, version=version
        )


class ImpossibleGrade(Refusal):
    """A grade the term does not have."""

    def __init__(self, term: Term, grade: int, version: str = VERSION) -> None:
        super().__init__(
            gettext_noop(
                "“%(term)s” has no grade %(grade)s in CTCAE %(version)s; its grades are %(grades)s."
            ),
            term=term.name,
            grade=grade,
            version=version,
            grades=", ".join(str(number) for number in term.grades),
        )


@cache
def terms(version: str = VERSION) -> Mapping[str, Term]:
    """All terms of a version by name, in the order of the dictionary; KeyError for a version we do not have."""
    path = Path(__file__).parent.parent / "data" / FILES[version]
    with path.open(encoding="utf-8-sig", newline="") as file:
        found = [_term(row) for row in csv.DictReader(file)]
    return MappingProxyType({term.name: term for term in found})


def find_term(name: str, version: str = VERSION) -> Term | None:
    """The term of exactly this name, or None."""
    return terms(version).get(name)


def check_grade(name: str, grade: int, version: str = VERSION) -> None:
    """Refuse a term the dictionary does not have (UnknownTerm) and a grade the term does not have (ImpossibleGrade)."""
    term = find_term(name, version)
    if term is None:
        raise UnknownTerm(name, version)
    if grade not in term.grade_texts:
        raise ImpossibleGrade(term, grade, version)


def search_terms(typed: str, limit: int = 20, version: str = VERSION) -> tuple[Term, ...]:
    """Terms for what has been typed so far, best first.

    The whole name or a word that means it, the beginning of either, the beginnings of the name's words in any order,
    then anywhere inside; within one rank the unspecific "Other, specify" last. British spelling finds the American
    term, Korean words and abbreviations find theirs (`ctcae_words`).
    """
    wanted = _fold(typed)
    if not wanted:
        return ()
    ranked = [
        (rank, OTHER in entry.folded, entry.place_for(wanted), entry.folded, entry.name)
        for entry in _index(version)
        if (rank := _rank(entry, wanted)) is not None
    ]
    return tuple(terms(version)[name] for *_, name in sorted(ranked)[:limit])


def term_meant(typed: str, version: str = VERSION) -> Term | None:
    """The one term of this name in any capitals, or that a word means alone; None where there is a choice."""
    wanted = _fold(typed)
    by_name = [entry.name for entry in _index(version) if entry.folded == wanted]
    meant = by_name or [entry.name for entry in _index(version) if wanted in entry.words]
    return terms(version)[meant[0]] if len(meant) == 1 else None


def _term(row: Mapping[str, str]) -> Term:
    texts = {grade: row[f"grade{grade}"].strip() for grade in GRADES}
    return Term(
        soc=row["soc"].strip(),
        name=row["term"].strip(),
        definition=row["definition"].strip(),
        grade_texts=MappingProxyType({grade: text for grade, text in texts.items() if text}),
        navigational_note=row["navigational_note"].strip(),
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    """A term as it is searched: its folded name, and the folded words that may mean it, each with the place it has
    among the terms of that word."""

    name: str
    folded: str
    words: Mapping[str, int] = field(hash=False)

    def place_for(self, wanted: str) -> int:
        return min((place for word, place in self.words.items() if word.startswith(wanted)), default=0)


@cache
def _index(version: str) -> tuple[_Entry, ...]:
    words: dict[str, dict[str, int]] = {}
    for word, names in WORDS.items():
        for place, name in enumerate(names):
            words.setdefault(name, {})[_fold(word)] = place
    return tuple(_Entry(name, _fold(name), words.get(name, {})) for name in terms(version))


def _fold(text: str) -> str:
    """Small letters, and "ae", "oe" as "e": oedema and edema are one word. Korean is written with or without spaces."""
    folded = " ".join(text.casefold().split()).replace("ae", "e").replace("oe", "e")
    return folded if folded.isascii() else folded.replace(" ", "")


def _rank(entry: _Entry, wanted: str) -> int | None:
    if entry.folded == wanted or wanted in entry.words:
        return 0
    if any(name.startswith(wanted) for name in (entry.folded, *entry.words)):
        return 1
    words = entry.folded.replace("-", " ").replace("/", " ").split()
    if all(any(word.startswith(part) for word in words) for part in wanted.split()):
        return 2
    return 3 if any(wanted in name for name in (entry.folded, *entry.words)) else None
