"""Eligibility: every criterion decided from the facts, and what follows from all of them together.

There is no waiver: a criterion is changed by a new protocol version only (ICH E6). BOUNDARY_NOT_MET (a value
on the limit of a strict operator) blocks like NOT_MET. What is not known blocks too, except where the
protocol lets it pass because testing is not mandatory.
"""

from dataclasses import dataclass

from patients.rules.exclusion import exclusion_facts
from patients.rules.facts import PatientFacts
from patients.rules.inclusion import inclusion_verdicts
from patients.rules.modified_nih import modified_nih
from protocol.codes import EligibilityVerdict, RiskClass, Verdict
from protocol.definition import Protocol


@dataclass(frozen=True, slots=True)
class EligibilityAssessment:
    """All criteria in protocol order; an exclusion is MET when it does not apply.

    The lists name those that stand in the way: inclusion ids in `not_met` and `boundary`, exclusion ids in
    `excluded_by`, both kinds in `unknown`.
    """

    verdict: EligibilityVerdict
    inclusion: tuple[tuple[str, Verdict], ...]
    exclusion: tuple[tuple[str, Verdict], ...]
    not_met: tuple[str, ...]
    boundary: tuple[str, ...]
    unknown: tuple[str, ...]
    excluded_by: tuple[str, ...]
    modified_nih: RiskClass | None


_EXCLUSION_VERDICT = {True: Verdict.NOT_MET, None: Verdict.UNKNOWN, False: Verdict.MET}


def assess(facts: PatientFacts, protocol: Protocol) -> EligibilityAssessment:
    """The assessment of one patient under the criteria that held at enrolment, or hold while there is none."""
    protocol = protocol.on_enrolment(facts.enrolled_on)
    inclusion = inclusion_verdicts(facts, protocol.eligibility)
    exclusion = {key: _EXCLUSION_VERDICT[fact] for key, fact in exclusion_facts(facts, protocol).items()}
    blocking = tuple(
        key for key in _with(exclusion, Verdict.UNKNOWN) if key not in protocol.eligibility.unknown_passes
    )
    lists = (
        _with(inclusion, Verdict.NOT_MET),
        _with(inclusion, Verdict.BOUNDARY_NOT_MET),
        _with(inclusion, Verdict.UNKNOWN) + blocking,
        _with(exclusion, Verdict.NOT_MET),
    )
    return EligibilityAssessment(
        _overall(*lists),
        tuple(inclusion.items()),
        tuple(exclusion.items()),
        *lists,
        modified_nih(facts.tumour),
    )


def _with(verdicts: dict[str, Verdict], wanted: Verdict) -> tuple[str, ...]:
    return tuple(criterion for criterion, verdict in verdicts.items() if verdict is wanted)


def _overall(
    not_met: tuple[str, ...],
    boundary: tuple[str, ...],
    unknown: tuple[str, ...],
    excluded_by: tuple[str, ...],
) -> EligibilityVerdict:
    if not_met or boundary or excluded_by:
        return EligibilityVerdict.NOT_ELIGIBLE
    return EligibilityVerdict.INCOMPLETE if unknown else EligibilityVerdict.ELIGIBLE
