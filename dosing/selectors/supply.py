"""Whose tablets run out too soon: before the next visit about tablets, and around the change to study drug."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.models import User
from accounts.permissions import Permission
from dosing.models import DoseOrder, Kit
from dosing.rules.in_hand import Shortage, SupplyGap, shortage, transition_gap
from dosing.rules.kits import KitFacts, KitReturnFacts
from dosing.rules.orders import DoseOrderFacts, DosePeriod, dose_periods
from patients.models import Disposition, Outcome, Patient
from protocol.codes import DispositionRecord, EntryPath, OutcomeKind, SupplySource
from protocol.days import planned_end_on
from protocol.definition import Protocol
from protocol.versions import available_versions
from visits.models import Visit
from visits.selectors import unrecorded

REMEMBERED = timedelta(days=366)  # tablets handed out longer ago are used up or expired


@dataclass(frozen=True, slots=True)
class SupplyAtRisk:
    """`next_visit`: the next about tablets, not booked in time. `shortage` says what is missing, and from when."""

    patient: Patient
    next_visit: Visit
    shortage: Shortage

    @property
    def runs_out_on(self) -> date:
        return self.shortage.on

    @property
    def next_closes_on(self) -> date | None:
        return self.next_visit.closes_on


@dataclass(frozen=True, slots=True)
class IpGap:
    """A gap at the change of supply. `gap` None: still to come, the tablets run out before the transition's window
    ends; with `gap.until` None: no study drug yet."""

    patient: Patient
    runs_out_on: date
    closes_on: date | None
    gap: SupplyGap | None = None


@dataclass(frozen=True, slots=True)
class _Supply:
    """What the rules need of one patient."""

    patient: Patient
    protocol: Protocol
    periods: tuple[DosePeriod, ...]
    kits: list[KitFacts]
    returns: list[KitReturnFacts]

    @property
    def shortage(self) -> Shortage | None:
        """Until the last planned dose: nobody needs tablets after it."""
        if self.patient.first_dose_on is None:
            return None
        until = planned_end_on(self.patient.first_dose_on, self.protocol.regimen)
        return shortage(self.periods, self.kits, self.returns, until)

    @property
    def has_study_drug(self) -> bool:
        return any(kit.source == SupplySource.IP for kit in self.kits)


def supply_at_risk(user: User, *, on: date, among: QuerySet[Patient] | None = None) -> list[SupplyAtRisk]:
    """Patients on treatment whose tablets run out before the window of the next visit about tablets closes.

    A visit that is booked for a day still covered brings new tablets in time, and no row.
    """
    patients = _on_treatment(user, on, among)
    visits = _next_visits(patients, on)
    found = [
        SupplyAtRisk(supply.patient, visit, ran_out)
        for supply in _supplies(patients.filter(pk__in=visits), on)
        if (visit := visits[supply.patient.pk]) and (ran_out := supply.shortage)
        if ran_out.on <= (visit.closes_on or date.max) and not _is_in_time(visit, ran_out, on)
    ]
    return sorted(found, key=lambda row: (row.runs_out_on, row.patient.subject_id))


def ip_gaps(user: User, *, on: date, among: QuerySet[Patient] | None = None) -> list[IpGap]:
    """Patients without tablets, or soon without, between their own prescriptions and the study drug.

    A gap longer than the protocol allows stands until a visit has taken place after the study drug began; one to come
    stands from the day the transition is the next visit about tablets.
    """
    patients = _on_treatment(user, on, among)
    visits = _next_visits(patients, on)
    codes = {protocol.transition.code for protocol in available_versions()}
    begun = Visit.objects.filter(patient=OuterRef("pk"), visit__in=codes, opens_on__lte=on)
    to_come = [patient_id for patient_id, visit in visits.items() if visit.visit in codes]
    changing = patients.filter(Q(pk__in=to_come) | Exists(begun)).exclude(Exists(_seen_on_study_drug(on)))
    found = [gap for supply in _supplies(changing, on) if (gap := _gap(supply, visits, on))]
    return sorted(found, key=lambda row: (row.runs_out_on, row.patient.subject_id))


def _gap(supply: _Supply, visits: dict[int, Visit], on: date) -> IpGap | None:
    patient, limit = supply.patient, supply.protocol.regimen.supply_gap_query_days
    gap = transition_gap(supply.periods, supply.kits, supply.returns, on)
    if gap is not None and gap.days > limit:
        return IpGap(patient, gap.from_on, None, gap)
    visit, ran_out = visits.get(patient.pk), supply.shortage
    if supply.has_study_drug or visit is None or visit.visit != supply.protocol.transition.code:
        return None
    if ran_out is None or ran_out.on > (visit.closes_on or date.max) or _is_in_time(visit, ran_out, on):
        return None
    return IpGap(patient, ran_out.on, visit.closes_on)


def _is_in_time(visit: Visit, ran_out: Shortage, on: date) -> bool:
    return visit.booked_on is not None and on <= visit.booked_on <= ran_out.on


def _on_treatment(user: User, on: date, among: QuerySet[Patient] | None) -> QuerySet[Patient]:
    """Enrolled, begun, and neither ended nor gone on a day."""
    patients = Patient.objects.visible_to(user, Permission.VIEW_WORKLIST) if among is None else among
    ended = Q(record=DispositionRecord.TREATMENT) & Q(last_dose_on__lte=on)
    left = Q(record=DispositionRecord.PARTICIPATION) & Q(ended_on__lte=on)
    ends = Disposition.objects.filter(ended | left, patient=OuterRef("pk"))
    died = Outcome.objects.filter(patient=OuterRef("pk"), kind=OutcomeKind.DEATH, on__lte=on)
    return (
        patients.filter(first_dose_on__lte=on, enrolment__enrolled_on__lte=on)
        .exclude(Exists(ends))
        .exclude(Exists(died))
    )


def _next_visits(patients: QuerySet[Patient], on: date) -> dict[int, Visit]:
    """The next visit about tablets that is still expected, of each patient who has one."""
    schedules = [protocol.schedule for protocol in available_versions()]
    codes = {visit.code for schedule in schedules for visit in schedule if visit.is_about_tablets}
    after_entry = Q(patient__entry_path=EntryPath.NEW_START) | Q(
        opens_on__gt=F("patient__enrolment__enrolled_on")
    )
    visits = Visit.objects.filter(
        after_entry,
        unrecorded(on=on, today=date.max),
        visit__in=codes,
        closes_on__gte=on,
        patient__in=patients.values("pk"),
    )
    return {
        visit.patient_id: visit for visit in visits.order_by("patient_id", "target_on").distinct("patient_id")
    }


def _seen_on_study_drug(on: date) -> QuerySet[Visit]:
    """Of an outer patient: visits after the first study drug; what the gap was has been talked about by then."""
    begun = Kit.objects.filter(
        patient=OuterRef("patient"), source=SupplySource.IP, dispensed_on__lt=OuterRef("occurred_on")
    )
    return Visit.objects.filter(Exists(begun), patient=OuterRef("pk"), occurred_on__lte=on)


def _supplies(patients: QuerySet[Patient], on: date) -> Iterator[_Supply]:
    """The tablets and orders of these patients, in three statements. Nothing is known of one without a kit."""
    kits = defaultdict(list)
    handed_out = Kit.objects.filter(
        dispensed_on__range=(on - REMEMBERED, on), patient__in=patients.values("pk")
    )
    for kit in handed_out.select_related("kit_return"):
        kits[kit.patient_id].append(kit)
    orders = defaultdict(list)
    for order in DoseOrder.objects.filter(patient__in=list(kits)).order_by("from_on"):
        orders[order.patient_id].append(order)
    for patient in patients.filter(pk__in=list(kits)).select_related("site"):
        yield _supply(patient, orders[patient.pk], kits[patient.pk], on)


def _supply(patient: Patient, orders: Iterable[DoseOrder], kits: Iterable[Kit], on: date) -> _Supply:
    facts = [DoseOrderFacts(o.from_on, tuple(o.pattern_mg), o.anchor_on, o.reason) for o in orders]
    returns = [kit.kit_return for kit in kits if hasattr(kit, "kit_return")]
    return _Supply(
        patient=patient,
        protocol=patient.protocol,
        periods=dose_periods(facts, None),
        kits=[kit.facts for kit in kits],
        returns=[row.facts for row in returns if row.returned_on <= on],
    )
