"""A service's refusal, put where the person who typed can read it."""

from collections.abc import Mapping, Sequence
from hashlib import sha256

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import Form


def mark_of(sentences: Sequence[str]) -> str:
    """A mark of exactly these doubts: a box ticked for others does not confirm them."""
    return sha256("\n".join(sentences).encode()).hexdigest()[:16] if sentences else ""


def add_refusal(form: Form, error: ValidationError, names: Mapping[str, str] | None = None) -> None:
    """Beside the field it speaks of, else on top. `names`: what a service calls a value → what the form does."""
    for name, message in messages_of(error):
        field = (names or {}).get(name, name)
        form.add_error(field if field in form.fields else None, message)


def messages_of(error: ValidationError) -> list[tuple[str, str]]:
    if hasattr(error, "error_dict"):
        return [(name, message) for name, messages in error.message_dict.items() for message in messages]
    return [(NON_FIELD_ERRORS, message) for message in error.messages]
