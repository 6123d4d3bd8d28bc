"""What saving would change: the record as it stands against what was typed, for a correction or a second saver."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from adverse_events.models import AdverseEvent
from adverse_events.rules.history import grade_on
from clinic.services import MissedEntry, VisitEntry
from dosing.models import DoseOrder, Kit, KitReturn
from patients.models import Disposition, Patient
from patients.words import EVENT_OUTCOMES, plain, word_of
from protocol.codes import DispositionRecord, ProcedureAnswer
from visits.models import Assessment, LabResult, Visit
from visits.rules.imaging import ASSESSMENTS, SCAN
from visits.services import LabValue
from visits.words import procedure_name

BLANK = (None, "", False)


@dataclass(frozen=True, slots=True)
class Difference:
    """`stored` is what somebody has saved, `typed` what is about to be saved, `part` the fields it is typed in.

    `is_correction`: an entered value goes, which needs a reason; what fills a blank, or goes on, explains itself.
    """

    part: str
    label: str
    stored: object
    typed: object
    is_correction: bool


def differs(part: str, label: str, stored: object, typed: object, *, goes_on: bool = False) -> Difference:
    return Difference(part, label, stored, typed, stored not in BLANK and not goes_on)


def is_same_submission(patient: Patient, visit: Visit, entry: VisitEntry, by: User) -> bool:
    """The same person has sent the same page twice: there is nothing to do and nothing to say."""
    return visit.recorded_by_id == by.pk and not differences(patient, visit, entry)


def differences(patient: Patient, visit: Visit | None, entry: VisitEntry) -> list[Difference]:
    """`visit` None: an unscheduled one that is new."""
    return [found for found in _compared(patient, visit, entry) if found.stored != found.typed]


def _compared(patient: Patient, visit: Visit | None, entry: VisitEntry) -> Iterator[Difference]:
    if visit is not None:
        stored = _("not done") if visit.not_done else visit.occurred_on
        yield differs("day-occurred_on", _("Date of the visit"), stored, entry.occurred_on)
    if visit is not None and entry.came_for is not None:
        yield differs("day-came_for", _("Why the patient came"), visit.reason, entry.came_for)
    yield from _assessment(visit, entry)
    yield from _procedures(patient, visit, entry)
    yield from _scan(patient, visit, entry)
    yield from _labs(patient, visit, entry)
    yield from _tablets(patient, entry)
    yield from _missed(entry.missed)
    yield from _events(patient, entry)
    yield from _orders(patient, entry)
    yield from _booking(entry)


def _assessment(visit: Visit | None, entry: VisitEntry) -> Iterator[Difference]:
    stored = getattr(visit, "assessment", None)
    for field in fields(entry.assessment) if entry.assessment else ():
        label = str(Assessment._meta.get_field(field.name).verbose_name)
        old, new = getattr(stored, field.name, None), getattr(entry.assessment, field.name)
        if field.name == "labs_pending":
            old, new = _("yes") if old else None, _("yes") if new else None
        yield differs(f"seen-{field.name}", label, old, new, goes_on=field.name == "labs_pending")


def _procedures(patient: Patient, visit: Visit | None, entry: VisitEntry) -> Iterator[Difference]:
    rows = visit.procedures.all() if visit is not None else ()
    stored = {row.procedure: _answer(row.answer, row.note) for row in rows}
    for value in entry.procedures:
        label = procedure_name(patient.protocol, value.procedure)
        typed = _answer(value.answer, value.note)
        yield differs(f"done-{value.procedure}", label, stored.get(value.procedure), typed)


def _scan(patient: Patient, visit: Visit | None, entry: VisitEntry) -> Iterator[Difference]:
    """What was seen on the day; the result of a pending one is no correction."""
    if entry.scan is None:
        return
    row = visit.procedures.filter(procedure=SCAN).first() if visit is not None else None
    stored, is_pending = None, row is not None and row.answer == ProcedureAnswer.PENDING
    if row is not None:
        seen = patient.outcomes.filter(on=row.done_on, kind__in=ASSESSMENTS).order_by("pk").last()
        result = seen.kind if seen is not None and row.answer == ProcedureAnswer.DONE else row.answer
        stored = _shown(result, row.done_on, row.note)
    kept = entry.scan.as_procedure(entry.occurred_on)
    typed = _shown(entry.scan.result, kept.done_on, kept.note)
    yield differs("scan", _("What the scan shows"), stored, typed, goes_on=is_pending and typed is not None)


def _shown(result: str, on: date | None, note: str) -> str | None:
    parts = (word_of(result), date_format(on) if on else "", note)
    return " · ".join(filter(None, parts)) if result else None


def _answer(answer: str, note: str) -> str | None:
    return " · ".join(filter(None, (word_of(answer), note))) if answer else None


def _labs(patient: Patient, visit: Visit | None, entry: VisitEntry) -> Iterator[Difference]:
    """Against the results of the day as it was written down: they go with the visit to another one."""
    day = visit.occurred_on if visit and visit.occurred_on else entry.occurred_on
    rows = {row.test: row for row in LabResult.objects.filter(patient=patient, collected_on=day)}
    for test in entry.removed_labs:
        yield differs(f"lab-{test}", word_of(test), _result(rows.get(test)), None)
    for lab in entry.labs:
        yield differs(f"lab-{lab.test}", word_of(lab.test), _result(rows.get(lab.test)), _result(lab))


def _result(row: LabResult | LabValue | None) -> str | None:
    """Value and unit, and the limits in brackets."""
    if row is None:
        return None
    limits = [str(plain(limit)) if limit is not None else "" for limit in (row.lln, row.uln)]
    brackets = f"({'–'.join(limits)})" if any(limits) else ""
    return " ".join(filter(None, [str(plain(row.value)), row.unit, brackets]))


def _tablets(patient: Patient, entry: VisitEntry) -> Iterator[Difference]:
    kits = {kit.pk: kit for kit in Kit.objects.filter(patient=patient).select_related("kit_return")}
    typed = {
        counted.kit.pk: _count(counted.returned, counted.lost, counted.kept) for counted in entry.returns
    }
    for kit in (*(counted.kit for counted in entry.returns), *entry.uncounted):
        row: KitReturn | None = getattr(kits.get(kit.pk), "kit_return", None)
        stored = _count(row.tablets_returned, row.tablets_lost, row.tablets_kept) if row else None
        yield differs(
            f"kit-{kit.pk}", _("Tablets back of %(kit)s") % {"kit": kit.kit_id}, stored, typed.get(kit.pk)
        )
    out = {kit.kit_id: kit.tablets for kit in kits.values()}
    for number, handed_out in enumerate(entry.kits):
        label = _("Tablets handed out as %(kit)s") % {"kit": handed_out.kit_id}
        yield differs(f"out-{number}", label, out.get(handed_out.kit_id), handed_out.tablets, goes_on=True)


def _count(returned: int, lost: int, kept: int) -> str:
    values = {"returned": returned, "lost": lost, "kept": kept}
    return _("%(returned)s returned, %(lost)s lost, %(kept)s kept") % values


def _missed(missed: MissedEntry | None) -> Iterator[Difference]:
    if missed is not None:
        row = missed.replaces
        stored = _doses(row.doses_missed, row.from_on, row.to_on) if row else None
        yield differs("missed", _("Doses missed"), stored, _doses(missed.doses, missed.from_on, missed.to_on))


def _doses(doses: int, from_on: date, to_on: date) -> str:
    return f"{doses} ({from_on.isoformat()} – {to_on.isoformat()})"


def _events(patient: Patient, entry: VisitEntry) -> Iterator[Difference]:
    for change in entry.event_changes:
        event = change.event
        part, label = f"ae-{event.ae_no}", f"{event.ae_no} · {event.term}"
        if change.grade is not None:
            stored = grade_on(event.history, entry.occurred_on)
            yield differs(part, label, stored, change.grade, goes_on=True)
        if change.ended_on is not None:
            ended = f"{EVENT_OUTCOMES[change.outcome]} ({change.ended_on})"
            yield differs(part, label, None, ended)
    for number, values in enumerate(entry.new_events):
        row = AdverseEvent.objects.filter(
            patient=patient, term=values.term, started_on=values.started_on
        ).first()
        yield differs(f"new-{number}", values.term, row.grade if row else None, values.grade, goes_on=True)


def _orders(patient: Patient, entry: VisitEntry) -> Iterator[Difference]:
    if entry.order is not None:
        row = DoseOrder.objects.filter(patient=patient, from_on=entry.order.from_on).first()
        label = _("Dose from %(day)s") % {"day": entry.order.from_on.isoformat()}
        yield differs("dose", label, _dose(row.pattern_mg if row else None), _dose(entry.order.pattern_mg))
    if entry.stop is not None:
        ends = Disposition.objects.filter(patient=patient, record=DispositionRecord.TREATMENT)
        end = ends.first()
        yield differs(
            "dose",
            _("Last dose on"),
            end.last_dose_on if end else None,
            entry.stop.last_dose_on,
            goes_on=True,
        )


def _dose(pattern_mg: Sequence[int] | None) -> str | None:
    return f"{'/'.join(map(str, pattern_mg))} mg" if pattern_mg else None


def _booking(entry: VisitEntry) -> Iterator[Difference]:
    if entry.booking is not None:
        agreed = entry.booking
        stored = _appointment(agreed.visit.booked_on, agreed.visit.booked_time)
        yield differs("next", _("Next visit on"), stored, _appointment(agreed.on, agreed.at), goes_on=True)


def _appointment(on: date | None, at: object) -> str | None:
    return " ".join(filter(None, [on.isoformat() if on else "", str(at)[:5] if at else ""])) or None
