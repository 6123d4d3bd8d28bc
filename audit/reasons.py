"""Why somebody changes what was saved: one word of a list, and their own words."""

from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

OTHER = "OTHER"
REASONS: dict[str, str | Promise] = {
    "TYPING_ERROR": _("Typing error"),
    "SOURCE": _("Differs from the source document"),
    "NEW_INFORMATION": _("New information"),
    "QUERY": _("Answer to a query"),
    OTHER: _("Another reason"),
}
_BETWEEN = ": "


def reason_text(code: str, detail: str = "") -> str:
    """What goes into the trail: the word of the list in English, then what the person wrote."""
    with override("en"):
        word = str(REASONS[code])
    return _BETWEEN.join(filter(None, (word, detail.strip())))


def reason_words(stored: str) -> str:
    """The same for a reader: the word of the list in their language."""
    word, between, detail = stored.partition(_BETWEEN)
    return f"{gettext(word)}{between}{detail}" if word else ""
