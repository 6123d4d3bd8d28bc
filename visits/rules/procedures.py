"""Which procedures are asked about at a visit, and what can be answered."""

from collections.abc import Iterable
from dataclasses import dataclass

from protocol.codes import ProcedureAnswer
from protocol.definition import PREGNANCY_TEST, Procedure

# These are recorded by their own values: entry, measurements, imaging, tablets, events; the call is the visit itself.
WITH_FIELDS = frozenset({"DM", "MH", "VS", "EC", "CBC", "CHE", "CT", "RX", "DSP", "RET", "AE", "TEL"})
MAY_BE_DONE_ANY_TIME = (
    Procedure("PE"), Procedure("VS"), Procedure("EC"), Procedure("CBC"), Procedure("CHE"), Procedure("PT", "WOCBP"),
    Procedure("HBV", "CARRIER"), Procedure("CT"), Procedure("ECH"), Procedure("RX"), Procedure("RET"),
    Procedure("AE"), Procedure("CM"),
)  # fmt: skip
_ABSENT = (ProcedureAnswer.NOT_DONE, ProcedureAnswer.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class ConditionFacts:
    """What the conditions of the schedule are about; None: nobody has said."""

    can_bear_children: bool | None = None
    is_hepatitis_b_carrier: bool | None = None


def is_asked(procedure: Procedure, facts: ConditionFacts) -> bool:
    """A pregnancy test is left out only where it is known to be needless, hepatitis B asked only of known carriers.

    Conditions that are decided at the visit ("if seen at the clinic") ask: "not applicable" is an answer.
    """
    if procedure.condition == "WOCBP":
        return facts.can_bear_children is not False
    if procedure.condition == "CARRIER":
        return facts.is_hepatitis_b_carrier is True
    return True


def asked_about(procedures: Iterable[Procedure], facts: ConditionFacts) -> tuple[str, ...]:
    """The codes of those without fields of their own, in the order of the schedule."""
    return tuple(
        procedure.code
        for procedure in procedures
        if procedure.code not in WITH_FIELDS and is_asked(procedure, facts)
    )


def answers_of(procedure: str) -> tuple[ProcedureAnswer, ...]:
    """What can be answered, the usual first."""
    if procedure == PREGNANCY_TEST:
        return (ProcedureAnswer.NEGATIVE, ProcedureAnswer.POSITIVE, *_ABSENT)
    return (ProcedureAnswer.DONE, *_ABSENT)
