"""A mail as the bytes that go over the wire (RFC 5322, RFC 2046).

Django and Python's `email` write any message; ours all have one form, a text, the same as HTML, and perhaps a calendar,
and are written for every patient while the mail server waits. This takes a tenth of the time. The tests hold it to what
Django writes.
"""

import re
from base64 import encodebytes
from collections.abc import Iterator
from email.header import Header
from email.utils import formatdate
from secrets import token_hex

from django.core.mail import BadHeaderError, EmailMultiAlternatives

_END = "\r\n"
_LINE_END = re.compile(r"\r?\n")
_BROKEN = re.compile(r"[\r\n]")


def written(mail: EmailMultiAlternatives) -> bytes:
    """Header and body; BadHeaderError where a value of the header has more than one line.

    Every part is base64: any server takes it, and no line of ours is too long or begins with a period.
    """
    boundary = token_hex(16)
    parts = [_part("text/plain", mail.body), *(_part(kind, content) for content, kind in mail.alternatives)]
    body = _joined("alternative", parts, boundary)
    if mail.attachments:
        attached = [_part(kind, content, name) for name, content, kind in mail.attachments]
        body = _joined("mixed", [body, *attached], f"{boundary}-")
    return f"{''.join(_headers(mail))}MIME-Version: 1.0\r\n{body}".encode()


def _headers(mail: EmailMultiAlternatives) -> Iterator[str]:
    fixed = {"Subject": mail.subject, "From": mail.from_email, "To": ", ".join(mail.to), "Date": formatdate()}
    for name, value in (fixed | mail.extra_headers).items():
        if _BROKEN.search(value):
            raise BadHeaderError(f"{name} has more than one line")
        shown = value if value.isascii() else Header(value, "utf-8", header_name=name).encode(linesep=_END)
        yield f"{name}: {shown}\r\n"


def _joined(kind: str, parts: list[str], boundary: str) -> str:
    inside = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n{inside}--{boundary}--\r\n'


def _part(kind: str, content: str, name: str = "") -> str:
    disposition = f'Content-Disposition: attachment; filename="{name}"\r\n' if name else ""
    text = encodebytes(_LINE_END.sub(_END, content).encode()).decode().replace("\n", _END)
    return f'Content-Type: {kind}; charset="utf-8"\r\n{disposition}Content-Transfer-Encoding: base64\r\n\r\n{text}'
