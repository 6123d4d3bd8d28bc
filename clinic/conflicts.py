"""What a second saver would change: the record as it stands against what they typed."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date

from django.utils.translation import gettext as _

from accounts.models import User
from adverse_events.models import AdverseEvent
from clinic.services import VisitEntry
from dosing.models import DoseOrder, Kit
from patients.words import plain, word_of
from visits.models import Assessment, LabResult, Visit


@dataclass(frozen=True, slots=True)
class Difference:
    """`stored` is what somebody has saved, `typed` what was about to be saved."""

    label: str
    stored: object
    typed: object


def is_same_submission(visit: Visit, entry: VisitEntry, by: User) -> bool:
    """The same person has sent the same page twice: there is nothing to do and nothing to say."""
    return visit.recorded_by_id == by.pk and not differences(visit, entry)


def differences(visit: Visit, entry: VisitEntry) -> list[Difference]:
    return [found for found in _compared(visit, entry) if found.stored != found.typed]


def _compared(visit: Visit, entry: VisitEntry) -> Iterator[Difference]:
    yield Difference(_("Date of the visit"), visit.occurred_on, entry.occurred_on)
    yield from _assessment(visit, entry)
    yield from _labs(visit, entry)
    yield from _tablets(visit, entry)
    yield from _events_and_orders(visit, entry)


def _assessment(visit: Visit, entry: VisitEntry) -> Iterator[Difference]:
    stored = getattr(visit, "assessment", None)
    for field in fields(entry.assessment) if entry.assessment else ():
        label = str(Assessment._meta.get_field(field.name).verbose_name)
        yield Difference(label, getattr(stored, field.name, None), getattr(entry.assessment, field.name))


def _labs(visit: Visit, entry: VisitEntry) -> Iterator[Difference]:
    rows = LabResult.objects.filter(patient=visit.patient_id, collected_on=visit.occurred_on)
    stored = {row.test: plain(row.value) for row in rows}
    for lab in entry.labs:
        yield Difference(word_of(lab.test), stored.get(lab.test), plain(lab.value))


def _tablets(visit: Visit, entry: VisitEntry) -> Iterator[Difference]:
    kits = {kit.pk: kit for kit in Kit.objects.filter(patient=visit.patient_id).select_related("kit_return")}
    for counted in entry.returns:
        label = _("Tablets back of %(kit)s") % {"kit": counted.kit.kit_id}
        row = getattr(kits.get(counted.kit.pk), "kit_return", None)
        yield Difference(label, row.tablets_returned if row else None, counted.returned)
    out = {kit.kit_id: kit.tablets for kit in kits.values()}
    for kit in entry.kits:
        label = _("Tablets handed out as %(kit)s") % {"kit": kit.kit_id}
        yield Difference(label, out.get(kit.kit_id), kit.tablets)


def _events_and_orders(visit: Visit, entry: VisitEntry) -> Iterator[Difference]:
    for values in entry.new_events:
        row = AdverseEvent.objects.filter(
            patient=visit.patient_id, term=values.term, started_on=values.started_on
        ).first()
        yield Difference(values.term, row.grade if row else None, values.grade)
    if entry.order is not None:
        stored = DoseOrder.objects.filter(patient=visit.patient_id, from_on=entry.order.from_on).first()
        label = _("Dose from %(day)s") % {"day": _iso(entry.order.from_on)}
        yield Difference(label, _dose(stored.pattern_mg if stored else None), _dose(entry.order.pattern_mg))


def _dose(pattern_mg: list[int] | tuple[int, ...] | None) -> str | None:
    return "/".join(map(str, pattern_mg)) if pattern_mg else None


def _iso(day: date) -> str:
    return day.isoformat()
