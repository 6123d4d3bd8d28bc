"""Which addresses a mail can go to."""

import pytest

from patients.rules.contact import is_usable_address


@pytest.mark.parametrize("email", ["p01001@example.org", "a.b+c@mail.example.org", "홍@예시.kr"])
def test_an_address_that_can_be_written_to(email):
    assert is_usable_address(email)


@pytest.mark.parametrize(
    "email",
    [
        "",
        "none",
        "a@b",
        "@example.org",
        "a@",
        "a@.org.",
        "a b@example.org",
        " a@example.org",
        "a@x.org\nBcc: b@x.org",
    ],
)
def test_an_address_that_cannot(email):
    assert not is_usable_address(email)


def test_two_addresses_are_no_address():
    assert not is_usable_address("a@example.org,b@example.org")
