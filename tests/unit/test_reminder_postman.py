"""What an error of the mail server says of the message."""

import smtplib

import pytest

from reminders.postman import ANSWER_CHARACTERS, Verdict, read_answer

ADDRESS = "p1@example.org"


@pytest.mark.parametrize(
    ("error", "verdict", "text"),
    [
        (
            smtplib.SMTPRecipientsRefused({ADDRESS: (550, b"no such user")}),
            Verdict.NO_MAILBOX,
            "550 no such user",
        ),
        (
            smtplib.SMTPRecipientsRefused({ADDRESS: (550, b"5.7.1 relaying denied")}),
            Verdict.REFUSED,
            "550 5.7.1 relaying denied",
        ),
        (smtplib.SMTPDataError(550, b"5.1.1 no such user"), Verdict.REFUSED, "550 5.1.1 no such user"),
        (smtplib.SMTPRecipientsRefused({ADDRESS: (450, b"later")}), Verdict.NOT_NOW, "450 later"),
        (smtplib.SMTPDataError(554, b"spam"), Verdict.REFUSED, "554 spam"),
        (smtplib.SMTPDataError(451, "busy"), Verdict.NOT_NOW, "451 busy"),
        (smtplib.SMTPSenderRefused(530, b"sign in", "us@x"), Verdict.NOT_NOW, "450 sign in"),
        (smtplib.SMTPAuthenticationError(535, b"wrong password"), Verdict.UNREACHABLE, "wrong password"),
        (smtplib.SMTPConnectError(421, b"full"), Verdict.UNREACHABLE, "full"),
        (smtplib.SMTPServerDisconnected("gone"), Verdict.UNREACHABLE, "gone"),
        (ConnectionRefusedError(), Verdict.UNREACHABLE, "ConnectionRefusedError"),
        (TimeoutError("timed out"), Verdict.UNREACHABLE, "timed out"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_answers_are_read(error, verdict, text):
    answer = read_answer(error, ADDRESS)
    assert (answer.verdict, answer.text, answer.maybe_accepted) == (verdict, text, False)


def test_a_connection_lost_after_data_is_a_doubt():
    answer = read_answer(smtplib.SMTPServerDisconnected("gone"), ADDRESS, data_begun=True)
    assert (answer.verdict, answer.maybe_accepted) == (Verdict.NOT_NOW, True)


def test_a_clear_answer_after_data_leaves_no_doubt():
    answer = read_answer(smtplib.SMTPDataError(451, b"busy"), ADDRESS, data_begun=True)
    assert (answer.verdict, answer.maybe_accepted) == (Verdict.NOT_NOW, False)


def test_the_address_is_not_kept_in_the_answer():
    error = smtplib.SMTPRecipientsRefused({ADDRESS: (550, b"<p1@example.org>: unknown")})
    assert read_answer(error, ADDRESS).text == "550 <…>: unknown"


def test_a_long_answer_is_cut():
    assert len(read_answer(smtplib.SMTPDataError(554, b"x" * 5000), ADDRESS).text) == ANSWER_CHARACTERS
