"""What is worth knowing and asks for no answer: cautions are shown, never stored."""

from dataclasses import dataclass, field
from enum import StrEnum

from patients.rules.facts import PatientFacts
from protocol.days import planned_end_on
from protocol.definition import Protocol


class CautionCode(StrEnum):
    COURSE_PAST_STUDY_END = "COURSE_PAST_STUDY_END"
    D842V_NOT_TESTED = "D842V_NOT_TESTED"


@dataclass(frozen=True, slots=True)
class Caution:
    code: CautionCode
    detail: dict[str, str] = field(default_factory=dict, compare=False)


def cautions(facts: PatientFacts, protocol: Protocol) -> tuple[Caution, ...]:
    """The planned course ends after study completion; the mutation that excludes was never tested."""
    found = []
    completes_on = protocol.study.completes_on
    if facts.first_dose_on is not None:
        ends_on = planned_end_on(facts.first_dose_on, protocol.regimen)
        if ends_on > completes_on:
            detail = {"planned_end_on": ends_on.isoformat(), "completes_on": completes_on.isoformat()}
            found.append(Caution(CautionCode.COURSE_PAST_STUDY_END, detail))
    if facts.tumour.pdgfra_d842v is None:
        found.append(Caution(CautionCode.D842V_NOT_TESTED))
    return tuple(found)
