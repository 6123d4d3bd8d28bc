"""The form of a saved record: it asks why, and notices who was faster."""

from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as sentence
from django.utils.translation import gettext_lazy as _

from audit.history import history_of, latest_event_id
from audit.reasons import OTHER, REASONS, reason_text

REASON_FIELDS = ("reason_code", "reason_detail", "seen_event")


class ReasonedForm(forms.ModelForm):
    """A new record needs no reason; a saved one does. `refusal`: what a service or the database said no to."""

    reason_code = forms.ChoiceField(label=_("Reason"), choices=[("", "—"), *REASONS.items()])
    reason_detail = forms.CharField(
        label=_("In your words"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"size": 80}),
        help_text=_("Needed for another reason than those of the list. Never a patient's name."),
    )
    seen_event = forms.IntegerField(required=False, widget=forms.HiddenInput)
    refusal: ClassVar[ValidationError | None] = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            for name in REASON_FIELDS:
                del self.fields[name]
        else:
            self.initial["seen_event"] = latest_event_id(self.instance)

    @property
    def reason(self) -> str:
        """What goes into the trail, once the form is valid; nothing for a new record."""
        code = self.cleaned_data.get("reason_code")
        return reason_text(code, self.cleaned_data.get("reason_detail", "")) if code else ""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.instance.pk is not None:
            if cleaned.get("reason_code") == OTHER and not cleaned.get("reason_detail", "").strip():
                self.add_error("reason_detail", sentence("Say in your words why."))
            self._refuse_to_overwrite(cleaned.get("seen_event"))
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # Django's own hook: the model's validation happens in it
        if self.refusal is not None:
            for field, errors in _by_field(self.refusal).items():
                self.add_error(field if field in self.fields else None, errors)

    def _refuse_to_overwrite(self, seen: int | None) -> None:
        """Show what somebody else saved meanwhile; saving again then overrules it knowingly."""
        latest = latest_event_id(self.instance)
        if seen == latest:
            return
        answers = cast(QueryDict, self.data).copy()
        answers[self.add_prefix("seen_event")] = str(latest)
        self.data = answers
        for entry in reversed(history_of(self.instance, after=seen or 0)):
            for change in entry.changes:
                self.add_error(None, _overtaken(entry.who, change.label, change.old, change.new))
        self.add_error(None, sentence("Saved by somebody else meanwhile. Compare, then save again."))


def _overtaken(who: str, label: str, old: str, new: str) -> str:
    values = {"who": who, "field": label, "old": old or "–", "new": new or "–"}
    return sentence("%(who)s changed %(field)s from %(old)s to %(new)s.") % values


def _by_field(refusal: ValidationError) -> dict[str, list[ValidationError]]:
    return (
        dict(refusal.error_dict) if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.error_list}
    )
