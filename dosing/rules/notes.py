"""Notes of the label beside the dose: which of them concern this patient. The words stand in the protocol file."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from protocol.codes import Sex
from protocol.definition import LabelNote

_FEMALE = Fraction(85, 100)


@dataclass(frozen=True, slots=True)
class NoteFacts:
    """`clearance_ml_min` None: age, weight or creatinine is not known."""

    has_childbearing_potential: bool = False
    has_hepatitis_b: bool = False
    clearance_ml_min: Fraction | None = None


def notes_for(notes: tuple[LabelNote, ...], facts: NoteFacts) -> tuple[LabelNote, ...]:
    return tuple(note for note in notes if _concerns(note, facts))


def creatinine_clearance(
    age_years: int, weight_kg: Decimal, creatinine_mg_dl: Decimal, sex: str
) -> Fraction | None:
    """mL/min by Cockcroft and Gault (Nephron 1976;16:31), unrounded; None for a creatinine of 0."""
    if not creatinine_mg_dl:
        return None
    male = (140 - age_years) * Fraction(weight_kg) / (72 * Fraction(creatinine_mg_dl))
    return male * _FEMALE if sex == Sex.FEMALE else male


def _concerns(note: LabelNote, facts: NoteFacts) -> bool:
    if note.when == "CHILDBEARING":
        return facts.has_childbearing_potential
    if note.when == "HEPATITIS_B":
        return facts.has_hepatitis_b
    if note.when == "CLEARANCE":
        return _is_between(facts.clearance_ml_min, note)
    return True


def _is_between(clearance: Fraction | None, note: LabelNote) -> bool:
    if clearance is None:
        return False
    is_above = note.from_ml_min is None or clearance >= note.from_ml_min
    return is_above and (note.below_ml_min is None or clearance < note.below_ml_min)
