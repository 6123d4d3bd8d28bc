"""Which refusals are about the address, and which are about us."""

import pytest

from reminders.rules.answers import is_about_address


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        (550, "5.1.1 <…>: Recipient address rejected: User unknown", True),
        (550, "5.1.2 domain not found", True),
        (553, "5.1.3 bad syntax", True),
        (551, "5.1.6 mailbox has moved", True),
        (556, "5.1.10 domain takes no mail", True),
        (550, "5.2.1 mailbox disabled", True),
        (550, "no such user", True),
        (551, "user not local", True),
        (553, "mailbox name not allowed", True),
        # about us, the message or the moment
        (550, "5.7.1 relaying denied", False),
        (550, "5.1.8 sender's domain not found", False),
        (552, "5.2.2 mailbox full", False),
        (554, "transaction failed", False),
        (550, "relay not permitted", False),
        (550, "Access denied, blocked by a list", False),
        (550, "authentication required", False),
        (503, "bad sequence of commands", False),
    ],
)
def test_a_refusal_is_about_the_address(code, text, expected):
    assert is_about_address(code, text) is expected
