"""The assessment of a patient criterion by criterion: verdict, the facts entered, and why; and what only warns."""

from dataclasses import dataclass
from datetime import date

from patients.rules.disposition import outlasts_study
from patients.rules.eligibility import EligibilityAssessment, assess
from patients.rules.exclusion_reasons import EXCLUSION_REASONS
from patients.rules.explanation import Entered
from patients.rules.facts import PatientFacts
from patients.rules.inclusion_reasons import INCLUSION_REASONS
from protocol.codes import EntryPath, Sex, Verdict
from protocol.days import planned_end_on
from protocol.definition import Protocol
from protocol.sentences import Sentence, gettext_noop


@dataclass(frozen=True, slots=True)
class CriterionReport:
    """`verdict` of an exclusion is MET when it does not apply. `stands_in_the_way`: it blocks the enrolment."""

    criterion: str
    verdict: Verdict
    entered: tuple[Entered, ...]
    why: tuple[Sentence, ...]
    stands_in_the_way: bool


@dataclass(frozen=True, slots=True)
class EligibilityReport:
    assessment: EligibilityAssessment
    inclusion: tuple[CriterionReport, ...]
    exclusion: tuple[CriterionReport, ...]
    warnings: tuple[Sentence, ...]


def report(facts: PatientFacts, protocol: Protocol) -> EligibilityReport:
    """Everything a person needs to see why a patient may be enrolled or not."""
    found = assess(facts, protocol)
    blocking = {*found.not_met, *found.boundary, *found.unknown, *found.excluded_by}
    parts = {key: reasons(facts, protocol.eligibility) for key, reasons in INCLUSION_REASONS.items()}
    parts |= {key: reasons(facts, protocol) for key, reasons in EXCLUSION_REASONS.items()}

    def line(key: str, verdict: Verdict) -> CriterionReport:
        entered = tuple(part.entered for part in parts[key])
        return CriterionReport(key, verdict, entered, tuple(part.why for part in parts[key]), key in blocking)

    return EligibilityReport(
        assessment=found,
        inclusion=tuple(line(key, verdict) for key, verdict in found.inclusion),
        exclusion=tuple(line(key, verdict) for key, verdict in found.exclusion),
        warnings=tuple(_warnings(facts, protocol)),
    )


def _warnings(facts: PatientFacts, protocol: Protocol) -> list[Sentence]:
    """What does not block and should be seen all the same."""
    found = [*_tumour_warnings(facts), *_timing_warnings(facts, protocol)]
    if facts.start_on is not None and outlasts_study(facts.start_on, protocol):
        message = gettext_noop(
            "The planned course ends on %(end)s, after the study is complete on %(completion)s: it is cut short."
        )
        end = planned_end_on(facts.start_on, protocol.regimen)
        found.append(Sentence(message, {"end": end, "completion": protocol.study.completes_on}))
    return found


def _tumour_warnings(facts: PatientFacts) -> list[Sentence]:
    found = []
    if facts.screening.neoadjuvant_imatinib:
        found.append(Sentence(gettext_noop("Imatinib before surgery makes the mitotic count unreliable.")))
    if facts.tumour.pdgfra_d842v is None:
        found.append(
            Sentence(gettext_noop("PDGFRA D842V is not tested: such a tumour does not respond to imatinib."))
        )
    if days := facts.screening.longest_interruption_days:
        message = gettext_noop("Imatinib was interrupted for up to %(days)s days before entry.")
        found.append(Sentence(message, {"days": days}))
    return found


def _timing_warnings(facts: PatientFacts, protocol: Protocol) -> list[Sentence]:
    """Laboratory values and the pregnancy test have an age on the day of the (planned) first dose."""
    limits, screening = protocol.eligibility, facts.screening
    found: list[Sentence] = []
    if facts.entry_path == EntryPath.ALREADY_TREATED or facts.start_on is None:
        return found
    if _is_older(screening.labs_collected_on, facts.start_on, limits.labs_before_first_dose_days):
        message = gettext_noop(
            "The laboratory values are older than %(days)s days before the first dose: repeat them."
        )
        found.append(Sentence(message, {"days": limits.labs_before_first_dose_days}))
    if facts.sex != Sex.MALE and screening.childbearing_potential:
        days = limits.pregnancy_test_before_first_dose_days
        if screening.pregnancy_test_on is None or _is_older(
            screening.pregnancy_test_on, facts.start_on, days
        ):
            message = gettext_noop("A pregnancy test within %(days)s days before the first dose is missing.")
            found.append(Sentence(message, {"days": days}))
    return found


def _is_older(day: date | None, start_on: date, limit_days: int) -> bool:
    return day is not None and (start_on - day).days > limit_days
