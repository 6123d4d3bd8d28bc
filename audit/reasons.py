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
        return reason_of(str(REASONS[code]), detail)


def reason_of(sentence: str, detail: str = "") -> str:
    """A service's own reason, marked by `gettext_noop`, as it goes into the trail; `detail` is never translated."""
    return _BETWEEN.join(filter(None, (sentence, detail.strip())))


def reason_words(stored: str) -> str:
    """The same for a reader: what the list or a service says in their language, a person's own words as they are."""
    word, between, detail = stored.partition(_BETWEEN)
    return f"{gettext(word)}{between}{detail}" if word else ""
