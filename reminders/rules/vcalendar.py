"""Lines of a calendar file (RFC 5545, 3.1): values that are escaped, lines that are folded.

The few lines of an appointment are written for every mail, and a library that can write any calendar takes twenty times
as long. The tests read them back with one.
"""

from collections.abc import Iterable

# An octet count: folding may split no letter, so it is counted in UTF-8.
LINE_OCTETS = 75
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})
_QUOTED = str.maketrans({'"': "'", "\n": " ", "\r": None})


def text(value: str) -> str:
    """A value of type TEXT (3.3.11)."""
    return value.translate(_ESCAPED)


def parameter(value: str) -> str:
    """The value of a parameter, in quotes (3.2): it has no way to write a quote of its own."""
    return f'"{value.translate(_QUOTED)}"'


def lines(content: Iterable[str]) -> str:
    """Every line folded and ended."""
    return "".join(_folded(line) for line in content)


def _folded(line: str) -> str:
    raw = line.encode()
    if len(raw) <= LINE_OCTETS:
        return f"{line}\r\n"
    pieces, start, room = [], 0, LINE_OCTETS
    while start < len(raw):
        end = min(start + room, len(raw))
        while end < len(raw) and _is_inside_letter(raw[end]):
            end -= 1
        pieces.append(raw[start:end].decode())
        start, room = end, LINE_OCTETS - 1  # the space that says "goes on"
    return "\r\n ".join(pieces) + "\r\n"


def _is_inside_letter(octet: int) -> bool:
    return octet & 0b1100_0000 == 0b1000_0000
