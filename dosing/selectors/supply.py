"""Whose tablets run out too soon: before the next visit about tablets, and around the change to study drug."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from accounts.models import User
from accounts.permissions import Permission
from dosing.models import DoseOrder, Kit
from dosing.rules.in_hand import Shortage, SupplyGap
from dosing.rules.kits import KitFacts, KitReturnFacts
from dosing.rules.orders import DoseOrderFacts, dose_periods
from dosing.rules.outlook import AHEAD, REMEMBERED, NextVisit, Outlook
from patients.models import Disposition, Outcome, Patient
from protocol.codes import DispositionRecord, EntryPath, OutcomeKind
from protocol.versions import available_versions
from visits.models import Visit
from visits.selectors import unrecorded


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
    long = [supply for supply in supplies if supply.outlook.is_gap_too_long]
    seen = _last_seen([supply.patient.pk for supply in long], on)
    gaps += [gap for supply in long if (gap := supply.long_gap(seen.get(supply.patient.pk)))]
    return SupplyOutlook(
        sorted(at_risk, key=lambda row: (row.runs_out_on, row.patient.subject_id)),
        sorted(gaps, key=lambda row: (row.runs_out_on, row.patient.subject_id)),
    )


@dataclass(frozen=True, slots=True)
class _Supply:
    """The outlook of one patient, with the records it is told by."""

    patient: Patient
    next_visit: Visit | None
    outlook: Outlook

    @property
    def at_risk(self) -> SupplyAtRisk | None:
        ran_out = self.outlook.at_risk
        if self.next_visit is None or ran_out is None:
            return None
        return SupplyAtRisk(self.patient, self.next_visit, ran_out)

    @property
    def gap_to_come(self) -> IpGap | None:
        ran_out = self.outlook.gap_to_come
        if self.next_visit is None or ran_out is None:
            return None
        return IpGap(self.patient, ran_out.on, self.next_visit.closes_on)

    def long_gap(self, last_seen_on: date | None) -> IpGap | None:
        gap = self.outlook.long_gap(last_seen_on)
        return IpGap(self.patient, gap.from_on, None, gap) if gap else None


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
        patient, visit = known[pk], visits.get(pk)
        if patient.first_dose_on is not None:  # for the type: who has no first dose is not on treatment
            periods = dose_periods(orders[pk], None)
            outlook = Outlook(
                patient.protocol, patient.first_dose_on, _next(visit), periods, kits, returns, on
            )
            yield _Supply(patient, visit, outlook)


def _next(visit: Visit | None) -> NextVisit | None:
    if visit is None or visit.closes_on is None:
        return None
    return NextVisit(visit.visit, visit.closes_on, visit.booked_on)


def _next_visits(patients: Iterable[int], on: date) -> dict[int, Visit]:
    """The next visit about tablets that is still expected, of each patient who has one."""
    codes = codes_about_tablets()
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


def codes_about_tablets() -> set[str]:
    """Of the visits of every version of the protocol."""
    schedules = [protocol.schedule for protocol in available_versions()]
    return {visit.code for schedule in schedules for visit in schedule if visit.is_about_tablets}


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
