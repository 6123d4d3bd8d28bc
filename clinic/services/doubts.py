"""What is possible and yet looks wrong, or cannot be taken back: somebody has to confirm it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from adverse_events.rules import lab_grades
from adverse_events.services import (
    doubts_of,
)
from clinic.booking_doubts import booking_doubts
from clinic.measures import measure_doubts
from clinic.rules.handed_out import quantities_in_doubt
from clinic.services.entry import OrderEntry, ScanEntry, VisitEntry
from dosing.models import DoseOrder
from dosing.rules.tablets import TabletQuantity
from dosing.services import order_doubts
from patients.models import Patient
from protocol.codes import DispositionRecord, LabTest, ProcedureAnswer
from protocol.definition import PREGNANCY_TEST
from visits.services import (
    LabValue,
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A sentence to confirm, and the part of the page it speaks of."""

    part: str
    sentence: str


def doubts_of_entry(patient: Patient, entry: VisitEntry) -> list[Doubt]:
    """What is possible and yet looks wrong, or cannot be taken back: somebody has to confirm it."""
    doubts = []
    if entry.order is not None:
        doubts += [Doubt("dose", sentence) for sentence in dose_doubts(patient, entry.order, entry.labs)]
    if _lacks_dose(patient, entry):
        doubts.append(Doubt("dose", _("No dose is ordered: without an order no tablets are expected.")))
    if entry.stop is not None:
        doubts.append(Doubt("dose", _("Treatment ends for good: later treatment visits are cancelled.")))
    if entry.scan is not None and entry.scan.is_recurrence:
        doubts.append(Doubt("scan", recurrence_doubt(entry.scan)))
    for number, values in enumerate(entry.new_events):
        doubts += [Doubt(f"new-{number}", sentence) for sentence in doubts_of(patient, values)]
    if entry.assessment is not None:
        found = measure_doubts(patient, entry.occurred_on, entry.assessment)
        doubts += [Doubt("seen", sentence) for sentence in found]
    doubts += [Doubt(f"done-{PREGNANCY_TEST}", sentence) for sentence in pregnancy_doubts(entry)]
    doubts += [Doubt("out-0", sentence) for sentence in quantity_doubts(entry)]
    if (agreed := entry.booking) is not None and not entry.is_turning_point:
        doubts += [Doubt("next", sentence) for sentence in booking_doubts(agreed.visit, agreed.on, agreed.at)]
    return doubts


def dose_doubts(patient: Patient, order: OrderEntry, typed: Sequence[LabValue] = ()) -> list[str]:
    """What speaks against an order; `typed`: results of the same visit, which are not stored yet."""
    labs = {
        LabTest(lab.test): lab_grades.LabValue(LabTest(lab.test), lab.value, lab.unit, lab.lln, lab.uln)
        for lab in typed
    }
    return order_doubts(patient, from_on=order.from_on, pattern_mg=order.pattern_mg, labs=labs)


def recurrence_doubt(scan: ScanEntry) -> str:
    if scan.last_dose_on is None:
        return _(
            "A recurrence: survival follow-up begins. No last dose is given, so it does not end treatment with "
            "imatinib."
        )
    return _(
        "A recurrence: treatment ends with the last dose of %(day)s, its later visits are cancelled, and survival "
        "follow-up begins."
    ) % {"day": date_format(scan.last_dose_on)}


def pregnancy_doubts(entry: VisitEntry) -> list[str]:
    answers = {value.procedure: value.answer for value in entry.procedures}
    if answers.get(PREGNANCY_TEST) != ProcedureAnswer.POSITIVE:
        return []
    return [
        _("The pregnancy test is positive: if so, tell the investigator before any imatinib is handed out.")
    ]


def _lacks_dose(patient: Patient, entry: VisitEntry) -> bool:
    """Has treatment begun, on the day of the visit or before, without any order?"""
    if entry.order is not None or entry.stop is not None or _has_dose_decided(patient):
        return False
    return patient.first_dose_on is not None and patient.first_dose_on <= entry.occurred_on


def _has_dose_decided(patient: Patient) -> bool:
    """A dose was ordered, or treatment is over."""
    ends = patient.dispositions.filter(record=DispositionRecord.TREATMENT)
    return DoseOrder.objects.filter(patient=patient).exists() or ends.exists()


def quantity_doubts(entry: VisitEntry) -> list[str]:
    """Tablets handed out that are not what the orders need: often a proposal from before the dose was decided."""
    if not entry.kits or entry.needed is None:
        return []
    handed_out = [TabletQuantity(kit.strength_mg, kit.tablets) for kit in entry.kits]
    is_as_proposed = all(kit.is_as_proposed for kit in entry.kits)
    return [
        _("%(out)s tablets of %(strength)s mg are handed out, %(needed)s are needed.")
        % {"out": found.handed_out, "strength": found.strength_mg, "needed": found.needed}
        for found in quantities_in_doubt(handed_out, entry.needed, is_as_proposed=is_as_proposed)
    ]
