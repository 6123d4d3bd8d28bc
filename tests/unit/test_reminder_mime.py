"""The bytes of a mail say what Django's say."""

from email import message_from_bytes, policy

import pytest
from django.core.mail import BadHeaderError, EmailMultiAlternatives

from reminders.mime import written

NAMES = ("Subject", "From", "To", "Message-ID", "Content-Language")


def mail(subject="[예약 안내] 시험 클리닉 " * 5, attached=True, **headers):
    message = EmailMultiAlternatives(
        subject=subject.strip(),
        body="첫 줄\n.\n.둘째 줄 " + "긴" * 400,
        from_email="=?utf-8?b?7Iuc7ZeY?= <appointments@example.org>",
        to=["p1@example.org"],
        headers={"Message-ID": "<1@example.org>", "Content-Language": "ko", **headers},
    )
    message.attach_alternative("<p>본문 &amp; 더</p>\n", "text/html")
    if attached:
        message.attach(
            "appointment.ics", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "text/calendar; method=CANCEL"
        )
    return message


def read(content):
    return message_from_bytes(content, policy=policy.default)


def leaves(message):
    return [
        (part.get_content_type(), part.get_filename(), part.get_content().splitlines())
        for part in message.walk()
        if not part.is_multipart()
    ]


@pytest.mark.parametrize("attached", [True, False])
def test_headers_and_parts_are_those_that_django_writes(attached):
    ours, djangos = (
        read(content(mail(attached=attached))) for content in (written, lambda m: m.message().as_bytes())
    )
    assert [ours[name] for name in NAMES] == [
        djangos[name].strip() for name in NAMES
    ]  # Django leads with a space
    assert leaves(ours) == leaves(djangos)
    assert [part.get_content_type() for part in ours.walk()] == [
        part.get_content_type() for part in djangos.walk()
    ]


def test_the_calendar_says_its_method():
    [calendar] = [part for part in read(written(mail())).walk() if part.get_filename()]
    assert calendar["Content-Type"].params["method"] == "CANCEL"
    assert not read(written(mail())).defects


def test_every_line_is_fit_for_the_wire():
    content = written(mail())
    assert content.isascii()
    assert content.endswith(b"\r\n")
    lines = content.split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line or line.startswith(b".") for line in lines)
    assert max(map(len, lines)) <= 100


def test_a_header_of_two_lines_is_refused():
    with pytest.raises(BadHeaderError):
        written(mail(subject="a\nBcc: b@example.org"))
