"""The protocol as typed, frozen values: what a definition file says, and nothing computed from a patient.

Days are whole days, doses mg per day, months calendar months. Where a value is an assumption of ours and not
a statement of the registry record, the definition file says so in a comment beside it.
"""

from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal
from typing import Literal

Operator = Literal["gt", "ge", "lt", "le"]
Anchor = Literal["FIRST_DOSE", "LAST_DOSE", "RECURRENCE", "ENTRY"]
Unit = Literal["DAY", "MONTH"]
ModificationAction = Literal[
    "CONTINUE", "HOLD_RESUME_SAME", "HOLD_RESUME_REDUCED", "HOLD_PI_DECISION", "DISCONTINUE"
]
VisitCondition = Literal["ENDED_EARLY", "BEFORE_RECURRENCE"]
TELEPHONE = "TEL"  # the procedure of a contact by telephone
PRESCRIPTION, DISPENSING, RETURN = "RX", "DSP", "RET"  # the procedures that are about tablets
PREGNANCY_TEST = "PT"  # the procedure that has a result
NoteCondition = Literal["ALWAYS", "CHILDBEARING", "HEPATITIS_B", "CLEARANCE"]
ReportRecipient = Literal["SPONSOR", "AUTHORITY", "IRB", "INVESTIGATORS"]
RfsOrigin = Literal["FIRST_DOSE", "SURGERY", "ENROLMENT", "EXTENSION"]


@dataclass(frozen=True, slots=True)
class Edition:
    """Which paper of the study this file stands for. `follows`: the version it amends, None for the first one."""

    number: str  # as people quote it: "1.0"
    title_en: str
    title_ko: str
    approved_on: date  # no patient can be treated under it before that day
    follows: str | None


@dataclass(frozen=True, slots=True)
class Study:
    """The registry record: identity, size and dates."""

    registry_id: str
    sponsor_code: str
    title: str
    planned_patients: int
    starts_on: date
    completes_on: date
    time_zone: str


@dataclass(frozen=True, slots=True)
class DoseLevel:
    level: int  # 0, -1
    dose_mg: int


@dataclass(frozen=True, slots=True)
class Regimen:
    planned_dose_mg: int
    minimum_dose_mg: (
        int  # a mean daily dose under it is flagged (and excludes, if for toxicity before enrolment)
    )
    dose_levels: tuple[DoseLevel, ...]
    tablet_strengths_mg: tuple[int, ...]
    standard_months: int
    total_months: int
    extend_for_holds: bool
    hold_alert_days: int
    hold_limit_days: int
    hold_limit_total_days: int
    re_escalation_after_days: int
    persistent_grade_2_days: int
    completed_tolerance_days: int  # last dose this close to the planned end counts as completed
    dispense_before_transition_days: int
    supply_gap_query_days: int


@dataclass(frozen=True, slots=True)
class Threshold:
    """`value operator limit`; `relative_to_uln`: `limit` times the laboratory's own upper limit."""

    operator: Operator
    limit: Decimal
    relative_to_uln: bool = False


@dataclass(frozen=True, slots=True)
class Eligibility:
    minimum_age_years: int
    surgery_to_first_dose_days: int
    path_b_require_surgery_limit: bool
    path_b_max_prior_months: int | None
    path_b_max_gap_days: int | None
    tumour_size_cm: Threshold
    mitoses_per_50hpf: Threshold
    ecog_allowed: tuple[int, ...]
    neutrophils: Threshold
    platelets: Threshold
    haemoglobin: Threshold
    bilirubin: Threshold
    transaminases: Threshold
    creatinine: Threshold
    cardiovascular_free_months: int
    contraception_months_after_last_dose: int
    labs_before_first_dose_days: int  # older laboratory values are to be repeated
    pregnancy_test_before_first_dose_days: int
    unknown_passes: tuple[str, ...]  # exclusion ids whose missing facts do not block


@dataclass(frozen=True, slots=True)
class Procedure:
    code: str  # "CBC"
    condition: str | None = None  # "WOCBP", "CARRIER", … ; None = always


@dataclass(frozen=True, slots=True)
class ScheduledVisit:
    """One visit of the schedule of activities.

    `offset` counts `unit`s from `anchor`; the window is `before_days` … `after_days` around it, both ends
    inside. `ENTRY` is the first dose of a patient who starts with the study, and the day after enrolment of
    one who came while already on imatinib: the entry visit itself is that patient's screening.

    `added_on` and `dropped_on` are of a schedule that was amended while a patient was treated: the day on which the
    amendment that added or dropped the visit took effect for that patient.
    """

    code: str
    number: int  # place in schedule order (VISITNUM); the same in every version that has the visit
    name_en: str
    name_ko: str
    epoch: str
    anchor: Anchor
    offset: int
    unit: Unit
    before_days: int
    after_days: int
    procedures: tuple[Procedure, ...]
    only_if: VisitCondition | None = None  # None = for everybody
    to_study_completion: bool = False  # left out when its window opens after the study is complete
    added_on: date | None = None
    dropped_on: date | None = None

    @property
    def is_by_telephone(self) -> bool:
        """The clinic calls: the patient does not come."""
        return self.has(TELEPHONE)

    @property
    def is_about_tablets(self) -> bool:
        """The supply is looked at, filled up or given back: it has to last until this visit."""
        return any(self.has(code) for code in (PRESCRIPTION, DISPENSING, RETURN))

    def has(self, procedure: str) -> bool:
        return any(each.code == procedure for each in self.procedures)


@dataclass(frozen=True, slots=True)
class ModificationStep:
    """What the dose-modification table says at the n-th occurrence of an event."""

    event: str
    occurrence: int
    action: ModificationAction


@dataclass(frozen=True, slots=True)
class LabelRule:
    """A hold rule of the label: any trigger holds, all resume conditions release."""

    code: str  # HAEMATOLOGICAL, HEPATIC
    hold_when: tuple[tuple[str, Threshold], ...]  # (LabTest value, threshold): any
    resume_when: tuple[tuple[str, Threshold], ...]  # all
    resume_dose_mg_by_occurrence: tuple[int | None, ...]  # None = discontinue; the last one repeats
    source: str


@dataclass(frozen=True, slots=True)
class LabelNote:
    """What the label says beside the dose, and for whom. Bounds of creatinine clearance: the lower one inside."""

    code: str
    when: NoteCondition
    text_en: str
    text_ko: str
    source: str
    from_ml_min: int | None = None
    below_ml_min: int | None = None


@dataclass(frozen=True, slots=True)
class AdverseEvents:
    dictionary: str  # "CTCAE"
    dictionary_version: str  # "5.0"
    window_after_last_dose_days: int
    sae_report_hours: int
    sae_due_soon_hours: int
    sae_recipients: tuple[ReportRecipient, ...]
    pregnancy_report_hours: int
    susar_fatal_days: int
    susar_fatal_complete_further_days: int
    susar_other_days: int
    susar_due_soon_days: int
    susar_recipients: tuple[ReportRecipient, ...]
    report_labs_around_onset_days: int
    causality_related: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Adherence:
    """Bands in percent: green ≥ good, amber ≥ fair, red below, query at overuse and above."""

    good_percent: Decimal
    fair_percent: Decimal
    overuse_percent: Decimal
    permissible_gap_days: int


@dataclass(frozen=True, slots=True)
class Reminders:
    lead_days: tuple[int, ...]  # before the appointment; those switched on
    send_at: time
    earliest: time
    latest: time
    missed_note_days: int  # after a missed appointment; later than that nobody is written to about it
    closing_window_working_days: int
    staff_digest_at: time  # on working days of the clinic
    escalation_repeat_days: int  # a matter that is still open is escalated again


@dataclass(frozen=True, slots=True)
class FollowUp:
    rfs_origin: RfsOrigin
    lost_after_contacts: int
    lost_after_missed_windows: int
    imaging_gap_months: int
    imaging_gap_days: int
    imaging_window_days: int


@dataclass(frozen=True, slots=True)
class Protocol:
    version: str  # "amc2202_v1"
    edition: Edition
    study: Study
    regimen: Regimen
    eligibility: Eligibility
    schedule: tuple[ScheduledVisit, ...]
    procedures: tuple[tuple[str, str, str], ...]  # (code, English, Korean)
    modifications: tuple[ModificationStep, ...]
    label_rules: tuple[LabelRule, ...]
    label_notes: tuple[LabelNote, ...]
    adverse_events: AdverseEvents
    adherence: Adherence
    reminders: Reminders
    follow_up: FollowUp
    # of a patient who was on other versions before: the criteria of each, and the day from which they held no more
    eligibility_before: tuple[tuple[date, Eligibility], ...] = ()

    @property
    def transition(self) -> ScheduledVisit:
        """The visit of the change to study drug: the first at which it is handed out."""
        return next(visit for visit in self.schedule if visit.has(DISPENSING))

    def visit(self, code: str) -> ScheduledVisit:
        """The scheduled visit of that code; KeyError for one the schedule does not have."""
        for visit in self.schedule:
            if visit.code == code:
                return visit
        raise KeyError(code)

    def on_enrolment(self, enrolled_on: date | None) -> "Protocol":
        """With the criteria that held on the day of enrolment; those of today for who is not enrolled yet."""
        for changed_on, criteria in self.eligibility_before:
            if enrolled_on is not None and enrolled_on < changed_on:
                return replace(self, eligibility=criteria)
        return self
