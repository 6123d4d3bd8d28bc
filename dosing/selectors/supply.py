"""Whose tablets run out too soon: before the next visit about tablets, and around the change to study drug."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from accounts.models import User
from accounts.permissions import Permission
from dosing.models import DoseOrder, Kit
from dosing.rules.in_hand import Shortage, SupplyGap, shortage, transition_gap
from dosing.rules.kits import KitFacts, KitReturnFacts
from dosing.rules.orders import DoseOrderFacts, DosePeriod, dose_periods
from patients.models import Disposition, Outcome, Patient
from protocol.codes import DispositionRecord, EntryPath, OutcomeKind, SupplySource
from protocol.days import ONE_DAY, extension_from, planned_end_on
from protocol.definition import Protocol
from protocol.versions import available_versions
from visits.models import Visit
from visits.selectors import unrecorded

REMEMBERED = timedelta(days=366)  # tablets handed out longer ago are used up or expired
AHEAD = timedelta(days=200)  # no two visits about tablets are further apart, windows included


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
class SupplyOutlook:
    """Both lists, from one reading of the ledger."""

    at_risk: list[SupplyAtRisk]
    gaps: list[IpGap]


def supply_at_risk(user: User, *, on: date) -> list[SupplyAtRisk]:
    """Patients on treatment whose tablets run out before the window of the next visit about tablets closes.

    A visit that is booked for a day still covered brings new tablets in time, and no row.
    """
    return supply_outlook(user, on=on).at_risk


def ip_gaps(user: User, *, on: date) -> list[IpGap]:
    """Patients without tablets, or soon without, between their own prescriptions and the study drug.

    A gap longer than the protocol allows stands until a visit has taken place after the study drug began; one to come
    stands while the transition is the next visit about tablets.
    """
    return supply_outlook(user, on=on).gaps


def supply_outlook(user: User, *, on: date, among: QuerySet[Patient] | None = None) -> SupplyOutlook:
    """`supply_at_risk` and `ip_gaps` of the patients a person sees, or of those among them."""
    supplies = list(_supplies(_on_treatment(user, on, among), on))
    at_risk = [row for supply in supplies if (row := supply.at_risk)]
    gaps = [gap for supply in supplies if (gap := supply.gap_to_come)]
    long = [supply for supply in supplies if supply.is_gap_too_long]
    seen = _last_seen([supply.patient.pk for supply in long], on)
    gaps += [gap for supply in long if (gap := supply.long_gap(seen.get(supply.patient.pk)))]
    return SupplyOutlook(
        sorted(at_risk, key=lambda row: (row.runs_out_on, row.patient.subject_id)),
        sorted(gaps, key=lambda row: (row.runs_out_on, row.patient.subject_id)),
    )


@dataclass
class _Supply:
    """The tablets of one patient, the orders that use them, and the next visit about tablets."""

    patient: Patient
    next_visit: Visit | None
    periods: tuple[DosePeriod, ...]
    kits: list[KitFacts]
    returns: list[KitReturnFacts]
    on: date

    @property
    def at_risk(self) -> SupplyAtRisk | None:
        visit, ran_out = self.next_visit, self.ran_out
        if visit is None or ran_out is None or ran_out.on > (visit.closes_on or date.max):
            return None
        is_in_time = visit.booked_on is not None and self.on <= visit.booked_on <= ran_out.on
        return None if is_in_time else SupplyAtRisk(self.patient, visit, ran_out)

    @cached_property
    def ran_out(self) -> Shortage | None:
        """Until the last planned dose: nobody needs tablets after it."""
        if self.next_visit is None or self.patient.first_dose_on is None:
            return None
        until = planned_end_on(self.patient.first_dose_on, self.protocol.regimen)
        return shortage(self.periods, self.kits, self.returns, until)

    @cached_property
    def gap(self) -> SupplyGap | None:
        """From the day the window of the transition opens; before it a patient is only short of tablets."""
        transition = self.protocol.transition
        if self.patient.first_dose_on is None:
            return None
        opens_on = extension_from(self.patient.first_dose_on, self.protocol.regimen) - timedelta(
            days=transition.before_days
        )
        return transition_gap(self.periods, self.kits, self.returns, self.on) if opens_on <= self.on else None

    @property
    def is_gap_too_long(self) -> bool:
        return self.gap is not None and self.gap.days > self.protocol.regimen.supply_gap_query_days

    def long_gap(self, last_seen_on: date | None) -> IpGap | None:
        """A gap that is over is talked about at the next visit: then it needs no row any more."""
        gap = self.gap
        if gap is None or (gap.until and last_seen_on and last_seen_on > gap.until + ONE_DAY):
            return None
        return IpGap(self.patient, gap.from_on, None, gap)

    @property
    def gap_to_come(self) -> IpGap | None:
        is_next = self.next_visit is not None and self.next_visit.visit == self.protocol.transition.code
        has_study_drug = any(kit.source == SupplySource.IP for kit in self.kits)
        if not is_next or has_study_drug or self.is_gap_too_long:
            return None
        row = self.at_risk
        return IpGap(self.patient, row.runs_out_on, row.next_closes_on) if row else None

    @property
    def protocol(self) -> Protocol:
        return self.patient.protocol


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
        .select_related("site")
    )


def _supplies(patients: QuerySet[Patient], on: date) -> Iterator[_Supply]:
    """The supply of each of these patients, in four statements. Nothing is known of one without a kit."""
    known = {patient.pk: patient for patient in patients}  # read once, and named by key from here on
    visits, orders = _next_visits(known, on), _orders(known)
    for pk, (kits, returns) in _kits(known, on).items():
        yield _Supply(known[pk], visits.get(pk), dose_periods(orders[pk], None), kits, returns, on)


def _next_visits(patients: Iterable[int], on: date) -> dict[int, Visit]:
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
        closes_on__range=(on, on + AHEAD),
        patient__in=list(patients),
    )
    return {
        visit.patient_id: visit for visit in visits.order_by("patient_id", "target_on").distinct("patient_id")
    }


def _orders(patients: Iterable[int]) -> Mapping[int, list[DoseOrderFacts]]:
    found: dict[int, list[DoseOrderFacts]] = defaultdict(list)
    rows = DoseOrder.objects.filter(patient__in=list(patients)).order_by("from_on")
    for pk, from_on, pattern_mg, anchor_on, reason in rows.values_list(
        "patient_id", "from_on", "pattern_mg", "anchor_on", "reason"
    ):
        found[pk].append(DoseOrderFacts(from_on, tuple(pattern_mg), anchor_on, reason))
    return found


def _kits(patients: Iterable[int], on: date) -> Mapping[int, tuple[list[KitFacts], list[KitReturnFacts]]]:
    """What went out and what came back of it, as plain values: there are many more of them than patients."""
    found: dict[int, tuple[list[KitFacts], list[KitReturnFacts]]] = defaultdict(lambda: ([], []))
    rows = Kit.objects.filter(dispensed_on__range=(on - REMEMBERED, on), patient__in=list(patients))
    counted = ("returned_on", "tablets_returned", "tablets_lost", "tablets_kept")
    for pk, *kit, returned_on, returned, lost, kept in rows.order_by("dispensed_on").values_list(
        *("patient_id", "kit_id", "dispensed_on", "source", "strength_mg", "tablets"),
        *(f"kit_return__{name}" for name in counted),
    ):
        facts = KitFacts(*kit)
        found[pk][0].append(facts)
        if returned_on is not None and returned_on <= on:
            found[pk][1].append(KitReturnFacts(facts.kit_id, returned_on, returned, lost, kept))
    return found


def _last_seen(patients: Iterable[int], on: date) -> dict[int, date]:
    visits = Visit.objects.filter(patient__in=list(patients), occurred_on__lte=on).order_by()
    return dict(visits.values("patient_id").annotate(on=Max("occurred_on")).values_list("patient_id", "on"))
