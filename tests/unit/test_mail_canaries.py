"""No part of any mail, of whatever kind and to whomever, tells what it is about: headers, texts, file and its name."""

import re
from datetime import date, time
from email import message_from_bytes, policy

import pytest

from accounts.models import User
from reminders.mails import TEMPLATES as PATIENT_MAILS
from reminders.mails import reminder_mail
from reminders.models import Notice, NoticeKind, Reminder, ReminderKind
from reminders.rules.kinds import CALENDAR
from reminders.selectors.concerns import Matter
from reminders.selectors.digest import Digest
from reminders.services import plan_reminders
from reminders.staff import LINES, MATTERS, _lines, notice_mail
from tests.factories import EnrolmentFactory, PatientFactory
from tests.unit.reminder_cast import expected_visit, patient_with_mail, seoul
from tests.unit.test_reminder_mails import CANARIES, site_of_patients

pytestmark = pytest.mark.django_db

ON, BOOKED_ON = date(2025, 7, 1), date(2025, 7, 10)
SUBJECT_ID = "99-777"
MORNING = seoul(ON, 8)


def leaves(message):
    parsed = message_from_bytes(message.message().as_bytes(), policy=policy.default)
    return parsed, [part for part in parsed.walk() if not part.is_multipart()]


def everything(message):
    """All that stands in a mail, decoded, a calendar unfolded; an address in it with nothing but its path's words."""
    parsed, parts = leaves(message)
    headers = [f"{name}: {value}" for part in parsed.walk() for name, value in part.items()]
    texts = [part.get_content() for part in parts]
    names = [part.get_filename() or "" for part in parts]
    return re.sub(r"\r?\n[ \t]", "", "\n".join([*headers, *texts, *names]))


def tells(message):
    text = everything(message)
    bare = re.sub(r"https?://\S+", "", text)
    words = [word for word in CANARIES if re.search(rf"(?i)(?<![a-z0-9]){re.escape(word)}", bare)]
    return [*words, *([SUBJECT_ID] if SUBJECT_ID in text else [])]


def links(message):
    return set(re.findall(r"https?://[^/\s]+(/[^\s<>\"]*)", everything(message)))


@pytest.fixture
def visit(time_machine):
    time_machine.move_to(MORNING, tick=False)
    patient = patient_with_mail(site=site_of_patients(), subject_id=SUBJECT_ID)
    visit = expected_visit(
        patient, booked_on=BOOKED_ON, booked_time=time(10), booked_at=seoul(date(2025, 6, 1))
    )
    plan_reminders(on=ON)
    return visit


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("lead_days", [7, 3, 1])
@pytest.mark.parametrize("kind", ReminderKind.values)
def test_no_mail_to_a_patient_tells_anything(visit, kind, lead_days, language):
    visit.patient.contact.language = language
    reminder = Reminder.objects.filter(visit=visit).first()
    reminder.kind, reminder.lead_days = kind, lead_days
    message = reminder_mail(reminder, visit, now=MORNING)
    assert tells(message) == []
    assert links(message) == {f"/r/{visit.patient.contact.opt_out_token}/"}
    names = [part.get_filename() for part in leaves(message)[1] if part.get_filename()]
    assert names == ["appointment.ics"] * (kind in CALENDAR)


def test_every_kind_has_its_words():
    assert set(PATIENT_MAILS) == set(ReminderKind.values)
    assert set(MATTERS) == set(Matter)
    assert {name for name, _label in LINES} == set(Digest.__dataclass_fields__)


def notice_of(user, kind, patient=None, concern=""):
    return Notice(user=user, kind=kind, patient=patient, concern=concern, due_on=ON, due_at=MORNING)


@pytest.fixture
def reader(nurse_a):
    User.objects.filter(pk=nurse_a.pk).update(email="reader@example.org")
    nurse_a.refresh_from_db()
    return nurse_a


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("matter", list(Matter))
def test_no_escalation_tells_anything(reader, matter, language, time_machine):
    time_machine.move_to(MORNING, tick=False)
    patient = PatientFactory(site=site_of_patients(), subject_id=SUBJECT_ID)
    reader.language = language
    message = notice_mail(notice_of(reader, NoticeKind.ESCALATION, patient, f"{matter}:M6"), now=MORNING)
    assert tells(message) == []
    assert links(message) == {f"/patients/{patient.uuid}/", "/reminders/mine/"}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_no_digest_tells_anything(reader, site_01, language, time_machine, monkeypatch):
    time_machine.move_to(MORNING, tick=False)
    EnrolmentFactory(patient=PatientFactory(site=site_01, subject_id=SUBJECT_ID))
    full = Digest(**dict.fromkeys(Digest.__dataclass_fields__, 3))
    monkeypatch.setattr("reminders.staff.digest", lambda user, now: full)
    reader.language = language
    message = notice_mail(notice_of(reader, NoticeKind.DIGEST), now=MORNING)
    assert len(_lines(full)) == len(LINES)
    assert tells(message) == []
    assert links(message) == {"/clinic/", "/reminders/mine/"}


def test_a_message_id_says_nothing(visit):
    one, other = (Reminder.objects.filter(visit=visit)[index].message_id for index in (0, 1))
    assert one != other
    assert all(re.fullmatch(r"<[0-9a-f-]{36}@[^@>]+>", each) for each in (one, other))
