"""Why an exclusion criterion applies or not: the parts of E1…E11."""

from collections.abc import Callable

from patients.rules.exclusion import is_recent_event, reductions_before_entry
from patients.rules.explanation import Part, fact_part, yes_no_part
from patients.rules.facts import PatientFacts, PriorOrder
from protocol.codes import HivStatus, Sex
from protocol.definition import Protocol
from protocol.sentences import Sentence, gettext_noop

Reasons = Callable[[PatientFacts, Protocol], tuple[Part, ...]]


def _screening(*names: str) -> Reasons:
    """Answers of screening that speak for themselves."""

    def parts(facts: PatientFacts, protocol: Protocol) -> tuple[Part, ...]:
        return tuple(yes_no_part(name, getattr(facts.screening, name)) for name in names)

    return parts


def _pregnancy(facts: PatientFacts, protocol: Protocol) -> tuple[Part, ...]:
    if facts.sex == Sex.MALE:
        return (_male(facts),)
    return _screening("childbearing_potential", "pregnant_or_breastfeeding")(facts, protocol)


def _male(facts: PatientFacts) -> Part:
    return fact_part("sex", facts.sex, Sentence(gettext_noop("Male: no childbearing potential.")))


def _contraception(facts: PatientFacts, protocol: Protocol) -> tuple[Part, ...]:
    could_conceive = (
        _male(facts)
        if facts.sex == Sex.MALE
        else yes_no_part("childbearing_potential", facts.screening.childbearing_potential)
    )
    return (could_conceive, yes_no_part("contraception_agreed", facts.screening.contraception_agreed))


def _cardiovascular(facts: PatientFacts, protocol: Protocol) -> tuple[Part, ...]:
    return (_event(facts, protocol), yes_no_part("nyha_iii_iv", facts.screening.nyha_iii_iv))


def _event(facts: PatientFacts, protocol: Protocol) -> Part:
    screening, months = facts.screening, protocol.eligibility.cardiovascular_free_months
    if not screening.cardiovascular_event:
        return yes_no_part("cardiovascular_event", screening.cardiovascular_event)
    day = screening.cardiovascular_event_on
    if day is None:
        return fact_part("cardiovascular_event_on", None, None)
    if facts.enrolled_on is None:
        return fact_part("enrolled_on", None, None)
    message = (
        gettext_noop("The event of %(day)s lies within %(months)s months before enrolment.")
        if is_recent_event(facts, months)
        else gettext_noop("The event of %(day)s lies more than %(months)s months before enrolment.")
    )
    return fact_part("cardiovascular_event_on", day, Sentence(message, {"day": day, "months": months}))


def _liver(facts: PatientFacts, protocol: Protocol) -> tuple[Part, ...]:
    names = ("liver_disease", "stable_hepatitis_b") if facts.screening.liver_disease else ("liver_disease",)
    return _screening(*names)(facts, protocol)


def _reduction(facts: PatientFacts, protocol: Protocol) -> tuple[Part, ...]:
    minimum = protocol.regimen.minimum_dose_mg
    found = reductions_before_entry(facts, protocol)
    if not found:
        message = gettext_noop(
            "No dose under %(minimum)s mg a day was ordered for toxicity before enrolment."
        )
        return (fact_part("prior_orders", (), Sentence(message, {"minimum": minimum})),)
    message = gettext_noop("From %(day)s a dose under %(minimum)s mg a day was ordered for toxicity.")
    return tuple(
        fact_part(
            "prior_orders", _pattern(order), Sentence(message, {"day": order.from_on, "minimum": minimum})
        )
        for order in found
    )


def _hiv(facts: PatientFacts, protocol: Protocol) -> tuple[Part, ...]:
    messages = {
        HivStatus.POSITIVE: gettext_noop("HIV test positive."),
        HivStatus.NEGATIVE: gettext_noop("HIV test negative."),
    }
    found = facts.screening.hiv
    message = messages[HivStatus(found)] if found else gettext_noop("HIV not tested, which does not exclude.")
    return (fact_part("hiv", found, Sentence(message)),)


def _d842v(facts: PatientFacts, protocol: Protocol) -> tuple[Part, ...]:
    found = facts.tumour.pdgfra_d842v
    if found is None:
        message = gettext_noop("D842V not tested, which does not exclude; a test is advised.")
        return (fact_part("pdgfra_d842v", None, Sentence(message)),)
    return (yes_no_part("pdgfra_d842v", found),)


def _pattern(order: PriorOrder) -> tuple[str, ...]:
    return tuple(str(mg) for mg in order.pattern_mg)


EXCLUSION_REASONS: dict[str, Reasons] = {
    "E1": _pregnancy,
    "E2": _contraception,
    "E3": _cardiovascular,
    "E4": _screening("uncontrolled_infection"),
    "E5": _liver,
    "E6": _reduction,
    "E7": _screening("other_unsuitable_condition"),
    "E8": _hiv,
    "E9": _screening("other_malignancy_active"),
    "E10": _screening("substance_abuse"),
    "E11": _d842v,
}
