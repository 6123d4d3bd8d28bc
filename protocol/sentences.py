"""Sentences for people from rules that know no Django: an English msgid and the values to put into it.

The page shows `gettext(sentence.message) % sentence.values`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


def gettext_noop(sentence: str) -> str:
    """Mark a sentence for the translation catalogue and leave it as it is."""
    return sentence


@dataclass(frozen=True, slots=True)
class Sentence:
    message: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message % self.values


class Refusal(ValueError):
    """A rule says no, with the sentence for the user."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message % values)
        self.message = message
        self.values = values
