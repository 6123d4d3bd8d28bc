"""Mails to staff: to the right people, on the right days, about what is open, and without a word about anybody."""

import re
from datetime import date, timedelta
from email import message_from_bytes, policy

import pytest
from django.core import mail

import audit
from accounts.models import Delegation, User
from reminders.models import MailChoice, Notice
from reminders.selectors.concerns import concerns
from reminders.services import choose_mails, plan_notices, send_reminders
from tests.factories import (
    AdverseEventFactory,
    ConsentFactory,
    DispositionFactory,
    DoseOrderFactory,
    EnrolmentFactory,
    OutcomeFactory,
    PatientFactory,
    SiteCalendarDayFactory,
)
from tests.report_factories import ReportDispatchFactory
from tests.unit.reminder_cast import expected_visit, seoul

pytestmark = pytest.mark.django_db

ON = date(2025, 7, 7)  # a Monday; Month 6 is suggested for it
MORNING = seoul(ON, 8)
CANARIES = [
    "99-042",
    "imatinib",
    "GIST",
    "AMC2202",
    "NCT",
    "dose",
    "mg",
    "M6",
    "Month 6",
    "Periorbital",
    "투약",
    "종양",
]


@pytest.fixture(autouse=True)
def at_work(time_machine, nurse_a, nurse_b, pi_a):
    time_machine.move_to(MORNING, tick=False)
    for user in (nurse_a, nurse_b, pi_a):
        User.objects.filter(pk=user.pk).update(email=f"{user.username}@example.org", language="en")


@pytest.fixture
def patient(site_01):
    patient = PatientFactory(site=site_01, subject_id="99-042")
    EnrolmentFactory(patient=patient)
    ConsentFactory(patient=patient, version="1.0")
    return patient


@pytest.fixture
def visit(patient):
    return expected_visit(patient)


def sweep(now=MORNING):
    plan_notices(now=now)
    send_reminders(at=now)
    sent = [(message.to[0].partition("@")[0], message) for message in mail.outbox]
    mail.outbox.clear()
    return sent


def names(sent):
    return sorted(name for name, _message in sent)


def to_the_pi(now=MORNING):
    return [message for name, message in sweep(now) if name == "pi_a"]


def later(days, hour=8):
    return seoul(ON + timedelta(days=days), hour)


def low_dose(patient):
    DoseOrderFactory(patient=patient)
    DoseOrderFactory(patient=patient, from_on=date(2025, 6, 1), pattern_mg=[200], reason="AE")


# -- the digest


def test_a_nurse_reads_her_numbers_once_in_the_morning(visit):
    [(name, message)] = sweep()
    assert name == "nurse_a"
    assert "Today: 1" in message.body
    assert "/clinic/" in message.body
    assert [sweep(later(0, hour)) for hour in (8, 9, 15)] == [[], [], []]


def test_an_empty_morning_has_no_mail_and_the_ledger_says_so(patient):
    assert sweep() == []
    assert {row.reason for row in Notice.objects.all()} == {"NOTHING_TO_SAY"}


@pytest.mark.parametrize(("day", "mails"), [(-2, 0), (-1, 0), (0, 1)])  # Saturday, Sunday, Monday
def test_digests_come_on_working_days(visit, day, mails, time_machine):
    time_machine.move_to(later(day), tick=False)
    assert len(sweep(later(day))) == mails


def test_a_day_on_which_the_clinic_is_closed_is_none(visit, site_01):
    SiteCalendarDayFactory(site=site_01, on=ON, is_open=False)
    assert sweep() == []


def test_not_before_the_hour(visit):
    assert sweep(seoul(ON, 7)) == []
    assert len(sweep()) == 1


def test_yesterdays_digest_that_did_not_go_out_is_left_out(visit):
    plan_notices(now=MORNING)
    send_reminders(at=later(1))
    assert Notice.objects.get(user__username="nurse_a").reason == "DAY_PASSED"


def test_a_digest_follows_the_delegation(visit, nurse_a):
    with audit.recording(by=User.objects.system(), reason="Left"):
        Delegation.objects.filter(user=nurse_a).update(
            from_on=date(2025, 1, 1), until_on=ON - timedelta(days=1)
        )
    assert sweep() == []


def test_a_delegation_that_ended_after_planning_counts(visit, nurse_a):
    plan_notices(now=MORNING)
    with audit.recording(by=User.objects.system(), reason="Left"):
        Delegation.objects.filter(user=nurse_a).update(
            from_on=date(2025, 1, 1), until_on=ON - timedelta(days=1)
        )
    send_reminders(at=MORNING)
    assert mail.outbox == []
    assert Notice.objects.get(user=nurse_a).reason == "NO_DELEGATION"


@pytest.mark.parametrize(
    ("change", "reason"), [({"email": ""}, "NO_ADDRESS"), ({"is_active": False}, "NO_DELEGATION")]
)
def test_without_an_address_or_an_account_nothing_goes(visit, nurse_a, change, reason):
    plan_notices(now=MORNING)
    User.objects.filter(pk=nurse_a.pk).update(**change)
    send_reminders(at=MORNING)
    assert mail.outbox == []
    assert Notice.objects.get(user=nurse_a).reason == reason


def test_who_wants_no_digest_gets_none(visit, nurse_a):
    choose_mails(by=nurse_a, digest=False, escalations=True)
    assert sweep() == []
    assert Notice.objects.get(user=nurse_a).reason == "NOT_WANTED"
    choose_mails(by=nurse_a, digest=True, escalations=True)
    assert MailChoice.objects.count() == 1


# -- escalations


def matters(user, now=MORNING):
    return [each.matter for each in concerns(user, now=now)]


def test_a_low_dose_comes_before_the_pi_once_and_again_after_a_week(patient, pi_a):
    low_dose(patient)
    assert [len(to_the_pi(later(day))) for day in (0, 1, 6, 7, 8)] == [1, 0, 0, 1, 0]


def test_what_was_settled_meanwhile_is_not_sent(patient, pi_a):
    low_dose(patient)
    plan_notices(now=MORNING)
    DoseOrderFactory(patient=patient, from_on=ON, pattern_mg=[400], reason="AE_RESOLVED")
    send_reminders(at=MORNING)
    assert mail.outbox == []
    assert {row.reason for row in Notice.objects.exclude(kind="DIGEST")} == {"RESOLVED"}


@pytest.mark.parametrize(("days", "found"), [(90, 0), (91, 1)])
def test_a_hold_is_a_matter_when_it_is_longer_than_the_limit(patient, pi_a, days, found):
    DoseOrderFactory(patient=patient)
    began = ON - timedelta(days=days - 1)
    DoseOrderFactory(patient=patient, from_on=began, pattern_mg=[0], reason="AE")
    assert matters(pi_a) == ["LONG_HOLD"] * found


@pytest.mark.parametrize(
    ("hours", "matter"), [(1, "REPORT_CLOCK"), (24, "REPORT_CLOCK"), (25, "REPORT_OVERDUE")]
)
def test_a_report_is_one_matter_of_its_event_and_another_once_it_is_overdue(patient, pi_a, hours, matter):
    AdverseEventFactory(patient=patient, serious=["DEATH"], aware_at=MORNING - timedelta(hours=hours))
    assert matters(pi_a) == [matter]


def test_a_report_that_was_sent_is_no_matter(patient, pi_a):
    aware_at = MORNING - timedelta(hours=30)
    event = AdverseEventFactory(
        patient=patient, serious=["HOSPITALISATION"], aware_at=aware_at, causality="NOT_RELATED"
    )
    ReportDispatchFactory(adverse_event=event, sent_at=aware_at + timedelta(hours=26))
    assert matters(pi_a) == []


@pytest.mark.parametrize(("closed_ago", "found"), [(0, 0), (1, 1)])
def test_a_visit_is_a_matter_when_its_window_has_closed(patient, pi_a, closed_ago, found):
    expected_visit(patient, closes_on=ON - timedelta(days=closed_ago), target_on=ON - timedelta(days=9))
    assert matters(pi_a) == ["OVERDUE_VISIT"] * found


@pytest.mark.parametrize("gone", ["died", "ended"])
def test_who_has_died_or_ended_treatment_is_no_matter_of_doses(patient, pi_a, gone):
    low_dose(patient)
    if gone == "died":
        OutcomeFactory(patient=patient, kind="DEATH", on=ON)
    else:
        DispositionFactory(patient=patient, record="TREATMENT", ended_on=ON, last_dose_on=ON)
    assert matters(pi_a) == []


def test_escalations_stay_within_the_site(patient, person, site_02):
    low_dose(patient)
    other = person("pi_b", "pi", site_02)
    assert concerns(other, now=MORNING) == []


def test_who_wants_no_escalations_gets_none(patient, pi_a):
    low_dose(patient)
    choose_mails(by=pi_a, digest=True, escalations=False)
    assert to_the_pi() == []


# -- what stands in them


def words_of(message):
    parsed = message_from_bytes(message.message().as_bytes(), policy=policy.default)
    headers = [f"{name}: {value}" for part in parsed.walk() for name, value in part.items()]
    bodies = [part.get_content() for part in parsed.walk() if not part.is_multipart()]
    return re.sub(r"https?://\S+", "", "\n".join([*headers, *bodies]))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_no_mail_to_staff_says_anything_about_anybody(patient, visit, language):
    User.objects.update(language=language)
    low_dose(patient)
    AdverseEventFactory(patient=patient, serious=["DEATH"], aware_at=MORNING)
    sent = sweep()
    assert names(sent) == ["nurse_a", "pi_a", "pi_a"]
    for _name, message in sent:
        assert [w for w in CANARIES if re.search(rf"(?i)(?<![a-z0-9]){w}(?![a-z])", words_of(message))] == []


def test_links_lead_to_the_record_and_to_the_choice(patient, settings):
    settings.BASE_URL = "https://clinic.example"
    low_dose(patient)
    [message] = to_the_pi()
    assert f"https://clinic.example/patients/{patient.uuid}/" in message.body
    assert "https://clinic.example/reminders/mine/" in message.body
