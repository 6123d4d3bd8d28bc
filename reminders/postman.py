"""Handing messages to the mail server over one connection, and telling its answers apart."""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from django.core.mail import EmailMessage, get_connection

from reminders.models import Verdict
from reminders.rules.answers import is_about_address

ANSWER_CHARACTERS = 300
_PERMANENT = range(500, 600)
_SENDER_REFUSED = 450


@dataclass(frozen=True, slots=True)
class Answer:
    """`maybe_accepted`: the connection was lost while the server already had the text."""

    verdict: Verdict
    text: str = ""
    maybe_accepted: bool = False


class Postman:
    """Opens a connection with the first message, keeps it for the next ones, and closes it at the end."""

    def __init__(self) -> None:
        self._connection: Any = get_connection()
        self._is_open = False
        self._data_begun = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def deliver(self, mail: EmailMessage) -> Answer:
        """Send one message; never raises for what a mail server does."""
        was_open = self._is_open
        answer = self._try(mail)
        if was_open and answer.verdict is Verdict.UNREACHABLE:
            # Servers end a connection after some messages, or when it has been idle: once more on a new one.
            answer = self._try(mail)
        return answer

    def _try(self, mail: EmailMessage) -> Answer:
        self._data_begun = False
        try:
            self._open()
            self._connection.send_messages([mail])
        except (smtplib.SMTPException, OSError) as error:
            self._close()
            return read_answer(error, mail.to, data_begun=self._data_begun)
        return Answer(Verdict.ACCEPTED)

    def _open(self) -> None:
        if self._is_open:
            return
        self._connection.open()
        self._is_open = True
        if (smtp := getattr(self._connection, "connection", None)) is not None:
            smtp.data = self._noticing(smtp.data)

    def _noticing(self, data: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """From DATA on a lost connection no longer tells whether the message was taken."""

        def noticed(message: Any) -> Any:
            self._data_begun = True
            return data(message)

        return noticed

    def _close(self) -> None:
        self._is_open = False
        try:
            self._connection.close()
        except (smtplib.SMTPException, OSError):
            self._connection.connection = None


def read_answer(error: Exception, recipients: list[str], *, data_begun: bool = False) -> Answer:
    """What an error says of the message: codes 5xx are final, 4xx are not, a lost connection is nobody's answer."""
    code, said = _code_and_text(error)
    text = said
    for recipient in recipients:
        text = text.replace(recipient, "…")
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
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return 553, str(error)  # an address the server has no way to write down
    return None, str(error) or type(error).__name__


def _decoded(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer
