"""Sentences for people from rules that know no Django: an English msgid and the values to put into it."""


def gettext_noop(sentence: str) -> str:
    """Mark a sentence for the translation catalogue and leave it as it is; the page translates it."""
    return sentence


class Refusal(ValueError):
    """A rule says no. The page shows `gettext(refusal.message) % refusal.values`."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message % values)
        self.message = message
        self.values = values
