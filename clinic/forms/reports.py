"""Forms of the reports: what only a person can say of an event, what was sent, a pregnancy."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from adverse_events.models import Pregnancy, ReportDispatch, SafetyReport
from adverse_events.services import DispatchValues, PregnancyValues
from clinic.forms.fields import DayField
from courses.report_facts import Texts

MINUTES = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]


class InstantField(forms.DateTimeField):
    """A day and a time of the clinic, as they are typed."""

    widget = forms.DateTimeInput(
        attrs={"placeholder": _("YYYY-MM-DD HH:MM"), "autocomplete": "off"}, format="%Y-%m-%d %H:%M"
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=MINUTES, **kwargs)


def _text(label: Any, rows: int, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=10_000, widget=forms.Textarea(attrs={"rows": rows}), **options
    )


class ReportForm(forms.Form):
    """`after_version`: the version the writer has seen, so that nobody writes over another's."""

    narrative = _text(_("What happened, in your own words"), 8)
    other_drugs = _text(_("Other drugs"), 3, required=False)
    history = _text(_("Relevant history"), 3, required=False)
    after_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    @classmethod
    def after(cls, last: SafetyReport | None) -> "ReportForm":
        """A fresh form, or that of a follow-up with the texts of the version before."""
        if last is None:
            return cls(initial={"after_version": 0})
        names = ("narrative", "other_drugs", "history")
        texts = {name: getattr(last.facts, name) for name in names}
        return cls(initial=texts | {"after_version": last.version})

    @property
    def texts(self) -> Texts:
        given = self.cleaned_data
        return Texts(given["narrative"], given["other_drugs"], given["history"])


class DispatchForm(forms.Form):
    report = forms.ModelChoiceField(
        label=_("What was sent"), queryset=None, required=False, empty_label=_("Something not written here")
    )
    recipients = forms.MultipleChoiceField(
        label=pgettext_lazy("recipient", "To"),
        choices=ReportDispatch.Recipient.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    sent_at = InstantField(label=_("Sent at"))
    channel = forms.ChoiceField(label=_("By"), choices=ReportDispatch.Channel.choices)
    is_complete = forms.BooleanField(label=_("Complete report: nothing is to follow"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=500)

    def __init__(self, *args: Any, reports: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["report"]
        field.queryset = reports
        field.initial = reports.first()
        field.label_from_instance = lambda report: _("Version %(version)s") % {"version": report.version}

    @property
    def values(self) -> DispatchValues:
        return DispatchValues(**self.cleaned_data)


class PregnancyForm(forms.Form):
    who = forms.ChoiceField(
        label=_("Who is pregnant"), choices=Pregnancy.Who.choices, widget=forms.RadioSelect
    )
    aware_at = InstantField(label=_("Site became aware at"))
    test_on = DayField(label=_("Positive test on"), required=False)
    expected_on = DayField(label=_("Birth expected on"), required=False)
    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=[("", _("Pregnancy goes on")), *Pregnancy.Outcome.choices], required=False
    )
    outcome_on = DayField(label=_("Day of the outcome"), required=False)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    @property
    def values(self) -> PregnancyValues:
        return PregnancyValues(
            **{name: self.cleaned_data[name] for name in PregnancyValues.__dataclass_fields__}
        )


class ChangePregnancyForm(PregnancyForm):
    reason = forms.CharField(label=_("Why is it changed?"), required=False, max_length=500)

    @classmethod
    def of(cls, pregnancy: Pregnancy) -> "ChangePregnancyForm":
        names = PregnancyValues.__dataclass_fields__
        return cls(initial={name: getattr(pregnancy, name) for name in names})
