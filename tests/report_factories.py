"""Fictitious pregnancies, safety reports and what was sent of them."""

import hashlib
from datetime import UTC, datetime

import factory

from accounts.models import User
from adverse_events.models import Pregnancy, ReportDispatch, ReportFile, SafetyReport
from adverse_events.rules.reports import ReportContent
from tests.factories import AdverseEventFactory, ClinicalFactory, PatientFactory


class PregnancyFactory(ClinicalFactory):
    class Meta:
        model = Pregnancy

    patient = factory.SubFactory(PatientFactory)
    pregnancy_no = 1
    who = "PATIENT"
    aware_at = datetime(2025, 3, 10, 1, tzinfo=UTC)


class SafetyReportFactory(ClinicalFactory):
    class Meta:
        model = SafetyReport

    adverse_event = factory.SubFactory(AdverseEventFactory)
    version = 1
    content = factory.LazyFunction(
        lambda: ReportContent(
            study="AMC2202 · NCT05385549",
            site="01",
            subject_id="01-001",
            sex="F",
            age_at_onset=64,
            aware_at="2025-03-10T10:00+09:00",
            number=1,
            term="Nausea",
            narrative="As it happened.",
        ).as_dict()
    )
    written_at = datetime(2025, 3, 10, 2, tzinfo=UTC)
    written_by = factory.LazyFunction(User.objects.system)


class ReportFileFactory(ClinicalFactory):
    class Meta:
        model = ReportFile

    report = factory.SubFactory(SafetyReportFactory)
    language = "en"
    pdf = b"%PDF-1.7"
    sha256 = factory.LazyAttribute(lambda file: hashlib.sha256(file.pdf).hexdigest())


class ReportDispatchFactory(ClinicalFactory):
    class Meta:
        model = ReportDispatch

    adverse_event = factory.SubFactory(AdverseEventFactory)
    recipient = "SPONSOR"
    sent_at = datetime(2025, 3, 10, 3, tzinfo=UTC)
    channel = "FAX"
    recorded_at = factory.SelfAttribute("sent_at")
    recorded_by = factory.LazyFunction(User.objects.system)
