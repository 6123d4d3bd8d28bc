"""Handing messages to the mail server over one connection, and telling its answers apart."""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parseaddr
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.message import sanitize_address

from reminders.mime import written
from reminders.models import Verdict
from reminders.rules.answers import is_about_address

ANSWER_CHARACTERS = 300
_PERMANENT = range(500, 600)
_SENDER_REFUSED = 450
# Replies of RFC 5321, 4.2.3.
_DONE, _FORWARDED, _GO_ON = 250, 251, 354
# A period alone ends the text (4.5.2); no line of ours begins with one.
_END = b".\r\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """`maybe_accepted`: the connection was lost while the server already had the text."""

    verdict: Verdict
    text: str = ""
    maybe_accepted: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """A message with all that goes over the wire: `recipient` of the envelope, `content` to its last line."""

    mail: EmailMultiAlternatives
    recipient: str
    content: bytes


def letter_of(mail: EmailMultiAlternatives) -> Letter:
    """Everything that can be made before the server is asked; ValueError where a header cannot be written."""
    return Letter(mail, _in_envelope(mail.to[0]), written(mail) + _END)


def _in_envelope(address: str) -> str:
    """As SMTP writes it: names of domains in letters of ASCII."""
    return address if address.isascii() else parseaddr(sanitize_address(address, "utf-8"))[1]


class Postman:
    """Opens a connection with the first message, keeps it for the next ones, and closes it at the end.

    The sender of the next message is said as soon as the server has taken one: it answers while the ledger is written.
    """

    def __init__(self) -> None:
        self._connection: Any = get_connection()
        self._sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        self._is_open = False
        self._is_sender_said = False
        self._data_begun = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def deliver(self, letter: Letter, meanwhile: Callable[[], None] = lambda: None) -> Answer:
        """Send one message; never raises for what a mail server does. `meanwhile`: done while it reads the text."""
        was_open = self._is_open
        answer = self._try(letter, meanwhile)
        if was_open and answer.verdict is Verdict.UNREACHABLE:
            # Servers end a connection after some messages, or when it has been idle: once more on a new one.
            answer = self._try(letter, meanwhile)
        return answer

    def _try(self, letter: Letter, meanwhile: Callable[[], None]) -> Answer:
        self._data_begun = False
        try:
            smtp = self._open()
            if smtp is None:  # a folder of files, or the outbox of a test
                self._connection.send_messages([letter.mail])
            else:
                self._exchange(smtp, letter, meanwhile)
                self._say_sender_of_next(smtp)
        except (smtplib.SMTPException, OSError) as error:
            self._close()
            return read_answer(error, letter.recipient, data_begun=self._data_begun)
        return Answer(Verdict.ACCEPTED)

    def _open(self) -> smtplib.SMTP | None:
        if not self._is_open:
            self._connection.open()
            self._is_open = True
        smtp: smtplib.SMTP | None = getattr(self._connection, "connection", None)
        if smtp is not None:
            smtp.ehlo_or_helo_if_needed()
        return smtp

    def _exchange(self, smtp: smtplib.SMTP, letter: Letter, meanwhile: Callable[[], None]) -> None:
        """One mail transaction (RFC 5321, 3.3), its errors as `smtplib` names them."""
        if not self._is_sender_said:
            self._say_sender(smtp)
        self._is_sender_said = False
        code, answer = smtp.getreply()
        if code != _DONE:
            raise smtplib.SMTPSenderRefused(code, answer, self._sender)
        code, answer = smtp.rcpt(letter.recipient)
        if code not in {_DONE, _FORWARDED}:
            raise smtplib.SMTPRecipientsRefused({letter.recipient: (code, answer)})
        code, answer = smtp.docmd("DATA")
        if code != _GO_ON:
            raise smtplib.SMTPDataError(code, answer)
        self._data_begun = True  # from here on a lost connection does not tell whether the message was taken
        smtp.send(letter.content)
        meanwhile()
        code, answer = smtp.getreply()
        if code != _DONE:
            raise smtplib.SMTPDataError(code, answer)

    def _say_sender(self, smtp: smtplib.SMTP) -> None:
        """Without waiting for the answer."""
        smtp.putcmd("MAIL", f"FROM:{smtplib.quoteaddr(self._sender)}")
        self._is_sender_said = True

    def _say_sender_of_next(self, smtp: smtplib.SMTP) -> None:
        try:
            self._say_sender(smtp)
        except (smtplib.SMTPException, OSError):
            self._close()

    def _close(self) -> None:
        self._is_open = self._is_sender_said = False
        try:
            self._connection.close()
        except (smtplib.SMTPException, OSError):
            self._connection.connection = None


def read_answer(error: Exception, recipient: str, *, data_begun: bool = False) -> Answer:
    """What an error says of the message: codes 5xx are final, 4xx are not, a lost connection is nobody's answer."""
    code, said = _code_and_text(error)
    text = said.replace(recipient, "…")
    text = f"{code} {text}".strip()[:ANSWER_CHARACTERS] if code else text[:ANSWER_CHARACTERS]
    if code is None:
        return Answer(Verdict.NOT_NOW if data_begun else Verdict.UNREACHABLE, text, maybe_accepted=data_begun)
    if code not in _PERMANENT:
        return Answer(Verdict.NOT_NOW, text)
    is_unknown = isinstance(error, smtplib.SMTPRecipientsRefused) and is_about_address(code, said)
    return Answer(Verdict.NO_MAILBOX if is_unknown else Verdict.REFUSED, text)


def _code_and_text(error: Exception) -> tuple[int | None, str]:
    if isinstance(error, smtplib.SMTPAuthenticationError | smtplib.SMTPConnectError | smtplib.SMTPHeloError):
        return None, _decoded(error.smtp_error)  # about us, not about the message
    if isinstance(error, smtplib.SMTPSenderRefused):
        return _SENDER_REFUSED, _decoded(error.smtp_error)  # about us as well, but the server is there
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, answer = next(iter(error.recipients.values()))
        return code, _decoded(answer)
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code, _decoded(error.smtp_error)
    return None, str(error) or type(error).__name__


def _decoded(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer
