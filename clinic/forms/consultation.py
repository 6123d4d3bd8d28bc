"""All parts of one consultation together: filled from what is known, read as one entry."""

from datetime import date, timedelta

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from adverse_events.rules.lab_grades import GRADED_UNITS, unit_words
from clinic.forms.entry import Typed
from clinic.forms.events import NewEventForm, OngoingEventForm
from clinic.forms.record import (
    AssessmentForm,
    ConfirmForm,
    DayForm,
    DoseForm,
    KitForm,
    LabForm,
    MissedForm,
    NextForm,
    ProcedureForm,
    ReturnForm,
)
from clinic.forms.refusals import add_refusal, mark_of
from clinic.forms.scan import ScanForm
from clinic.selectors.consultation import Consultation
from clinic.services import Doubt, PartRefused
from dosing.models import Kit
from dosing.rules.tablets import TabletQuantity
from patients.validation import NeedsConfirmation
from patients.words import plain
from protocol.codes import LabTest, Phase, SupplySource
from visits.models import UNSCHEDULED
from visits.words import procedure_name

MOST_ROWS = 9
_FIELDS_OF_MODELS = {  # what a service calls a value → what the page calls it
    "tablets_returned": "returned", "tablets_lost": "lost", "tablets_kept": "kept", "pattern_mg": "pattern",
    "adverse_event": "event", "doses_missed": "doses", "kind": "result",
}  # fmt: skip


def proposed_values(quantity: TabletQuantity | None) -> dict[str, object]:
    """What a row of tablets is filled with, and what it remembers of it."""
    strength_mg, tablets = (quantity.strength_mg, quantity.tablets) if quantity else (None, None)
    return {
        "strength_mg": strength_mg, "tablets": tablets, "proposed_mg": strength_mg, "proposed": tablets
    }  # fmt: skip


def mark_of_doubts(doubts: list[Doubt]) -> str:
    return mark_of([doubt.sentence for doubt in doubts])


def lab_forms(consultation: Consultation, data: QueryDict | None) -> list[LabForm]:
    return [_lab(consultation, data, test) for test in consultation.tests]


def _lab(consultation: Consultation, data: QueryDict | None, test: LabTest) -> LabForm:
    """Unit and limits are those of the last result, to be confirmed; a result is never filled in."""
    stored = consultation.stored_labs.get(test)
    before = stored or consultation.earlier_labs.get(test)
    initial: dict[str, object] = {"unit": unit_words(GRADED_UNITS[test])}
    if before is not None:
        initial = {"unit": unit_words(before.unit), "lln": plain(before.lln), "uln": plain(before.uln)}
    if stored is not None:
        initial["value"] = plain(stored.value)
    return LabForm(
        data,
        prefix=f"lab-{test}",
        initial=initial,
        test=test,
        is_carried_over=stored is None and before is not None,
    )


class ConsultationForms(Typed):
    """`data` is what was posted, or None for a fresh page; `on` is today."""

    def __init__(
        self,
        consultation: Consultation,
        data: QueryDict | None,
        *,
        on: date,
        proposed: tuple[TabletQuantity, ...] = (),
    ) -> None:
        self.consultation = consultation
        self.data = data
        self.on = on
        self.day = self._day()
        self.assessment = self._assessment()
        self.procedures = [self._procedure(code) for code in consultation.answered]
        self.scan = self._scan()
        self.labs = lab_forms(consultation, data)
        self.returns = [(kit, self._return(kit)) for kit in consultation.kits]
        self.missed = MissedForm(data, prefix="missed", initial=self._missed())
        self.ongoing = [
            OngoingEventForm(data, prefix=f"ae-{event.ae_no}", event=event)
            for event in consultation.ongoing
            if data is None or f"ae-{event.ae_no}-what" in data  # not one reported since the page was opened
        ]
        self.new_events = [
            NewEventForm(data, prefix=f"new-{number}", version=consultation.dictionary_version)
            for number in range(self._rows("events", 1))
        ]
        self.dose = self._dose()
        self.kits = self._kits(proposed)
        self.next = NextForm(data, prefix="next", initial=self._next())
        self.confirm = ConfirmForm(data, prefix="confirm")

    # -- what the page starts from ---------------------------------------------------------------------

    def _day(self) -> DayForm:
        visit = self.consultation.visit
        known = visit.occurred_on if visit else None
        revision = visit.revision if visit else None
        initial = {
            "occurred_on": known or self.on,
            "revision": revision,
            "came_for": visit.reason if visit else "",
        }
        form = DayForm(self.data, prefix="day", initial=initial)
        if self.consultation.code != UNSCHEDULED:
            del form.fields["came_for"]
        return form

    def _assessment(self) -> AssessmentForm:
        stored = getattr(self.consultation.visit, "assessment", None)
        names = AssessmentForm.base_fields
        form = AssessmentForm(
            self.data,
            prefix="seen",
            initial={name: getattr(stored, name) for name in names} if stored else None,
        )
        asked = {"VS": ("weight_kg", "systolic_mmhg", "diastolic_mmhg"), "EC": ("ecog",)}
        for procedure, fields in asked.items():
            for name in fields:
                if procedure not in self.consultation.procedures and not getattr(stored, name, None):
                    del form.fields[name]
        if not self.consultation.tests:
            del form.fields["labs_pending"]
        return form

    def _scan(self) -> ScanForm | None:
        """A scan that was read is corrected where outcomes are; a page that was opened before still says its own."""
        stored = self.consultation.scan
        was_open = self.data is not None and "scan-result" in self.data
        if not self.consultation.asks_for_scan or (self.consultation.is_scan_read and not was_open):
            return None
        return ScanForm(
            self.data,
            prefix="scan",
            initial={"result": stored.answer, "on": stored.done_on, "comment": stored.note}
            if stored
            else None,
            is_treated=self.consultation.is_treated,
        )

    def _procedure(self, code: str) -> ProcedureForm:
        stored = self.consultation.stored_procedures.get(code)
        return ProcedureForm(
            self.data,
            prefix=f"done-{code}",
            initial={"answer": stored.answer, "note": stored.note} if stored else None,
            code=code,
            name=procedure_name(self.consultation.course.protocol, code),
        )

    @property
    def has_limits_carried_over(self) -> bool:
        return any(form.is_carried_over for form in self.labs)

    def _return(self, kit: Kit) -> ReturnForm:
        row = getattr(kit, "kit_return", None)
        counts = ("returned", "lost", "kept")
        initial = {name: getattr(row, f"tablets_{name}") for name in counts} if row else None
        return ReturnForm(self.data, prefix=f"kit-{kit.pk}", initial=initial)

    def _missed(self) -> dict[str, object]:
        stored, since = self.consultation.missed, self.consultation.since
        if stored is not None:
            return {"doses": stored.doses_missed, "from_on": stored.from_on, "to_on": stored.to_on}
        visit = self.consultation.visit
        day = visit.occurred_on if visit and visit.occurred_on else self.on
        return {"from_on": since, "to_on": day - timedelta(days=1)} if since else {}

    def _dose(self) -> DoseForm:
        """A page that was opened before the first order still knows how to start."""
        is_start = self.data is not None and self.data.get("dose-decision") == DoseForm.START
        planned_mg = self.consultation.course.protocol.regimen.planned_dose_mg
        return DoseForm(
            self.data,
            prefix="dose",
            events=list(self.consultation.ongoing),
            initial={"from_on": self.on},
            starts_with_mg=planned_mg if is_start or self.consultation.awaits_dose else None,
        )

    def _kits(self, proposed: tuple[TabletQuantity, ...]) -> list[KitForm]:
        strengths = self.consultation.course.protocol.regimen.tablet_strengths_mg
        is_study_drug = self.consultation.course.summary.phase is Phase.EXTENSION
        source = (
            SupplySource.IP
            if is_study_drug or "DSP" in self.consultation.procedures
            else SupplySource.PRESCRIPTION
        )
        forms_out = []
        for number in range(self._rows("kits", max(len(proposed), 1))):
            initial: dict[str, object] = {"source": source}
            if number < len(proposed):
                quantity = proposed[number]
                initial |= proposed_values(quantity)
            forms_out.append(
                KitForm(self.data, prefix=f"out-{number}", initial=initial, strengths_mg=strengths)
            )
        return forms_out

    def refreshed_kits(self, proposal: tuple[TabletQuantity, ...]) -> list[KitForm]:
        """The rows whose proposal nobody touched, filled with the one of the dose being decided."""
        strengths = self.consultation.course.protocol.regimen.tablet_strengths_mg
        found = []
        for number, form in enumerate(self.kits):
            form.is_valid()
            if form.is_as_proposed:
                quantity = proposal[number] if number < len(proposal) else None
                initial = proposed_values(quantity)
                found.append(KitForm(prefix=form.prefix, initial=initial, strengths_mg=strengths))
        return found

    def _next(self) -> dict[str, object]:
        coming = self.consultation.next_visit
        if coming is None:
            return {}
        return {
            "booked_on": coming.visit.booked_on or coming.suggested_on,
            "booked_time": coming.visit.booked_time,
        }

    def _rows(self, name: str, fresh: int) -> int:
        """How many rows of a kind the page has; one more when it was asked for."""
        if self.data is None:
            return fresh
        typed = self.data.get(f"rows-{name}", "")
        count = int(typed) if typed.isdecimal() and len(typed) < 3 else fresh
        return min(count + (self.data.get("action") == f"add_{name}"), MOST_ROWS)

    # -- what the services say to it -----------------------------------------------------------------------

    def refuse(self, refusal: PartRefused) -> None:
        """Put a service's refusal beside the field it speaks of, else on top of its part."""
        form = self._part(refusal.part)
        if isinstance(refusal.error, NeedsConfirmation) and "comment" in form.fields:
            form.add_error("comment", refusal.error)
        else:
            add_refusal(form, refusal.error, _FIELDS_OF_MODELS)

    def ask_to_confirm(self, doubts: list[Doubt]) -> None:
        """What is doubtful wants its reason: of a dose in its comment, of anything else beside the confirmation."""
        order = self.order_entry()
        if order is not None and not order.comment and any(doubt.part == "dose" for doubt in doubts):
            self.dose.add_error("comment", _("Say why."))
        if self.has_ticked(doubts) and self.lacks_reason_for(doubts):
            self.confirm.add_error("doubted", _("Say why."))

    def is_confirmed(self, doubts: list[Doubt]) -> bool:
        """These very doubts, and with a reason."""
        return self.has_ticked(doubts) and not self.lacks_reason_for(doubts)

    def has_ticked(self, doubts: list[Doubt]) -> bool:
        return bool(doubts) and self.values(self.confirm).get("confirmed") == mark_of_doubts(doubts)

    def lacks_reason_for(self, doubts: list[Doubt]) -> bool:
        return self.wants_reason_for(doubts) and not self.values(self.confirm).get("doubted")

    def wants_reason_for(self, doubts: list[Doubt]) -> bool:
        """A dose and an end of treatment have theirs already; what a scan shows is one."""
        says_why = self.order_entry() is not None or self.is_stop
        explained = {"scan", "dose"} if says_why else {"scan"}
        return any(doubt.part not in explained for doubt in doubts)

    def forget_errors(self) -> None:
        """A page that only grew by a row is not finished: nothing on it is wrong yet."""
        for form in self.all:
            form.errors.clear()

    def _part(self, name: str) -> forms.Form:
        kind, _, number = name.partition("-")
        if kind == "new":
            return self.reported[int(number)]
        if kind == "out":
            return self.handed_out[int(number)]
        return next((form for form in self.all if form.prefix == name), self.day)
