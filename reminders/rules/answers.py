"""What a mail server means when it refuses a recipient."""

import re

_STATUS = re.compile(r"\s*(5\.\d{1,3}\.\d{1,3})\b")
# RFC 3463: the mailbox, its domain or its name is wrong, it has moved, its domain takes no mail, it is closed.
_OF_THE_ADDRESS = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
# RFC 5321, from servers that say no more: no such mailbox, not here, no name for a mailbox.
_CODES_OF_THE_ADDRESS = frozenset({550, 551, 553})
# A server that does not let us send refuses every address alike: that says nothing about this one.
_OF_US = re.compile(r"relay|authenticat|denied|block|spam", re.IGNORECASE)


def is_about_address(code: int, text: str) -> bool:
    """Whether a refusal of a recipient means that mail cannot reach this address at all.

    `code`: the SMTP reply code; `text`: what follows it, with an enhanced status code first where the server has one.
    In doubt it is not: a mail server that is set up wrongly must not turn every address into a wrong one.
    """
    if status := _STATUS.match(text):
        return status[1] in _OF_THE_ADDRESS
    return code in _CODES_OF_THE_ADDRESS and not _OF_US.search(text)
