"""The exclusion criteria E1…E11: True excludes, None is not known."""

from collections.abc import Callable

from patients.rules.facts import PatientFacts, PriorOrder
from patients.rules.logic import both, either, negated
from protocol.codes import DoseReason, HivStatus, Sex
from protocol.days import add_months
from protocol.definition import Protocol

Criterion = Callable[[PatientFacts, Protocol], bool | None]


def exclusion_facts(facts: PatientFacts, protocol: Protocol) -> dict[str, bool | None]:
    """Whether each exclusion criterion applies, in the order of the protocol."""
    return {criterion: rule(facts, protocol) for criterion, rule in EXCLUSION.items()}


def _is_male(facts: PatientFacts) -> bool | None:
    return facts.sex == Sex.MALE if facts.sex else None


def _childbearing(facts: PatientFacts) -> bool | None:
    return False if facts.sex == Sex.MALE else facts.screening.childbearing_potential


def _pregnancy(facts: PatientFacts, protocol: Protocol) -> bool | None:
    return both(_childbearing(facts), facts.screening.pregnant_or_breastfeeding)


def _contraception(facts: PatientFacts, protocol: Protocol) -> bool | None:
    could_conceive = either(_childbearing(facts), _is_male(facts))
    return both(could_conceive, negated(facts.screening.contraception_agreed))


def _cardiovascular(facts: PatientFacts, protocol: Protocol) -> bool | None:
    months = protocol.eligibility.cardiovascular_free_months
    return either(is_recent_event(facts, months), facts.screening.nyha_iii_iv)


def is_recent_event(facts: PatientFacts, months: int) -> bool | None:
    """An event exactly so many months before enrolment is recent, one a day earlier is not."""
    screening = facts.screening
    if screening.cardiovascular_event is False:
        return False
    if screening.cardiovascular_event_on is None or facts.enrolled_on is None:
        return None
    return screening.cardiovascular_event_on >= add_months(facts.enrolled_on, -months)


def _infection(facts: PatientFacts, protocol: Protocol) -> bool | None:
    return facts.screening.uncontrolled_infection


def _liver(facts: PatientFacts, protocol: Protocol) -> bool | None:
    return both(facts.screening.liver_disease, negated(facts.screening.stable_hepatitis_b))


def _dose_before_entry(facts: PatientFacts, protocol: Protocol) -> bool | None:
    return bool(reductions_before_entry(facts, protocol))


def reductions_before_entry(facts: PatientFacts, protocol: Protocol) -> tuple[PriorOrder, ...]:
    """Orders of a mean dose under the minimum for toxicity, before enrolment; a hold is no reduction."""
    minimum_mg = protocol.regimen.minimum_dose_mg
    return tuple(
        order
        for order in facts.prior_orders
        if _is_before_entry(order, facts)
        and order.reason == DoseReason.TOXICITY
        and 0 < sum(order.pattern_mg) < minimum_mg * len(order.pattern_mg)
    )


def _is_before_entry(order: PriorOrder, facts: PatientFacts) -> bool:
    return facts.enrolled_on is None or order.from_on < facts.enrolled_on


def _unsuitable(facts: PatientFacts, protocol: Protocol) -> bool | None:
    return facts.screening.other_unsuitable_condition


def _hiv(facts: PatientFacts, protocol: Protocol) -> bool | None:
    return facts.screening.hiv == HivStatus.POSITIVE if facts.screening.hiv else None


def _malignancy(facts: PatientFacts, protocol: Protocol) -> bool | None:
    return facts.screening.other_malignancy_active


def _abuse(facts: PatientFacts, protocol: Protocol) -> bool | None:
    return facts.screening.substance_abuse


def _d842v(facts: PatientFacts, protocol: Protocol) -> bool | None:
    return facts.tumour.pdgfra_d842v


EXCLUSION: dict[str, Criterion] = {
    "E1": _pregnancy,
    "E2": _contraception,
    "E3": _cardiovascular,
    "E4": _infection,
    "E5": _liver,
    "E6": _dose_before_entry,
    "E7": _unsuitable,
    "E8": _hiv,
    "E9": _malignancy,
    "E10": _abuse,
    "E11": _d842v,
}
