"""What becomes of a patient: an outcome, what came of a suspicion, the end of treatment, the end of participation."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from clinic.consequences import Consequences, consequences_of
from clinic.forms.ends import ENDING, ChangeOutcomeForm, DispositionForm, OutcomeForm, SettlementForm
from clinic.forms.refusals import add_refusal
from clinic.presenters import chart_url
from clinic.selectors.events import events_of
from clinic.selectors.outcome_lines import outcomes_of
from clinic.services import end_and_tell
from clinic.views.pages import PatientPage
from patients.models import Outcome
from patients.services import (
    change_outcome,
    confirm_recurrence,
    record_outcome,
    refute_recurrence,
)
from patients.words import word_of
from protocol.codes import DispositionReason, DispositionRecord, OutcomeKind


class GuidedPage(PatientPage):
    """A rare act on three pages: what is asked, what will follow, and the chart that says what has followed."""

    permission = Permission.RECORD_OUTCOME
    confirm_template = "clinic/end_confirm.html"

    @property
    def is_treated(self) -> bool:
        """Has treatment begun, and not ended?"""
        ends = self.patient.dispositions.filter(record=DispositionRecord.TREATMENT)
        return self.patient.first_dose_on is not None and not ends.exists()

    def save(self, form: forms.Form) -> None:
        raise NotImplementedError

    def is_grave(self, form: forms.Form) -> bool:
        """Must what follows be read and confirmed first?"""
        return True

    def said(self, form: forms.Form) -> str:
        """What has been recorded, as a sentence."""
        raise NotImplementedError

    def guide(self, form: forms.Form, **page: Any) -> HttpResponse:
        action = self.request.POST.get("action")
        if not form.is_valid() or action == "edit":
            return self.show(form=form, **page)
        found = None
        try:
            if self.is_grave(form):
                found = consequences_of(self.patient, lambda: self.save(form), on=self.on)
                if action != "confirm":
                    answers = self.answers(form)
                    return self.show(self.confirm_template, form=form, found=found, said=answers, **page)
            self.save(form)
        except ValidationError as error:
            add_refusal(form, error)
            return self.show(form=form, **page)
        messages.success(self.request, self.said(form))
        if found is not None:
            messages.info(self.request, _followed(found))
        return redirect(f"{chart_url(self.patient)}?tab=outcomes")

    def answers(self, form: forms.Form) -> list[tuple[str, str]]:
        """What was typed, for reading before it is confirmed."""
        return [(str(field.label), _words(field)) for field in form if _words(field)]


class RecordOutcomeView(GuidedPage):
    template_name = "clinic/outcome_record.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(form=self.form(initial={"on": self.on, "kind": request.GET.get("kind")}))

    def post(self, request: HttpRequest) -> HttpResponse:
        return self.guide(self.form(request.POST))

    def form(self, *args: Any, **kwargs: Any) -> OutcomeForm:
        return OutcomeForm(*args, is_treated=self.is_treated, **kwargs)

    def is_grave(self, form: forms.Form) -> bool:
        return form.cleaned_data["kind"] in ENDING

    def save(self, form: forms.Form) -> None:
        record_outcome(by=self.request.user, patient=self.patient, **form.cleaned_data)

    def said(self, form: forms.Form) -> str:
        typed = form.cleaned_data
        if typed["kind"] == OutcomeKind.SUSPECTED:
            return _("A suspected recurrence is recorded. It is no event until it is confirmed.")
        values = {"kind": word_of(typed["kind"]), "day": date_format(typed["on"])}
        return _("Recorded: %(kind)s on %(day)s.") % values


class ChangeOutcomeView(PatientPage):
    permission = Permission.RECORD_OUTCOME
    template_name = "clinic/outcome_change.html"

    def get(self, request: HttpRequest, outcome: int) -> HttpResponse:
        row = self.find(outcome)
        return self.show(form=ChangeOutcomeForm.of(row), outcome=row)

    def post(self, request: HttpRequest, outcome: int) -> HttpResponse:
        row, form = self.find(outcome), ChangeOutcomeForm(request.POST)
        if not form.is_valid():
            return self.show(form=form, outcome=row)
        try:
            change_outcome(by=request.user, outcome=row, **form.cleaned_data)
        except ValidationError as error:
            add_refusal(form, error)
            return self.show(form=form, outcome=self.find(outcome))
        messages.success(request, _("The outcome is corrected."))
        return redirect(f"{chart_url(self.patient)}?tab=outcomes")

    def find(self, pk: int) -> Outcome:
        return get_object_or_404(outcomes_of(self.patient), pk=pk)


class SettleSuspicionView(GuidedPage):
    template_name = "clinic/suspicion_settle.html"
    suspicion: Outcome

    def get(self, request: HttpRequest, outcome: int) -> HttpResponse:
        form = SettlementForm(initial={"on": self.on}, is_treated=self.is_treated)
        return self.show(form=form, suspicion=self.find(outcome))

    def post(self, request: HttpRequest, outcome: int) -> HttpResponse:
        self.suspicion = self.find(outcome)
        form = SettlementForm(request.POST, is_treated=self.is_treated)
        return self.guide(form, suspicion=self.suspicion)

    def find(self, pk: int) -> Outcome:
        """One that is settled already is found too: who comes too late is told."""
        return get_object_or_404(outcomes_of(self.patient), kind=OutcomeKind.SUSPECTED, pk=pk)

    def is_grave(self, form: forms.Form) -> bool:
        return not form.is_refuted

    def save(self, form: forms.Form) -> None:
        typed, suspicion = form.cleaned_data, self.find(self.suspicion.pk)
        if form.is_refuted:
            refute_recurrence(
                by=self.request.user, suspicion=suspicion, refuted_on=typed["on"], why=typed["why"]
            )
            return
        confirm_recurrence(
            by=self.request.user,
            suspicion=suspicion,
            confirmed_on=typed["on"],
            why=typed["why"],
            last_dose_on=typed.get("last_dose_on"),
        )

    def said(self, form: forms.Form) -> str:
        if form.is_refuted:
            return _("The suspicion is refuted. It never counted as an event.")
        values = {"day": date_format(self.suspicion.on)}
        return _("The recurrence is confirmed, dated the first scan that showed it (%(day)s).") % values


class RecordDispositionView(GuidedPage):
    """Rare and not to be taken back: what follows is said before it is saved."""

    template_name = "clinic/disposition_record.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """`?record=TREATMENT&ae=3`: the end that an adverse event says there was."""
        asked = (
            {"ae_no": request.GET["ae"], "why": DispositionReason.ADVERSE_EVENT}
            if "ae" in request.GET
            else {}
        )
        return self.show(form=self.form(initial=asked | self.stored(request.GET.get("record"))))

    def post(self, request: HttpRequest) -> HttpResponse:
        return self.guide(self.form(request.POST))

    def form(self, *args: Any, **kwargs: Any) -> DispositionForm:
        return DispositionForm(*args, patient=self.patient, events=events_of(self.patient), **kwargs)

    def stored(self, record: str | None) -> dict[str, Any]:
        """An end that is recorded already is corrected on the same page."""
        end = self.patient.dispositions.filter(record=record).first()
        if end is None:
            return {"record": record}
        names = ("record", "ended_on", "last_dose_on", "ae_no", "comment")
        return {name: getattr(end, name) for name in names} | {"why": end.reason}

    def save(self, form: forms.Form) -> None:
        end_and_tell(by=self.request.user, patient=self.patient, **form.cleaned_data)

    def said(self, form: forms.Form) -> str:
        if form.cleaned_data["record"] == DispositionRecord.TREATMENT:
            return _("The end of treatment is recorded. Visits and reminders have been planned anew.")
        return _("The end of participation is recorded. Visits and reminders have been planned anew.")


def _followed(found: Consequences) -> str:
    values = {
        "cancelled": len(found.cancelled),
        "bookings": len(found.bookings),
        "added": len(found.added),
        "moved": len(found.moved),
        "mails": found.reminders_cancelled,
    }
    return (
        _(
            "Visits: %(cancelled)s cancelled (%(bookings)s of them booked), %(added)s added, %(moved)s moved. "
            "Planned mails that will not go out: %(mails)s."
        )
        % values
    )


def _words(field: forms.BoundField) -> str:
    """What was typed into a field as a person reads it."""
    value = field.form.cleaned_data.get(field.name)
    if value is None or value == "" or value is False:
        return ""
    if value is True:
        return _("Yes")
    choices = getattr(field.field, "choices", None)
    if choices:
        return str(dict(choices).get(str(value), value))
    return date_format(value) if isinstance(field.field, forms.DateField) else str(value)
