"""A page sent on as it was typed: through the list of its changes, and past what somebody else has saved meanwhile."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from clinic.differences import BLANK, Difference
from clinic.forms.consultation import ConsultationForms
from clinic.forms.record import ConfirmForm
from clinic.forms.refusals import mark_of

MINE, THEIRS = "mine", "theirs"
_ASKED_AGAIN = {"confirm-reason_kind", "confirm-reason", "confirm-changes"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One difference, and what is to hold: `chosen` is MINE, THEIRS or blank while nobody has said."""

    difference: Difference
    chosen: str

    @property
    def name(self) -> str:
        return f"choose-{self.difference.part}"


def choices_of(found: Sequence[Difference], posted: Mapping[str, str], *, was_new: bool) -> list[Choice]:
    """Where only one of the two has a value, that one is proposed; `was_new`: the page was opened before anybody had
    recorded the visit, so that a value which is not stored was typed, and not taken out by the other."""
    choices = [Choice(difference, _proposed(difference, was_new)) for difference in found]
    return [Choice(choice.difference, posted.get(choice.name, choice.chosen)) for choice in choices]


def _proposed(difference: Difference, was_new: bool) -> str:
    if difference.typed in BLANK:
        return THEIRS
    return MINE if was_new and difference.stored in BLANK else ""


def kept_fields(typed: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    """What was typed, to be sent again by a page that does not show it."""
    return [(name, value) for name, values in typed.items() if name not in _ASKED_AGAIN for value in values]


def mark_of_changes(changes: Sequence[Difference]) -> str:
    return mark_of([f"{change.part}: {change.stored} → {change.typed}" for change in changes])


def is_explained(form: ConfirmForm, changes: Sequence[Difference]) -> bool:
    """Nothing that was entered goes, or these very changes were shown and have their reason."""
    if not any(change.is_correction for change in changes):
        return True
    was_shown = form.cleaned_data["changes"] == mark_of_changes(changes)
    if was_shown and not form.full_reason():
        form.add_error("reason_kind", _("Saved values change: say why."))
    return was_shown and bool(form.full_reason())


def merged(forms: ConsultationForms, theirs: Collection[str], revision: int) -> QueryDict:
    """What was typed, but as it is stored in the parts named `theirs`."""
    data = QueryDict(mutable=True)
    for name, values in forms.typed.items():
        if not _belongs(name, theirs):
            data.setlist(name, values)
    fresh = ConsultationForms(forms.consultation, None, on=forms.on)
    for field in (field for form in fresh.all if form is not fresh.next for field in form):
        value = field.value()
        if _belongs(field.html_name, theirs) and value not in BLANK:
            shown = "on" if value is True else field.field.widget.format_value(value)
            data.setlist(field.html_name, shown if isinstance(shown, list) else [shown])
    data["day-revision"] = str(revision)
    return data


def _belongs(name: str, parts: Collection[str]) -> bool:
    return any(name == part or name.startswith(f"{part}-") for part in parts)
