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

from protocol.sentences import Refusal, gettext_noop

FILES = {"5.0": "ctcae_v5.csv", "6.0": "ctcae_v6.csv"}
VERSION = "5.0"
GRADES = (1, 2, 3, 4, 5)
OTHER = "other, specify"

# What clinicians type, where no word of the term would be found by it.
ALIASES = {
    "alt": "Alanine aminotransferase increased",
    "sgpt": "Alanine aminotransferase increased",
    "ast": "Aspartate aminotransferase increased",
    "sgot": "Aspartate aminotransferase increased",
    "hyperbilirubinemia": "Blood bilirubin increased",
    "ldh": "Blood lactate dehydrogenase increased",
    "leukopenia": "White blood cell decreased",
    "neutropenia": "Neutrophil count decreased",
    "anc": "Neutrophil count decreased",
    "thrombocytopenia": "Platelet count decreased",
    "plt": "Platelet count decreased",
    "wbc": "White blood cell decreased",
    "urti": "Upper respiratory infection",
}


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

    The whole name, its beginning, the beginnings of its words in any order, then anywhere inside; within one
    rank the unspecific "Other, specify" last. British spelling finds the American term.
    """
    wanted = _fold(typed)
    if not wanted:
        return ()
    ranked = [
        (rank, OTHER in folded, folded, name)
        for folded, name in _folded_names(version)
        if (rank := _rank(folded, name, wanted)) is not None
    ]
    return tuple(terms(version)[name] for *_, name in sorted(ranked)[:limit])


def _term(row: Mapping[str, str]) -> Term:
    texts = {grade: row[f"grade{grade}"].strip() for grade in GRADES}
    return Term(
        soc=row["soc"].strip(),
        name=row["term"].strip(),
        definition=row["definition"].strip(),
        grade_texts=MappingProxyType({grade: text for grade, text in texts.items() if text}),
        navigational_note=row["navigational_note"].strip(),
    )


@cache
def _folded_names(version: str) -> tuple[tuple[str, str], ...]:
    return tuple((_fold(name), name) for name in terms(version))


def _fold(text: str) -> str:
    """Small letters, single spaces, and "ae", "oe" as "e": oedema and edema are one word."""
    return " ".join(text.casefold().split()).replace("ae", "e").replace("oe", "e")


def _rank(folded: str, name: str, wanted: str) -> int | None:
    if folded == wanted or ALIASES.get(wanted) == name:
        return 0
    if folded.startswith(wanted):
        return 1
    words = folded.replace("-", " ").replace("/", " ").split()
    if all(any(word.startswith(part) for word in words) for part in wanted.split()):
        return 2
    return 3 if wanted in folded else None
