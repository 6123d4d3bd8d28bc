"""Loads the facts of many courses at once: the same few statements, however many patients."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any

from django.db.models import F, Q, QuerySet

from adverse_events.models import AdverseEvent
from adverse_events.rules.lab_grades import GRADED_UNITS
from dosing.models import Kit, KitReturn
from dosing.rules.kits import KitFacts, KitReturnFacts
from patients.facts import patient_facts
from patients.models import Disposition, Outcome, Patient
from protocol.codes import DispositionRecord, OutcomeKind
from review.rules.facts import ContactFacts, EventFacts, ReviewFacts
from visits.models import LabResult
from visits.rules.imaging import ASSESSMENTS

Rows = dict[int, list[dict[str, Any]]]  # patient → rows

_COUNTS = ("returned_on", "tablets_returned", "tablets_lost", "tablets_kept")


def review_facts(patient_ids: Iterable[int]) -> Iterator[tuple[Patient, ReviewFacts]]:
    """Each patient with the facts that may be doubtful."""
    ids = list(patient_ids)
    kits = _rows(Kit.objects.all(), ids, *_names(KitFacts))
    returns = _rows(_returns(), ids, "code", *_COUNTS)
    events = _rows(AdverseEvent.objects.all(), ids, *_names(EventFacts))
    units = _rows(_units_not_graded(), ids, "test", "unit")
    seen = _rows(Outcome.objects.filter(kind__in=ASSESSMENTS).order_by("on"), ids, "kind", "on")
    last_doses = _last_doses(ids)
    for patient in _patients(ids):
        yield (
            patient,
            ReviewFacts(
                patient=patient_facts(patient),
                orders=tuple(order.facts for order in patient.dose_orders.all()),
                kits=tuple(KitFacts(**row) for row in kits[patient.pk]),
                returns=tuple(_return(row) for row in returns[patient.pk]),
                last_dose_on=last_doses.get(patient.pk),
                events=tuple(_event(row) for row in events[patient.pk]),
                contact=_contact(patient),
                units_not_graded=tuple((row["test"], row["unit"]) for row in units[patient.pk]),
                assessed_on=tuple(row["on"] for row in seen[patient.pk]),
                recurrence_on=min(
                    (row["on"] for row in seen[patient.pk] if row["kind"] == OutcomeKind.RECURRENCE),
                    default=None,
                ),
            ),
        )


def _patients(ids: list[int]) -> QuerySet[Patient]:
    entry = ("tumour", "screening", "enrolment", "contact")
    rows: QuerySet[Patient] = Patient.objects.filter(pk__in=ids)
    return rows.select_related(*entry).prefetch_related("consents", "dose_orders__adverse_event")


def _names(facts: Any) -> list[str]:
    return [field.name for field in fields(facts)]


def _rows(records: QuerySet[Any, Any], ids: list[int], *names: str) -> Rows:
    """The rows of these patients, each as a dict of facts."""
    grouped: Rows = defaultdict(list)
    for row in records.filter(patient_id__in=ids).values("patient_id", *names):
        grouped[row.pop("patient_id")].append(row)
    return grouped


def _returns() -> QuerySet[Any, Any]:
    return KitReturn.objects.annotate(patient_id=F("kit__patient_id"), code=F("kit__kit_id"))


def _return(row: dict[str, Any]) -> KitReturnFacts:
    return KitReturnFacts(kit_id=row.pop("code"), **row)


def _units_not_graded() -> QuerySet[Any, Any]:
    graded = Q()
    for test, unit in GRADED_UNITS.items():
        graded |= Q(test=test, unit=unit)
    return LabResult.objects.exclude(graded).order_by("test", "unit").distinct()


def _last_doses(ids: list[int]) -> dict[int, Any]:
    ends = Disposition.objects.filter(patient_id__in=ids, record=DispositionRecord.TREATMENT)
    return dict(ends.values_list("patient_id", "last_dose_on"))


def _event(row: dict[str, Any]) -> EventFacts:
    return EventFacts(**row | {"serious": tuple(row["serious"])})


def _contact(patient: Patient) -> ContactFacts:
    contact = getattr(patient, "contact", None)
    return ContactFacts(contact.email, contact.reminders, contact.is_refused) if contact else ContactFacts()
