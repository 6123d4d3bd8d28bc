"""The inclusion criteria I1…I7: facts in, one verdict each. Thresholds and operators are the protocol's."""

from collections.abc import Callable
from datetime import date

from patients.rules.facts import PatientFacts
from patients.rules.logic import all_of, any_of, measured, met
from patients.rules.modified_nih import has_rupture, possible_classes
from protocol.codes import EntryPath, Resection, RiskClass, Verdict
from protocol.days import add_months, age_on
from protocol.definition import Eligibility

Criterion = Callable[[PatientFacts, Eligibility], Verdict]


def inclusion_verdicts(facts: PatientFacts, eligibility: Eligibility) -> dict[str, Verdict]:
    """The verdict of every inclusion criterion, in the order of the protocol."""
    return {criterion: rule(facts, eligibility) for criterion, rule in INCLUSION.items()}


def _age(facts: PatientFacts, eligibility: Eligibility) -> Verdict:
    if facts.birth_date is None or facts.consent_on is None:
        return Verdict.UNKNOWN
    return met(age_on(facts.birth_date, facts.consent_on) >= eligibility.minimum_age_years)


def _histology(facts: PatientFacts, eligibility: Eligibility) -> Verdict:
    screening = facts.screening
    markers = (screening.cd117, screening.dog1, screening.kit_mutation, screening.pdgfra_mutation)
    return all_of(met(screening.histology_confirmed), any_of(*map(met, markers)))


def _resection(facts: PatientFacts, eligibility: Eligibility) -> Verdict:
    """A new start needs surgery shortly before the first dose; already treated, high risk will do too."""
    new_start = all_of(_r0(facts), _surgery_in_time(facts, eligibility))
    if facts.entry_path != EntryPath.ALREADY_TREATED:
        return new_start
    return any_of(new_start, _already_treated(facts, eligibility))


def _r0(facts: PatientFacts) -> Verdict:
    return met(facts.tumour.resection == Resection.R0 if facts.tumour.resection else None)


def _surgery_in_time(facts: PatientFacts, eligibility: Eligibility) -> Verdict:
    """From surgery to the first dose; before it is taken, to the day it is planned for."""
    if facts.tumour.surgery_on is None or facts.start_on is None:
        return Verdict.UNKNOWN
    elapsed = (facts.start_on - facts.tumour.surgery_on).days
    return met(0 <= elapsed <= eligibility.surgery_to_first_dose_days)


def _already_treated(facts: PatientFacts, eligibility: Eligibility) -> Verdict:
    parts = [_r0(facts), is_high_risk(facts)]
    if eligibility.path_b_require_surgery_limit:
        parts.append(_surgery_in_time(facts, eligibility))
    if eligibility.path_b_max_prior_months is not None:
        parts.append(_prior_treatment(facts, eligibility.path_b_max_prior_months))
    if eligibility.path_b_max_gap_days is not None:
        parts.append(met(_longest_hold_days(facts) <= eligibility.path_b_max_gap_days))
    return all_of(*parts)


def is_high_risk(facts: PatientFacts) -> Verdict:
    classes = possible_classes(facts.tumour)
    if len(classes) > 1 and RiskClass.HIGH in classes:
        return Verdict.UNKNOWN
    return met(RiskClass.HIGH in classes)


def _prior_treatment(facts: PatientFacts, max_months: int) -> Verdict:
    if facts.first_dose_on is None or facts.consent_on is None:
        return Verdict.UNKNOWN
    return met(facts.consent_on <= add_months(facts.first_dose_on, max_months))


def _longest_hold_days(facts: PatientFacts) -> int:
    """The longest run of ordered 0 mg until consent (a hold nobody resumed counts to that day)."""
    longest, held_from = 0, None
    for from_on, is_hold in _steps(facts):
        if held_from is not None and not is_hold:
            longest, held_from = max(longest, (from_on - held_from).days), None
        elif held_from is None and is_hold:
            held_from = from_on
    return longest


def _steps(facts: PatientFacts) -> list[tuple[date, bool]]:
    """Where the dose changed before consent, and whether to a hold; the day of consent ends the list."""
    until = facts.consent_on or facts.enrolled_on or date.max
    orders = [order for order in facts.prior_orders if order.from_on < until]
    steps = sorted((order.from_on, not any(order.pattern_mg)) for order in orders)
    return [*steps, (until, False)]


def _tumour(facts: PatientFacts, eligibility: Eligibility) -> Verdict:
    """Rupture (Nishida), or size and mitoses both over their limits."""
    by_size_and_mitoses = all_of(
        measured(facts.tumour.tumour_size_cm, eligibility.tumour_size_cm),
        measured(facts.tumour.mitoses_per_50hpf, eligibility.mitoses_per_50hpf),
    )
    return any_of(met(has_rupture(facts.tumour.rupture_codes)), by_size_and_mitoses)


def _performance(facts: PatientFacts, eligibility: Eligibility) -> Verdict:
    ecog = facts.screening.ecog
    return met(None if ecog is None else ecog in eligibility.ecog_allowed)


def _neutrophils(facts: PatientFacts, eligibility: Eligibility) -> Verdict:
    return measured(facts.screening.anc, eligibility.neutrophils)


def _platelets(facts: PatientFacts, eligibility: Eligibility) -> Verdict:
    return measured(facts.screening.platelets, eligibility.platelets)


def _haemoglobin(facts: PatientFacts, eligibility: Eligibility) -> Verdict:
    return measured(facts.screening.haemoglobin, eligibility.haemoglobin)


def _bilirubin(facts: PatientFacts, eligibility: Eligibility) -> Verdict:
    return measured(facts.screening.bilirubin, eligibility.bilirubin, facts.screening.bilirubin_uln)


def _transaminases(facts: PatientFacts, eligibility: Eligibility) -> Verdict:
    return all_of(
        measured(facts.screening.ast, eligibility.transaminases, facts.screening.ast_uln),
        measured(facts.screening.alt, eligibility.transaminases, facts.screening.alt_uln),
    )


def _creatinine(facts: PatientFacts, eligibility: Eligibility) -> Verdict:
    return measured(facts.screening.creatinine, eligibility.creatinine, facts.screening.creatinine_uln)


def _consent(facts: PatientFacts, eligibility: Eligibility) -> Verdict:
    """Signed before enrolment; a patient who is not enrolled yet has not been enrolled too early."""
    if facts.consent_on is None:
        return Verdict.UNKNOWN
    return met(facts.enrolled_on is None or facts.consent_on <= facts.enrolled_on)


INCLUSION: dict[str, Criterion] = {
    "I1": _age,
    "I2": _histology,
    "I3": _resection,
    "I4": _tumour,
    "I5": _performance,
    "I6a": _neutrophils,
    "I6b": _platelets,
    "I6c": _haemoglobin,
    "I6d": _bilirubin,
    "I6e": _transaminases,
    "I6f": _creatinine,
    "I7": _consent,
}
