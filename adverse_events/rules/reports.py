"""What a safety report says: the facts of one event or pregnancy as they stood when it was written.

The items are those of the CIOMS I form (reaction, suspect drug, other drugs and history, source), without a date of
birth. Codes are kept, not words, so that one content prints in every language; a printed content never changes.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from typing import Any

FACTS_KEPT = 1  # the shape of the content; a later shape must still read the earlier ones


@dataclass(frozen=True, slots=True)
class LabLine:
    """A result near onset as the laboratory gave it; numbers as text."""

    collected_on: str
    test: str
    value: str
    unit: str
    lln: str = ""
    uln: str = ""


@dataclass(frozen=True, slots=True)
class ReportContent:
    """Days and instants in ISO 8601, codes as stored, "" or None = not known; free texts as typed.

    `age_at_onset` in whole years, doses in mg by the days of their pattern. Of a pregnancy the items of a reaction
    are blank, and the other way round.
    """

    study: str
    site: str
    subject_id: str
    sex: str
    age_at_onset: int | None
    aware_at: str
    number: int
    term: str = ""
    dictionary: str = ""
    started_on: str = ""
    ended_on: str = ""
    grade: int | None = None
    serious: tuple[str, ...] = ()
    causality: str = ""
    expectedness: str = ""
    outcome: str = ""
    action_taken: str = ""
    dechallenge: str = ""
    rechallenge: str = ""
    who_is_pregnant: str = ""
    test_on: str = ""
    expected_on: str = ""
    outcome_on: str = ""
    dose_mg: tuple[int, ...] = ()
    first_dose_on: str = ""
    last_dose_on: str = ""
    labs: tuple[LabLine, ...] = ()
    narrative: str = ""
    other_drugs: str = ""
    history: str = ""
    reporter: str = ""
    reporter_role: str = ""

    @property
    def is_pregnancy(self) -> bool:
        return bool(self.who_is_pregnant)

    def as_dict(self) -> dict[str, Any]:
        return {"facts": FACTS_KEPT, **asdict(self)}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "ReportContent":
        known = {field.name: data[field.name] for field in fields(cls) if field.name in data}
        for name in ("serious", "dose_mg"):
            known[name] = tuple(known.get(name, ()))
        known["labs"] = tuple(LabLine(**line) for line in known.get("labs", ()))
        return cls(**known)


def changed_items(old: ReportContent, new: ReportContent) -> Iterator[str]:
    """The items that say something else in a follow-up, in the order of the report."""
    for field in fields(ReportContent):
        if getattr(old, field.name) != getattr(new, field.name):
            yield field.name
