"""Fictitious records for tests, written in the name of the system user."""

from datetime import UTC, date, datetime
from decimal import Decimal

import factory

import audit
from accounts.models import Delegation, Site, User
from adverse_events.models import AdverseEvent, EventGrade, LabGradeAnswer
from clinic.models import AmendmentRun
from dashboard.models import CommitteeReport
from dosing.models import DoseOrder, FlagAcknowledgement, Kit, KitReturn, MissedDoses
from patients.facts import patient_facts
from patients.kept import as_json
from patients.models import (
    Amendment,
    Consent,
    ConsentVersion,
    Contact,
    Disposition,
    EligibilityRecord,
    Enrolment,
    Outcome,
    Patient,
    Screening,
    Tumour,
)
from protocol import load_protocol
from review.models import Query
from visits.models import Assessment, ContactAttempt, LabResult, SiteCalendarDay, Visit, VisitProcedure

T0 = date(2025, 1, 6)


class ClinicalFactory(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        with audit.recording(by=User.objects.system(), reason="Test record"):
            return super()._create(model_class, *args, **kwargs)


class SiteFactory(ClinicalFactory):
    class Meta:
        model = Site
        django_get_or_create = ("code",)

    code = "01"
    name_en = "Test Clinic"
    name_ko = "시험 클리닉"


class PatientFactory(ClinicalFactory):
    class Meta:
        model = Patient

    subject_id = factory.Sequence(lambda n: f"01-{n + 1:03d}")
    site = factory.SubFactory(SiteFactory)
    sex = "F"
    birth_date = date(1960, 5, 4)
    entry_path = "A"
    first_dose_on = T0


class TumourFactory(ClinicalFactory):
    class Meta:
        model = Tumour

    patient = factory.SubFactory(PatientFactory)
    surgery_on = date(2024, 11, 20)
    resection = "R0"
    tumour_site = "GASTRIC"
    tumour_size_cm = Decimal("11.2")
    mitoses_per_50hpf = Decimal(14)
    rupture_codes = factory.List([])


class ScreeningFactory(ClinicalFactory):
    class Meta:
        model = Screening

    patient = factory.SubFactory(PatientFactory)
    histology_confirmed = cd117 = True
    ecog = 1
    anc = Decimal("3.4")
    platelets = Decimal(210)
    haemoglobin = Decimal("12.8")
    bilirubin = Decimal("0.6")
    bilirubin_uln = Decimal("1.2")
    ast = alt = Decimal(25)
    ast_uln = alt_uln = Decimal(40)
    creatinine = Decimal("0.8")
    creatinine_uln = Decimal("1.2")
    childbearing_potential = pregnant_or_breastfeeding = False
    contraception_agreed = True
    cardiovascular_event = False
    nyha_iii_iv = uncontrolled_infection = liver_disease = stable_hepatitis_b = False
    other_unsuitable_condition = other_malignancy_active = substance_abuse = False
    hiv = "negative"


class ConsentFactory(ClinicalFactory):
    class Meta:
        model = Consent

    patient = factory.SubFactory(PatientFactory)
    consented_on = date(2024, 12, 20)


class ConsentVersionFactory(ClinicalFactory):
    class Meta:
        model = ConsentVersion

    site = factory.SubFactory(SiteFactory)
    purpose = "STUDY"
    version = factory.Sequence(lambda n: f"{n + 2}.0")
    in_force_on = date(2025, 6, 1)
    asks_again = True


class EligibilityRecordFactory(ClinicalFactory):
    class Meta:
        model = EligibilityRecord

    patient = factory.SubFactory(PatientFactory)
    purpose = "INTERIM"
    verdict = "INCOMPLETE"
    protocol_version = "amc2202_v1"
    inputs = factory.LazyAttribute(lambda record: as_json(patient_facts(record.patient)))
    thresholds = factory.LazyFunction(lambda: as_json(load_protocol().eligibility))
    criteria = factory.LazyFunction(list)
    assessed_at = datetime(2025, 1, 2, 10, tzinfo=UTC)
    assessed_by = factory.LazyFunction(lambda: User.objects.system())


class EnrolmentFactory(ClinicalFactory):
    class Meta:
        model = Enrolment

    patient = factory.SubFactory(PatientFactory)
    enrolled_on = date(2024, 12, 27)


class ContactFactory(ClinicalFactory):
    class Meta:
        model = Contact

    patient = factory.SubFactory(PatientFactory)
    email = factory.Sequence(lambda n: f"p{n}@example.org")
    language = "ko"
    reminders = True


class OutcomeFactory(ClinicalFactory):
    class Meta:
        model = Outcome

    patient = factory.SubFactory(PatientFactory)
    kind = "DISEASE_FREE"
    on = date(2025, 7, 6)


class DispositionFactory(ClinicalFactory):
    class Meta:
        model = Disposition

    patient = factory.SubFactory(PatientFactory)
    record = "TREATMENT"
    ended_on = last_dose_on = date(2025, 9, 1)
    reason = "ADVERSE EVENT"


class VisitFactory(ClinicalFactory):
    class Meta:
        model = Visit

    patient = factory.SubFactory(PatientFactory)
    visit = "M6"
    visitnum = 6
    target_on = date(2025, 7, 6)
    opens_on = date(2025, 6, 22)
    closes_on = date(2025, 7, 20)


class LabResultFactory(ClinicalFactory):
    class Meta:
        model = LabResult

    patient = factory.SubFactory(PatientFactory)
    collected_on = date(2025, 7, 6)
    test = "ANC"
    value = Decimal("3.1")
    unit = "10^9/L"
    lln = Decimal("1.8")
    uln = Decimal("7.5")


class AdverseEventFactory(ClinicalFactory):
    class Meta:
        model = AdverseEvent

    patient = factory.SubFactory(PatientFactory)
    ae_no = factory.Sequence(lambda n: n + 1)
    term = "Periorbital edema"
    started_on = date(2025, 3, 1)
    grade = 1


class EventGradeFactory(ClinicalFactory):
    class Meta:
        model = EventGrade

    adverse_event = factory.SubFactory(AdverseEventFactory)
    grade = 1
    from_on = date(2025, 3, 1)


class LabGradeAnswerFactory(ClinicalFactory):
    class Meta:
        model = LabGradeAnswer

    patient = factory.SubFactory(PatientFactory)
    test = "ANC"
    collected_on = date(2025, 7, 6)
    grade = 1
    comment = "Known for years"
    answered_by = factory.LazyFunction(User.objects.system)
    answered_at = datetime(2025, 7, 7, 1, tzinfo=UTC)


class DoseOrderFactory(ClinicalFactory):
    class Meta:
        model = DoseOrder

    patient = factory.SubFactory(PatientFactory)
    from_on = T0
    anchor_on = factory.SelfAttribute("from_on")
    pattern_mg = factory.LazyFunction(lambda: [400])
    reason = "START"


class FlagAcknowledgementFactory(ClinicalFactory):
    class Meta:
        model = FlagAcknowledgement

    patient = factory.SubFactory(PatientFactory)
    code = "DOSE_BELOW_300"
    from_on = T0
    mean_daily_mg = Decimal(200)
    comment = "Agreed"
    acknowledged_by = factory.LazyFunction(User.objects.system)
    acknowledged_at = datetime(2025, 1, 7, 1, tzinfo=UTC)


class KitFactory(ClinicalFactory):
    class Meta:
        model = Kit

    patient = factory.SubFactory(PatientFactory)
    kit_id = factory.Sequence(lambda n: f"KIT-{n + 1:04d}")
    dispensed_on = T0
    source = "PRESCRIPTION"
    strength_mg = 400
    tablets = 100


class KitReturnFactory(ClinicalFactory):
    class Meta:
        model = KitReturn

    kit = factory.SubFactory(KitFactory)
    returned_on = date(2025, 4, 6)
    tablets_returned = 9


class MissedDosesFactory(ClinicalFactory):
    class Meta:
        model = MissedDoses

    patient = factory.SubFactory(PatientFactory)
    from_on = T0
    to_on = date(2025, 4, 5)
    doses_missed = 2


class AssessmentFactory(ClinicalFactory):
    class Meta:
        model = Assessment

    visit = factory.SubFactory(VisitFactory)
    weight_kg = Decimal("61.5")
    ecog = 1


class VisitProcedureFactory(ClinicalFactory):
    class Meta:
        model = VisitProcedure

    visit = factory.SubFactory(VisitFactory)
    procedure = "PE"
    answer = "DONE"


class ContactAttemptFactory(ClinicalFactory):
    class Meta:
        model = ContactAttempt

    visit = factory.SubFactory(VisitFactory)
    on = date(2025, 7, 21)
    channel = "TELEPHONE"
    recorded_at = datetime(2025, 7, 21, 1, tzinfo=UTC)
    recorded_by = factory.LazyFunction(User.objects.system)


class SiteCalendarDayFactory(ClinicalFactory):
    class Meta:
        model = SiteCalendarDay

    site = factory.SubFactory(SiteFactory)
    on = date(2025, 5, 2)


class DelegationFactory(ClinicalFactory):
    class Meta:
        model = Delegation

    user = factory.LazyFunction(User.objects.system)
    delegated_by = factory.LazyFunction(User.objects.system)
    role = "monitor"
    site = factory.SubFactory(SiteFactory)
    from_on = date(2022, 9, 7)


class QueryFactory(ClinicalFactory):
    class Meta:
        model = Query

    patient = factory.SubFactory(PatientFactory)
    code = "EMAIL_UNUSABLE"
    about = "Contact"
    opened_by = factory.LazyFunction(User.objects.system)


class AmendmentFactory(ClinicalFactory):
    class Meta:
        model = Amendment

    site = factory.SubFactory(SiteFactory)
    version = "amc2202_v1"
    approved_on = date(2022, 9, 7)
    effective_on = T0
    reason = "Approved by the review board"
    applied_at = datetime(2025, 1, 6, 1, tzinfo=UTC)
    applied_by = factory.LazyFunction(User.objects.system)


class AmendmentRunFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AmendmentRun

    site = factory.SubFactory(SiteFactory)
    version = "amc2202_v1"
    effective_on = on = T0
    reason = "Approved by the review board"
    seen = "0" * 64
    asked_at = taken_at = datetime(2025, 1, 6, 1, tzinfo=UTC)
    asked_by = factory.LazyFunction(User.objects.system)
    state, refusal = "REFUSED", "CHANGED"  # over: one that is under way stands for the preview of its site
    steps = 2


class CommitteeReportFactory(factory.django.DjangoModelFactory):
    """One that is done."""

    class Meta:
        model = CommitteeReport

    as_of = date(2025, 3, 1)
    language = "en"
    requested_by = factory.LazyFunction(User.objects.system)
    requested_at = progressed_at = datetime(2025, 3, 1, 1, tzinfo=UTC)
    state = "DONE"
    pdf = b"%PDF-1.7"
    sha256 = "0" * 64
