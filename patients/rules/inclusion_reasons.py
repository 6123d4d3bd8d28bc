"""Why an inclusion criterion is met or not: the parts of I1…I7 in the order in which they are decided."""

from collections.abc import Callable

from patients.rules.explanation import Part, fact_part, measured_part, yes_no_part
from patients.rules.facts import PatientFacts
from patients.rules.inclusion import is_high_risk
from patients.rules.modified_nih import has_rupture
from patients.rules.units import CRITERION_UNITS
from protocol.codes import EntryPath, Resection, Verdict
from protocol.days import age_on
from protocol.definition import Eligibility
from protocol.sentences import Sentence, gettext_noop

Reasons = Callable[[PatientFacts, Eligibility], tuple[Part, ...]]


def _age(facts: PatientFacts, eligibility: Eligibility) -> tuple[Part, ...]:
    limit = eligibility.minimum_age_years
    birth, signed = facts.birth_date, facts.consent_on
    sentence = None
    if birth is not None and signed is not None:
        age = age_on(birth, signed)
        message = (
            gettext_noop("%(age)s years old on the day of consent; at least %(limit)s are asked.")
            if age >= limit
            else gettext_noop("%(age)s years old on the day of consent: too young, %(limit)s are asked.")
        )
        sentence = Sentence(message, {"age": age, "limit": limit})
    missing = "birth_date" if birth is None else "consent_on"
    return (fact_part("birth_date" if sentence else missing, birth if sentence else None, sentence),)


def _histology(facts: PatientFacts, eligibility: Eligibility) -> tuple[Part, ...]:
    screening = facts.screening
    names = ("histology_confirmed", "cd117", "dog1", "kit_mutation", "pdgfra_mutation")
    return tuple(yes_no_part(name, getattr(screening, name)) for name in names)


def _resection(facts: PatientFacts, eligibility: Eligibility) -> tuple[Part, ...]:
    parts = (_r0(facts), _surgery_in_time(facts, eligibility))
    if facts.entry_path != EntryPath.ALREADY_TREATED or eligibility.path_b_require_surgery_limit:
        return parts
    return (*parts, _already_treated(facts))


def _r0(facts: PatientFacts) -> Part:
    found = facts.tumour.resection
    message = (
        gettext_noop("Resection %(resection)s, as asked.")
        if found == Resection.R0
        else gettext_noop("Resection %(resection)s: R0 is asked.")
    )
    return fact_part("resection", found, Sentence(message, {"resection": found}) if found else None)


def _surgery_in_time(facts: PatientFacts, eligibility: Eligibility) -> Part:
    """To the first dose, or to the day it is planned for."""
    surgery_on, start_on = facts.tumour.surgery_on, facts.start_on
    if surgery_on is None:
        return fact_part("surgery_on", None, None)
    if start_on is None:
        return fact_part("planned_start_on", None, None)
    days, limit = (start_on - surgery_on).days, eligibility.surgery_to_first_dose_days
    return fact_part("surgery_on", surgery_on, _days_sentence(days, limit, facts.first_dose_on is None))


def _days_sentence(days: int, limit: int, is_planned: bool) -> Sentence:
    if days < 0:
        return Sentence(gettext_noop("The first dose lies before the surgery."))
    if days > limit:
        message = (
            gettext_noop("%(days)s days from surgery to the planned first dose: more than %(limit)s.")
            if is_planned
            else gettext_noop("%(days)s days from surgery to the first dose: more than %(limit)s.")
        )
    else:
        message = (
            gettext_noop("%(days)s days from surgery to the planned first dose: within %(limit)s.")
            if is_planned
            else gettext_noop("%(days)s days from surgery to the first dose: within %(limit)s.")
        )
    return Sentence(message, {"days": days, "limit": limit})


def _already_treated(facts: PatientFacts) -> Part:
    sentence = {
        Verdict.MET: gettext_noop(
            "Already on imatinib with a high risk: the days since surgery do not count."
        ),
        Verdict.UNKNOWN: gettext_noop("Already on imatinib; whether the risk is high is not known yet."),
        Verdict.NOT_MET: gettext_noop("Already on imatinib, but the risk by modified NIH is not high."),
    }[is_high_risk(facts)]
    return fact_part("entry_path", facts.entry_path, Sentence(sentence))


def _tumour(facts: PatientFacts, eligibility: Eligibility) -> tuple[Part, ...]:
    tumour = facts.tumour
    return (
        _rupture(facts),
        measured_part("tumour_size_cm", tumour.tumour_size_cm, eligibility.tumour_size_cm, "cm"),
        measured_part(
            "mitoses_per_50hpf", tumour.mitoses_per_50hpf, eligibility.mitoses_per_50hpf, "/50 HPF"
        ),
    )


def _rupture(facts: PatientFacts) -> Part:
    codes = facts.tumour.rupture_codes
    ruptured = has_rupture(codes)
    if ruptured is None:
        return fact_part("rupture_codes", None, None)
    message = (
        gettext_noop("Tumour rupture (%(codes)s): high risk whatever the size and the mitoses.")
        if ruptured
        else gettext_noop("No tumour rupture: size and mitoses decide.")
    )
    return fact_part("rupture_codes", codes, Sentence(message, {"codes": ", ".join(codes or ())}))


def _performance(facts: PatientFacts, eligibility: Eligibility) -> tuple[Part, ...]:
    ecog, allowed = facts.screening.ecog, eligibility.ecog_allowed
    if ecog is None:
        return (fact_part("ecog", None, None),)
    message = (
        gettext_noop("ECOG %(ecog)s is one of %(allowed)s.")
        if ecog in allowed
        else gettext_noop("ECOG %(ecog)s is none of %(allowed)s.")
    )
    return (fact_part("ecog", ecog, Sentence(message, {"ecog": ecog, "allowed": _listed(allowed)})),)


def _listed(values: tuple[int, ...]) -> str:
    return ", ".join(str(value) for value in values)


def _count(name: str, threshold: str) -> Reasons:
    """A value with a limit in the criterion's own unit."""

    def parts(facts: PatientFacts, eligibility: Eligibility) -> tuple[Part, ...]:
        value = getattr(facts.screening, name)
        return (measured_part(name, value, getattr(eligibility, threshold), CRITERION_UNITS[name]),)

    return parts


def _beside_uln(threshold: str, *names: str) -> Reasons:
    """Values beside the upper limit of their own laboratory."""

    def parts(facts: PatientFacts, eligibility: Eligibility) -> tuple[Part, ...]:
        limit, screening = getattr(eligibility, threshold), facts.screening
        return tuple(
            measured_part(name, getattr(screening, name), limit, uln=getattr(screening, f"{name}_uln"))
            for name in names
        )

    return parts


def _consent(facts: PatientFacts, eligibility: Eligibility) -> tuple[Part, ...]:
    signed, enrolled = facts.consent_on, facts.enrolled_on
    if signed is None:
        return (fact_part("consent_on", None, None),)
    message = (
        gettext_noop("Consent to the study was signed on %(day)s.")
        if enrolled is None or signed <= enrolled
        else gettext_noop("Consent was signed on %(day)s, after the enrolment on %(enrolled)s.")
    )
    return (fact_part("consent_on", signed, Sentence(message, {"day": signed, "enrolled": enrolled})),)


INCLUSION_REASONS: dict[str, Reasons] = {
    "I1": _age,
    "I2": _histology,
    "I3": _resection,
    "I4": _tumour,
    "I5": _performance,
    "I6a": _count("anc", "neutrophils"),
    "I6b": _count("platelets", "platelets"),
    "I6c": _count("haemoglobin", "haemoglobin"),
    "I6d": _beside_uln("bilirubin", "bilirubin"),
    "I6e": _beside_uln("transaminases", "ast", "alt"),
    "I6f": _beside_uln("creatinine", "creatinine"),
    "I7": _consent,
}
