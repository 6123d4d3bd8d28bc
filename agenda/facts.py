"""The facts of many agendas at once, in a number of queries that does not grow with them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from adverse_events.selectors import open_clocks
from agenda.rules.facts import AgendaFacts, OwedReport, VisitFacts
from dosing.models import DoseOrder, Kit
from dosing.rules.kits import KitFacts, KitReturnFacts
from dosing.rules.orders import DoseOrderFacts
from dosing.rules.outlook import REMEMBERED
from dosing.selectors import codes_about_tablets
from patients.models import Consent, ConsentVersion, Disposition, Outcome, Patient
from patients.rules.consents import FormVersion, SignedConsent
from protocol.codes import DispositionRecord, OutcomeKind
from protocol.definition import Protocol
from visits.models import UNSCHEDULED, ContactAttempt, Visit
from visits.rules.contacts import Attempt
from visits.rules.imaging import ASSESSMENTS
from visits.rules.schedule import ProjectedVisit
from visits.rules.status import VisitRecord
from visits.rules.working_days import IsWorkingDay
from visits.selectors import working_days

_VISIT = (
    *("visit", "visitnum", "target_on", "opens_on", "closes_on"),
    *("booked_on", "booked_time", "occurred_on", "not_done", "did_not_come"),
)


def agenda_facts(patient_ids: Sequence[int], *, on: date) -> dict[Patient, AgendaFacts]:
    """By patient; what lies too far before `on` to decide anything is left out."""
    return dict(_Reading(patient_ids, on).facts())


class _Reading:
    """Every table read once for all of these patients."""

    def __init__(self, patient_ids: Sequence[int], on: date) -> None:
        ids = list(patient_ids)
        self.patients = Patient.objects.filter(pk__in=ids).select_related("enrolment", "screening")
        self.visits = _by_patient(
            Visit.objects.filter(patient__in=ids).order_by("target_on", "visitnum"), *_VISIT
        )
        self.ends = _by_patient(
            Disposition.objects.filter(patient__in=ids), "record", "ended_on", "last_dose_on"
        )
        self.outcomes = _by_patient(Outcome.objects.filter(patient__in=ids).order_by("on"), "kind", "on")
        self.attempts = _attempts(ids)
        self.consents = _by_patient(
            Consent.objects.filter(patient__in=ids), "purpose", "version", "consented_on", "withdrawn_on"
        )
        self.orders = _by_patient(
            DoseOrder.objects.filter(patient__in=ids).order_by("from_on"),
            *("from_on", "pattern_mg", "anchor_on", "reason"),
        )
        self.kits = _kits(ids, on)
        self.reports = _reports(ids)
        self.forms = _forms()
        self.about_tablets = frozenset(codes_about_tablets())

    def facts(self) -> Iterator[tuple[Patient, AgendaFacts]]:
        patients = list(self.patients)
        is_open = working_days({patient.site_id for patient in patients})
        for patient in patients:
            yield patient, self._facts_of(patient, is_open[patient.site_id])

    def _facts_of(self, patient: Patient, is_working_day: IsWorkingDay) -> AgendaFacts:
        pk, protocol = patient.pk, patient.protocol
        enrolment, screening = getattr(patient, "enrolment", None), getattr(patient, "screening", None)
        ends = {record: (ended_on, last_dose_on) for record, ended_on, last_dose_on in self.ends[pk]}
        closed_on, last_dose_on = ends.get(DispositionRecord.TREATMENT, (None, None))
        days = dict(reversed(self.outcomes[pk]))  # the first of each kind
        rows = self.visits[pk]
        return AgendaFacts(
            protocol=protocol,
            entry_path=patient.entry_path,
            is_working_day=is_working_day,
            enrolled_on=enrolment.enrolled_on if enrolment else None,
            first_dose_on=patient.first_dose_on,
            planned_start_on=screening.planned_start_on if screening else None,
            treatment_closed_on=closed_on,
            treatment_ended_on=last_dose_on,
            participation_ended_on=ends.get(DispositionRecord.PARTICIPATION, (None, None))[0],
            died_on=days.get(OutcomeKind.DEATH),
            recurrence_on=days.get(OutcomeKind.RECURRENCE),
            visits=tuple(_visit(protocol, *row) for row in rows if row[0] != UNSCHEDULED),
            seen=tuple(occurred_on for *_, occurred_on, _done, _came in rows if occurred_on is not None),
            attempts=tuple(self.attempts[pk]),
            assessed_on=tuple(day for kind, day in self.outcomes[pk] if kind in ASSESSMENTS),
            consents=tuple(SignedConsent(*row) for row in self.consents[pk]),
            forms=(*self.forms[None], *self.forms[patient.site_id]),
            orders=tuple(
                DoseOrderFacts(day, tuple(mg), anchor, why) for day, mg, anchor, why in self.orders[pk]
            ),
            kits=tuple(kit for kit, _count in self.kits[pk]),
            returns=tuple(count for _kit, count in self.kits[pk] if count is not None),
            about_tablets=self.about_tablets,
            reports=tuple(self.reports[pk]),
        )


def _by_patient(rows: QuerySet[Any], *names: str) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for pk, *values in rows.values_list("patient_id", *names):
        found[pk].append(tuple(values))
    return found


def _visit(protocol: Protocol, code: str, number: int, *row: Any) -> VisitFacts:
    target_on, opens_on, closes_on, booked_on, booked_time, occurred_on, not_done, did_not_come = row
    window = None
    if target_on is not None:
        anchor = protocol.visit(code).anchor
        window = ProjectedVisit(code, number, target_on, opens_on, closes_on, anchor)
    record = VisitRecord(code, occurred_on, not_done)
    return VisitFacts(record, number, window, booked_on, booked_time, did_not_come)


def _attempts(ids: Iterable[int]) -> dict[int, list[Attempt]]:
    found: dict[int, list[Attempt]] = defaultdict(list)
    rows = ContactAttempt.objects.filter(visit__patient__in=ids).order_by("on", "recorded_at")
    for pk, day, reached in rows.values_list("visit__patient_id", "on", "reached"):
        found[pk].append(Attempt(day, reached))
    return found


def _kits(ids: Iterable[int], on: date) -> dict[int, list[tuple[KitFacts, KitReturnFacts | None]]]:
    found: dict[int, list[tuple[KitFacts, KitReturnFacts | None]]] = defaultdict(list)
    rows = Kit.objects.filter(dispensed_on__gte=on - REMEMBERED, patient__in=ids).order_by("dispensed_on")
    counted = ("returned_on", "tablets_returned", "tablets_lost", "tablets_kept")
    for pk, *kit, returned_on, returned, lost, kept in rows.values_list(
        *("patient_id", "kit_id", "dispensed_on", "source", "strength_mg", "tablets"),
        *(f"kit_return__{name}" for name in counted),
    ):
        facts = KitFacts(*kit)
        count = KitReturnFacts(facts.kit_id, returned_on, returned, lost, kept) if returned_on else None
        found[pk].append((facts, count))
    return found


def _reports(ids: Iterable[int]) -> dict[int, list[OwedReport]]:
    found: dict[int, list[OwedReport]] = defaultdict(list)
    for due in open_clocks(Patient.objects.filter(pk__in=ids)):
        aware_at, due_at = (
            instant.astimezone(settings.CLINIC_ZONE) for instant in (due.clock.aware_at, due.clock.due_at)
        )
        found[due.patient.pk].append(OwedReport(due.code, aware_at.date(), due_at.date(), due_at.time()))
    return found


def _forms() -> dict[int | None, list[FormVersion]]:
    found: dict[int | None, list[FormVersion]] = defaultdict(list)
    rows = ConsentVersion.objects.values_list("site_id", "purpose", "version", "in_force_on", "asks_again")
    for site_id, *form in rows:
        found[site_id].append(FormVersion(*form))
    return found
