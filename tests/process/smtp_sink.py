"""A mail server that keeps what it is given, and misbehaves on request."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.process.support import free_port

OK = "250 taken"
HANG_SECONDS = 30.0


class Sink:
    """`fault` is asked before each message is taken; what it returns is the answer, after it nothing is kept.

    Special answers: "DROP" takes the message and ends the connection without a word, "HANG" never answers.
    """

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.offered = 0
        self.seconds_a_message = 0.0
        self.messages_a_connection = 0
        self.connections: Counter[object] = Counter()
        self.fault: Callable[[int], str | None] = lambda number: None
        self.port = 0
        self.stop: Callable[[], None] = lambda: None

    @property
    def ids(self) -> Counter[str]:
        return Counter(message["Message-ID"] for message in self.messages)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.messages_a_connection and self.connections[session.peer] == self.messages_a_connection:
            server.transport.abort()
        self.connections[session.peer] += 1
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.offered += 1
        answer = self.fault(self.offered)
        if answer == "HANG":
            await asyncio.sleep(HANG_SECONDS)
        if answer not in {None, "DROP"}:
            return answer
        await asyncio.sleep(self.seconds_a_message)
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        if answer == "DROP":
            server.transport.abort()
        return OK


@contextmanager
def running_sink() -> Iterator[Sink]:
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    with ExitStack() as stack:
        controller.start()
        stack.callback(controller.stop)
        sink.port, sink.stop = controller.port, stack.close  # a test may be quicker
        yield sink
