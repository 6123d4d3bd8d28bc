"""Whether mail can reach an address, as far as the address itself tells."""

LONGEST_ADDRESS = 320  # RFC 3696: 64 for the name, 255 for the domain


def is_usable_address(email: str) -> bool:
    """One name, one domain with a dot, nothing but visible characters: what a mail server would take."""
    name, at, domain = email.partition("@")
    visible = email.isprintable() and not email.split()[1:] and email == email.strip()
    return (
        bool(name and at and "." in domain.strip("."))
        and "@" not in domain
        and visible
        and len(email) <= LONGEST_ADDRESS
    )
