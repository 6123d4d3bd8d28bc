"""What is known of a patient at entry, as plain frozen values. `None` (for texts also "") means not known."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class TumourFacts:
    """Surgery and pathology; size in cm. `rupture_codes`: None = not known, empty = none (Nishida 2019)."""

    surgery_on: date | None = None
    resection: str | None = None
    tumour_site: str | None = None
    tumour_size_cm: Decimal | None = None
    mitoses_per_50hpf: Decimal | None = None
    rupture_codes: tuple[str, ...] | None = None
    pdgfra_d842v: bool | None = None


@dataclass(frozen=True, slots=True)
class ScreeningFacts:
    """Counts in 10⁹/L, haemoglobin in g/dL; the other measurements in the unit of their own upper limit.

    `cardiovascular_event` says whether there was one; `cardiovascular_event_on` is the day of the latest.
    """

    histology_confirmed: bool | None = None
    cd117: bool | None = None
    dog1: bool | None = None
    kit_mutation: bool | None = None
    pdgfra_mutation: bool | None = None
    ecog: int | None = None
    anc: Decimal | None = None
    platelets: Decimal | None = None
    haemoglobin: Decimal | None = None
    bilirubin: Decimal | None = None
    bilirubin_uln: Decimal | None = None
    ast: Decimal | None = None
    ast_uln: Decimal | None = None
    alt: Decimal | None = None
    alt_uln: Decimal | None = None
    creatinine: Decimal | None = None
    creatinine_uln: Decimal | None = None
    childbearing_potential: bool | None = None
    pregnant_or_breastfeeding: bool | None = None
    contraception_agreed: bool | None = None
    cardiovascular_event: bool | None = None
    cardiovascular_event_on: date | None = None
    nyha_iii_iv: bool | None = None
    uncontrolled_infection: bool | None = None
    liver_disease: bool | None = None
    stable_hepatitis_b: bool | None = None
    other_unsuitable_condition: bool | None = None
    hiv: str | None = None
    other_malignancy_active: bool | None = None
    substance_abuse: bool | None = None
    planned_start_on: date | None = None
    labs_collected_on: date | None = None
    pregnancy_test_on: date | None = None
    neoadjuvant_imatinib: bool | None = None
    longest_interruption_days: int | None = None


@dataclass(frozen=True, slots=True)
class PriorOrder:
    """A dose order as eligibility looks at it: mg per day, repeated, from a day on, and why."""

    from_on: date
    pattern_mg: tuple[int, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """One patient at entry. `prior_orders` may hold every order: the rules look at those before enrolment."""

    subject_id: str
    entry_path: str
    sex: str | None = None
    birth_date: date | None = None
    consent_on: date | None = None
    enrolled_on: date | None = None
    first_dose_on: date | None = None
    tumour: TumourFacts = TumourFacts()
    screening: ScreeningFacts = ScreeningFacts()
    prior_orders: tuple[PriorOrder, ...] = ()

    @property
    def start_on(self) -> date | None:
        """The first dose; while there is none, the day it is planned for."""
        return self.first_dose_on or self.screening.planned_start_on


@dataclass(frozen=True, slots=True)
class OutcomeFacts:
    """What was seen on a day: a disease-free assessment, a recurrence, death, the patient alive, or a suspicion.

    `settlement`, `settled_on`: whether a suspected recurrence was confirmed or refuted, and when; "" = still open.
    """

    kind: str
    on: date
    settlement: str = ""
    settled_on: date | None = None
