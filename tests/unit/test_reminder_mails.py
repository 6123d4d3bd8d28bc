"""What patients read: every line that is to be there, none that is not, in both languages."""

import re
from datetime import UTC, date, datetime, time
from email import message_from_bytes, policy

import pytest

import audit
from accounts.models import User
from reminders.mails import reminder_mail
from reminders.models import Reminder
from reminders.services import plan_reminders
from tests.factories import SiteFactory
from tests.unit.reminder_cast import expected_visit, patient_with_mail

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 7, 9, 0, 0, tzinfo=UTC)
BOOKED = {"booked_on": date(2025, 7, 10), "booked_time": time(10, 30)}
# Everything that nobody may learn from a mail on a screen in a shared room.
CANARIES = [
    "imatinib", "glivec", "gleevec", "이매티닙", "이마티닙", "글리벡", "GIST", "기스트", "종양", "tumour", "tumor",
    "cancer", "암", "NCT05385549", "AMC2202", "trial", "study", "시험", "임상", "adjuvant", "보조요법", "M6",
    "Month 6", "6개월", "99-777", "mg", "dose", "투약", "gisttrial",
]  # fmt: skip


def site_of_patients(**lines):
    named = {
        "name_ko": "행복 내과",
        "name_en": "Sunny Clinic",
        "place_ko": "본관 2층",
        "place_en": "Main building, floor 2",
        "phone_ko": "02-123-4567",
        "phone_en": "+82 2 123 4567",
    }
    return SiteFactory(code="77", **named | lines)


def mail_of(language="ko", site=None, **visit):
    patient = patient_with_mail(
        site=site or site_of_patients(), subject_id="99-777", contact__language=language
    )
    row = expected_visit(patient, **visit)
    plan_reminders(on=date(2025, 7, 1))
    reminder = Reminder.objects.get(visit=row, lead_days=1)
    return reminder_mail(reminder, type(row).objects.get(pk=row.pk), now=NOW)


def parsed(mail):
    return message_from_bytes(mail.message().as_bytes(), policy=policy.default)


def parts(mail):
    return {
        part.get_content_type(): part.get_content() for part in parsed(mail).walk() if not part.is_multipart()
    }


def test_booked_mail_says_clinic_date_time_place_and_phone_in_english():
    mail = mail_of("en", **BOOKED)
    assert mail.subject == "[Appointment] Sunny Clinic: Thursday, 10 July 2025 10:30 AM"
    for line in (
        "Clinic: Sunny Clinic",
        "Date: Thursday, 10 July 2025",
        "Time: 10:30 AM",
        "Place: Main building, floor 2",
        "To change the appointment, please call +82 2 123 4567.",
    ):
        assert line in mail.body


def test_booked_mail_says_the_same_in_korean():
    mail = mail_of("ko", **BOOKED)
    assert mail.subject == "[예약 안내] 행복 내과 방문 예정: 2025년 7월 10일 (목요일) 오전 10:30"
    for line in ("병원: 행복 내과", "날짜: 2025년 7월 10일 (목요일)", "시간: 오전 10:30", "장소: 본관 2층"):
        assert line in mail.body
    assert "변경은 02-123-4567로 연락해 주세요." in mail.body


def test_a_patient_who_was_never_asked_reads_korean():
    assert "예약" in mail_of("", **BOOKED).subject


def test_unbooked_mail_says_that_the_date_is_planned_and_asks_to_call():
    mail = mail_of("en")
    assert mail.subject == "[Planned visit] Sunny Clinic: Monday, 7 July 2025"
    assert "has not been booked yet" in mail.body
    assert "Please call +82 2 123 4567 to arrange the day and the time." in mail.body
    assert "text/calendar" not in parts(mail)


def test_unbooked_mail_says_the_same_in_korean():
    mail = mail_of("ko")
    assert "2025년 7월 7일 (월요일)" in mail.subject
    assert "아직 예약되지 않았습니다" in mail.body


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("visit", [BOOKED, {}], ids=["booked", "planned"])
def test_no_part_of_any_mail_tells_what_it_is_about(language, visit):
    assert words_that_tell(mail_of(language, **visit)) == []


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("kind", ["MISSED_VISIT", "MOVED", "CANCELLED"])
def test_no_part_of_any_note_tells_what_it_is_about(language, kind):
    mail_of(language, **BOOKED)
    reminder = Reminder.objects.get(lead_days=1)
    reminder.kind = kind
    note = reminder_mail(reminder, reminder.visit, now=NOW)
    assert words_that_tell(note) == []
    assert ("text/calendar" in parts(note)) == (kind != "MISSED_VISIT")


def words_that_tell(mail):
    headers = [f"{name}: {value}" for part in parsed(mail).walk() for name, value in part.items()]
    text = re.sub(r"https?://\S+", "", "\n".join([*headers, *parts(mail).values()]))
    return [word for word in CANARIES if re.search(rf"(?i)(?<![a-z0-9]){re.escape(word)}", text)]


def test_missing_lines_are_left_out_and_a_site_without_a_name_is_a_clinic_with_a_number():
    bare = site_of_patients(
        **dict.fromkeys(["name_ko", "name_en", "place_ko", "place_en", "phone_ko", "phone_en"], "")
    )
    mail = mail_of("en", bare, **BOOKED)
    assert "Clinic: Clinic 77" in mail.body
    for word in ("Place", "Phone", "call"):
        assert word not in mail.body + parts(mail)["text/html"]


def test_without_a_phone_the_unbooked_mail_still_asks_to_call():
    assert "Please call the clinic" in mail_of("en", site_of_patients(phone_en="")).body


def test_a_clinic_name_cannot_add_a_header_or_markup():
    site = site_of_patients(name_en="Evil\r\nBcc: x@example.org <script>alert(1)</script>")
    mail = mail_of("en", site, **BOOKED)
    assert "Bcc" not in parsed(mail)
    assert "<script>" not in parts(mail)["text/html"]


def test_headers_offer_the_one_click_way_out_and_keep_machines_quiet():
    mail = mail_of("en", **BOOKED)
    headers = parsed(mail)
    reminder = Reminder.objects.get(lead_days=1)
    token = reminder.patient.contact.opt_out_token
    assert headers["List-Unsubscribe"].endswith(f"/r/{token}/>")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Message-ID"] == reminder.message_id
    assert f"/r/{token}/" in mail.body


def test_the_clinic_is_the_sender_by_name():
    assert "Sunny Clinic" in parsed(mail_of("en", **BOOKED))["From"]


def unfolded(mail):
    return parts(mail)["text/calendar"].replace("\r\n ", "").replace("\n ", "").splitlines()


def test_calendar_entry_has_the_day_the_time_and_the_place_in_seoul():
    lines = unfolded(mail_of("en", **BOOKED))
    assert "DTSTART;TZID=Asia/Seoul:20250710T103000" in lines
    assert "SUMMARY:Appointment at Sunny Clinic" in lines
    assert "LOCATION:Main building\\, floor 2" in lines
    assert {"BEGIN:VTIMEZONE", "TZOFFSETTO:+0900", "METHOD:PUBLISH", "STATUS:CONFIRMED"} <= set(lines)


def test_calendar_entry_of_a_moved_visit_replaces_the_earlier_one():
    mail = mail_of("en", revision=3, **BOOKED)
    visit = Reminder.objects.get(lead_days=1).visit
    assert {f"UID:{visit.uuid}", "SEQUENCE:3"} <= set(unfolded(mail))


def test_calendar_entry_without_a_time_is_a_whole_day():
    lines = unfolded(mail_of("en", booked_on=date(2025, 7, 10)))
    assert "DTSTART;VALUE=DATE:20250710" in lines
    assert "BEGIN:VTIMEZONE" not in lines


def test_calendar_file_is_attached_with_its_method():
    attached = [part for part in parsed(mail_of("en", **BOOKED)).walk() if part.get_filename()]
    assert [part.get_filename() for part in attached] == ["appointment.ics"]
    assert attached[0]["Content-Type"].params["method"] == "PUBLISH"


def test_the_text_follows_a_site_that_is_renamed_after_planning():
    visit = expected_visit(patient_with_mail(site=site_of_patients(), contact__language="en"), **BOOKED)
    plan_reminders(on=date(2025, 7, 1))
    with audit.recording(by=User.objects.system(), reason="Renamed"):
        type(visit.patient.site).objects.update(name_en="New Name")
    reminder = Reminder.objects.get(lead_days=1)
    assert "New Name" in reminder_mail(reminder, type(visit).objects.get(pk=visit.pk), now=NOW).subject
