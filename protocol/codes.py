"""Code lists: the words in which facts are stored, imported and submitted.

Values are those of the cohort folder and of CDISC controlled terminology. Pure Python: the labels people
read, in Korean and English, belong to the pages.
"""

from enum import StrEnum


class Sex(StrEnum):
    MALE = "M"
    FEMALE = "F"


class EntryPath(StrEnum):
    NEW_START = "A"
    ALREADY_TREATED = "B"


class Resection(StrEnum):
    R0 = "R0"
    R1 = "R1"
    R2 = "R2"


class TumourSite(StrEnum):
    GASTRIC = "GASTRIC"
    SMALL_BOWEL = "SMALL_BOWEL"
    COLORECTAL = "COLORECTAL"
    OTHER = "OTHER"


class RuptureCode(StrEnum):
    """Nishida 2019: R1…R6 are ruptures, N1…N4 minor defects."""

    R1 = "R1"
    R2 = "R2"
    R3 = "R3"
    R4 = "R4"
    R5 = "R5"
    R6 = "R6"
    N1 = "N1"
    N2 = "N2"
    N3 = "N3"
    N4 = "N4"

    @property
    def is_rupture(self) -> bool:
        return self.value.startswith("R")


class HivStatus(StrEnum):
    POSITIVE = "positive"
    NEGATIVE = "negative"


class Language(StrEnum):
    KOREAN = "ko"
    ENGLISH = "en"


class DoseReason(StrEnum):
    START = "START"
    TOXICITY = "TOXICITY"
    RE_ESCALATION = "RE_ESCALATION"
    RESUME = "RESUME"
    PATIENT_DECISION = "PATIENT_DECISION"
    SUPPLY = "SUPPLY"
    OTHER = "OTHER"


class SupplySource(StrEnum):
    PRESCRIPTION = "PRESCRIPTION"
    IP = "IP"


class LabTest(StrEnum):
    ANC = "ANC"
    PLT = "PLT"
    HGB = "HGB"
    WBC = "WBC"
    BILI = "BILI"
    AST = "AST"
    ALT = "ALT"
    CREAT = "CREAT"


class SeriousCriterion(StrEnum):
    """ICH E2A."""

    DEATH = "DEATH"
    LIFE_THREATENING = "LIFE_THREATENING"
    HOSPITALISATION = "HOSPITALISATION"
    DISABILITY = "DISABILITY"
    CONGENITAL_ANOMALY = "CONGENITAL_ANOMALY"
    MEDICALLY_IMPORTANT = "MEDICALLY_IMPORTANT"


class Causality(StrEnum):
    CERTAIN = "CERTAIN"
    PROBABLE = "PROBABLE"
    POSSIBLE = "POSSIBLE"
    UNLIKELY = "UNLIKELY"
    UNASSESSABLE = "UNASSESSABLE"
    NOT_RELATED = "NOT_RELATED"


class EventOutcome(StrEnum):
    """CDISC OUT (C66768)."""

    RECOVERED = "RECOVERED/RESOLVED"
    RECOVERED_WITH_SEQUELAE = "RECOVERED/RESOLVED WITH SEQUELAE"
    RECOVERING = "RECOVERING/RESOLVING"
    NOT_RECOVERED = "NOT RECOVERED/NOT RESOLVED"
    FATAL = "FATAL"
    UNKNOWN = "UNKNOWN"


class ActionTaken(StrEnum):
    """CDISC ACN (C66767)."""

    DOSE_NOT_CHANGED = "DOSE NOT CHANGED"
    DOSE_REDUCED = "DOSE REDUCED"
    DOSE_INCREASED = "DOSE INCREASED"
    DOSE_RATE_REDUCED = "DOSE RATE REDUCED"
    DRUG_INTERRUPTED = "DRUG INTERRUPTED"
    DRUG_WITHDRAWN = "DRUG WITHDRAWN"
    NOT_APPLICABLE = "NOT APPLICABLE"
    UNKNOWN = "UNKNOWN"


class DatePrecision(StrEnum):
    """How much is known of a day."""

    DAY = "DAY"
    MONTH = "MONTH"
    YEAR = "YEAR"


class Expectedness(StrEnum):
    """Against the reference safety information, for a drug on the market its label."""

    EXPECTED = "EXPECTED"
    UNEXPECTED = "UNEXPECTED"


class EventTreatment(StrEnum):
    """What was given or done for an adverse event; NONE stands alone."""

    NONE = "NONE"
    MEDICATION = "MEDICATION"
    PROCEDURE = "PROCEDURE"
    HOSPITALISATION = "HOSPITALISATION"
    OTHER = "OTHER"


class OutcomeKind(StrEnum):
    DISEASE_FREE = "DISEASE_FREE"
    RECURRENCE = "RECURRENCE"
    DEATH = "DEATH"
    ALIVE = "ALIVE"
    SUSPECTED = "SUSPECTED"  # seen, not confirmed: no event, and never part of a cohort folder


class ProcedureAnswer(StrEnum):
    """What became of a procedure at a visit; a test says its result in place of "done", a scan waits for its own."""

    DONE = "DONE"
    NEGATIVE = "NEGATIVE"
    POSITIVE = "POSITIVE"
    PENDING = "PENDING"
    NOT_DONE = "NOT_DONE"
    NOT_APPLICABLE = "NOT_APPLICABLE"


class Settlement(StrEnum):
    """What became of a suspected recurrence."""

    CONFIRMED = "CONFIRMED"
    REFUTED = "REFUTED"


class DispositionRecord(StrEnum):
    TREATMENT = "TREATMENT"
    PARTICIPATION = "PARTICIPATION"


class DispositionReason(StrEnum):
    """CDISC NCOMPLT (C66727)."""

    COMPLETED = "COMPLETED"
    DISEASE_RELAPSE = "DISEASE RELAPSE"
    ADVERSE_EVENT = "ADVERSE EVENT"
    WITHDRAWAL_BY_SUBJECT = "WITHDRAWAL BY SUBJECT"
    PHYSICIAN_DECISION = "PHYSICIAN DECISION"
    DEATH = "DEATH"
    LOST_TO_FOLLOW_UP = "LOST TO FOLLOW-UP"
    NON_COMPLIANCE = "NON-COMPLIANCE WITH STUDY DRUG"
    PREGNANCY = "PREGNANCY"
    PROTOCOL_DEVIATION = "PROTOCOL DEVIATION"
    FAILURE_TO_CONTINUE = "FAILURE TO MEET CONTINUATION CRITERIA"
    PROTOCOL_CRITERION_MET = "PROTOCOL-SPECIFIED WITHDRAWAL CRITERION MET"
    SITE_TERMINATED = "SITE TERMINATED BY SPONSOR"
    STUDY_TERMINATED = "STUDY TERMINATED BY SPONSOR"
    SCREEN_FAILURE = "SCREEN FAILURE"
    OTHER = "OTHER"


class Phase(StrEnum):
    PRE = "PRE"
    STANDARD = "STANDARD"
    EXTENSION = "EXTENSION"
    POST = "POST"


class VisitStatus(StrEnum):
    """What a visit means on a day; in the order in which the first that fits decides."""

    COMPLETED = "COMPLETED"
    COMPLETED_OUT_OF_WINDOW = "COMPLETED_OUT_OF_WINDOW"
    NOT_DONE = "NOT_DONE"
    PRE_ENROLMENT = "PRE_ENROLMENT"
    MERGED_WITH_ENTRY = "MERGED_WITH_ENTRY"
    CANCELLED = "CANCELLED"
    MISSED = "MISSED"
    DUE = "DUE"
    PLANNED = "PLANNED"


class FlagCode(StrEnum):
    DOSE_BELOW_300 = "DOSE_BELOW_300"
    DOSE_ABOVE_PLAN = "DOSE_ABOVE_PLAN"
    HOLD_OVER_28_DAYS = "HOLD_OVER_28_DAYS"
    HOLD_OVER_90_DAYS = "HOLD_OVER_90_DAYS"
    OVERUSE = "OVERUSE"


class Verdict(StrEnum):
    """Of one eligibility criterion."""

    NOT_MET = "NOT_MET"
    BOUNDARY_NOT_MET = "BOUNDARY_NOT_MET"
    UNKNOWN = "UNKNOWN"
    MET = "MET"


class EligibilityVerdict(StrEnum):
    ELIGIBLE = "ELIGIBLE"
    NOT_ELIGIBLE = "NOT_ELIGIBLE"
    INCOMPLETE = "INCOMPLETE"


class RiskClass(StrEnum):
    """Modified NIH (Joensuu 2008)."""

    VERY_LOW = "VERY_LOW"
    LOW = "LOW"
    INTERMEDIATE = "INTERMEDIATE"
    HIGH = "HIGH"


class RfsStatus(StrEnum):
    RECURRENCE = "RECURRENCE"
    DEATH = "DEATH"
    CENSORED = "CENSORED"


def choices(code_list: type[StrEnum]) -> list[tuple[str, str]]:
    """(stored, shown) pairs for a model field: the code itself; pages translate it."""
    return [(member.value, member.value) for member in code_list]
