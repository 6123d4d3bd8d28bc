"""What was typed into the parts of a consultation, read as the entry that the service takes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from adverse_events.models import AdverseEvent
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
from clinic.forms.scan import ScanForm
from clinic.selectors.consultation import Consultation
from clinic.services import (
    BookingEntry,
    EventChange,
    KitEntry,
    MissedEntry,
    OrderEntry,
    ReturnEntry,
    ScanEntry,
    StopEntry,
    VisitEntry,
)
from dosing.models import Kit
from protocol.codes import DoseReason
from visits.models import Visit
from visits.services import AssessmentValues, LabValue, ProcedureValue

ROW_COUNTS = {"rows-events", "rows-kits"}


def values_of(form: forms.Form) -> Mapping[str, Any]:
    """What could be read of a part, whether or not all of it could."""
    form.is_valid()
    return getattr(form, "cleaned_data", {})


def lab_values(labs: Sequence[LabForm]) -> tuple[LabValue, ...]:
    found = []
    for form in labs:
        typed = values_of(form)
        if typed.get("value") is not None:
            limits = {name: typed.get(name) for name in ("lln", "uln")}
            found.append(LabValue(form.test, typed["value"], typed.get("unit", ""), **limits))
    return tuple(found)


def emptied(labs: Sequence[LabForm], consultation: Consultation) -> tuple[str, ...]:
    """Tests whose stored result somebody has emptied."""
    return tuple(
        form.test
        for form in labs
        if form.test in consultation.stored_labs and values_of(form).get("value") is None
    )


class Typed:
    """The reading half of `ConsultationForms`: its parts are filled there."""

    consultation: Consultation
    data: QueryDict | None
    day: DayForm
    assessment: AssessmentForm
    procedures: list[ProcedureForm]
    scan: ScanForm | None
    labs: list[LabForm]
    returns: list[tuple[Kit, ReturnForm]]
    missed: MissedForm
    ongoing: list[OngoingEventForm]
    new_events: list[NewEventForm]
    dose: DoseForm
    kits: list[KitForm]
    next: NextForm
    confirm: ConfirmForm

    @property
    def all(self) -> list[forms.Form]:
        return [
            self.day, self.assessment, *self.procedures, *filter(None, [self.scan]),
            *self.labs, *(form for _kit, form in self.returns),
            self.missed, *self.ongoing, *self.new_events, self.dose, *self.kits, self.next, self.confirm,
        ]  # fmt: skip

    @property
    def typed(self) -> dict[str, list[str]]:
        """What was posted into the fields of the page, and into nothing else."""
        posted = self.data or QueryDict()
        known = {form.add_prefix(name) for form in self.all for name in form.fields} | ROW_COUNTS
        return {name: posted.getlist(name) for name in sorted(known & posted.keys())}

    def is_valid(self) -> bool:
        faulty = [form for form in self.all if not form.is_valid()]
        return not faulty

    def overtaken_by(self) -> Visit | None:
        """The visit as it stands, when somebody has saved it since this page was opened."""
        visit, revision = self.consultation.visit, self.values(self.day).get("revision")
        return visit if visit and revision is not None and revision != visit.revision else None

    def values(self, form: forms.Form) -> Mapping[str, Any]:
        return values_of(form)

    def entry(self) -> VisitEntry:
        """Everything typed, for the service; the forms are valid."""
        return VisitEntry(
            occurred_on=self.day.cleaned_data["occurred_on"],
            came_for=self.day.cleaned_data.get("came_for"),
            expected_revision=self.day.cleaned_data["revision"],
            assessment=self._assessment_values(),
            labs=lab_values(self.labs),
            removed_labs=emptied(self.labs, self.consultation),
            procedures=tuple(self._procedure_values()),
            scan=self._scan_entry(),
            returns=self.return_entries(),
            uncounted=self._uncounted(),
            missed=self._missed_entry(),
            event_changes=tuple(self._event_changes()),
            new_events=tuple(form.event_values() for form in self.reported),
            order=self.order_entry(),
            stop=self._stop_entry(),
            kits=tuple(self._kit_entry(form) for form in self.handed_out),
            booking=self._booking_entry(),
            doubted=self.confirm.cleaned_data["doubted"],
            reason=self.confirm.full_reason(),
        )

    @property
    def reported(self) -> list[NewEventForm]:
        return [form for form in self.new_events if self.values(form).get("term")]

    @property
    def handed_out(self) -> list[KitForm]:
        return [form for form in self.kits if self.values(form).get("kit_id")]

    def _assessment_values(self) -> AssessmentValues | None:
        typed = dict(self.values(self.assessment))
        has_row = hasattr(self.consultation.visit, "assessment")
        return (
            AssessmentValues(**typed)
            if has_row or any(value not in (None, False) for value in typed.values())
            else None
        )

    def _scan_entry(self) -> ScanEntry | None:
        typed = self.values(self.scan) if self.scan else {}
        if not typed.get("result") and (self.scan is None or self.consultation.scan is None):
            return None
        return ScanEntry(typed["result"], typed["on"], typed["comment"], typed.get("last_dose_on"))

    def _procedure_values(self) -> Iterator[ProcedureValue]:
        """A blank answer is sent where there is one to take back."""
        for form in self.procedures:
            answer, note = form.cleaned_data["answer"], form.cleaned_data["note"]
            if answer or form.code in self.consultation.stored_procedures:
                yield ProcedureValue(form.code, answer, note)

    def return_entries(self) -> tuple[ReturnEntry, ...]:
        found = []
        for kit, form in self.returns:
            typed = self.values(form)
            if typed.get("returned") is not None:
                found.append(
                    ReturnEntry(kit, typed["returned"], typed.get("lost") or 0, typed.get("kept") or 0)
                )
        return tuple(found)

    def _uncounted(self) -> tuple[Kit, ...]:
        """Kits whose count somebody has emptied."""
        counted = {entry.kit.pk for entry in self.return_entries()}
        return tuple(
            kit for kit, _form in self.returns if hasattr(kit, "kit_return") and kit.pk not in counted
        )

    def _missed_entry(self) -> MissedEntry | None:
        """What was written down before and is emptied becomes none."""
        typed, stored = self.values(self.missed), self.consultation.missed
        if typed.get("doses"):
            return MissedEntry(typed["from_on"], typed["to_on"], typed["doses"], stored)
        return MissedEntry(stored.from_on, stored.to_on, 0, stored) if stored else None

    def _event_changes(self) -> list[EventChange]:
        changes = []
        for form in self.ongoing:
            typed = form.cleaned_data
            if typed["what"] == "CHANGED":
                changes.append(EventChange(form.event, grade=typed["grade"]))
            elif typed["what"] == "RESOLVED":
                changes.append(EventChange(form.event, ended_on=typed["ended_on"], outcome=typed["outcome"]))
        return changes

    def order_entry(self) -> OrderEntry | None:
        """The order that the decision makes, as soon as its day and dose can be read."""
        typed = self.values(self.dose)
        decision = typed.get("decision")
        pattern = (0,) if decision == DoseForm.HOLD else typed.get("pattern")
        if decision in (None, DoseForm.CONTINUE, DoseForm.STOP) or not pattern or not typed.get("from_on"):
            return None
        usual = {DoseForm.START: DoseReason.START, DoseForm.RESUME: DoseReason.RESUME}.get(decision, "")
        return OrderEntry(
            from_on=typed["from_on"],
            pattern_mg=pattern,
            reason=typed.get("reason") or usual,
            event=self._event_named,
            for_new_event=typed.get("event") == DoseForm.NEW_EVENT,
            comment=typed.get("comment", ""),
            tells_event=typed.get("tells_event", False),
        )

    @property
    def _event_named(self) -> AdverseEvent | None:
        """The ongoing event because of which the dose is changed or treatment ends."""
        named = self.values(self.dose).get("event")
        return next((row for row in self.consultation.ongoing if str(row.pk) == named), None)

    @property
    def is_stop(self) -> bool:
        return self.values(self.dose).get("decision") == DoseForm.STOP

    def _stop_entry(self) -> StopEntry | None:
        if not self.is_stop:
            return None
        typed = self.dose.cleaned_data
        return StopEntry(
            last_dose_on=typed["last_dose_on"],
            why=typed["why"],
            event=self._event_named,
            for_new_event=typed["event"] == DoseForm.NEW_EVENT,
            comment=typed["comment"],
            tells_event=typed["tells_event"],
        )

    def _kit_entry(self, form: KitForm) -> KitEntry:
        typed = form.cleaned_data
        return KitEntry(
            kit_id=typed["kit_id"],
            source=typed["source"],
            strength_mg=typed["strength_mg"],
            tablets=typed["tablets"],
            expires_on=typed["expires_on"],
            is_as_proposed=form.is_as_proposed,
        )

    def _booking_entry(self) -> BookingEntry | None:
        coming, typed = self.consultation.next_visit, self.next.cleaned_data
        if coming is None or not typed["booked_on"]:
            return None
        agreed = (typed["booked_on"], typed["booked_time"])
        is_new = agreed != (coming.visit.booked_on, coming.visit.booked_time)
        return BookingEntry(coming.visit, *agreed) if is_new else None
