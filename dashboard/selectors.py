"""What the dashboard reads: course summaries of the patients a person may see, counted in the database."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Aggregate, Count, F, FloatField, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from accounts.models import User
from accounts.permissions import Permission
from accounts.selectors import sites_visible_to
from adverse_events.models import AdverseEvent
from adverse_events.selectors import unconfirmed_events
from agenda.rules.entries import Part
from agenda.selectors import StoredAgendas
from courses.models import CourseSummary
from dashboard.measures import PERCENTAGES, Measure, VisitsOfStatus, is_flagged, still_flagged_first
from dosing.models import DoseOrder
from dosing.rules.flags import FlagKey
from dosing.selectors import acknowledgements, provisional_orders
from patients.models import Enrolment, Patient
from patients.selectors import patients_with_summaries, with_states
from protocol import CURRENT_VERSION, Protocol, load_protocol
from protocol.codes import FlagCode
from protocol.versions import newest
from visits.selectors import Scope, overdue_items

_QUARTILES = (25, 50, 75)


class Quantile(Aggregate):
    """The value below which a share of the rows lies, between two of them interpolated."""

    function = "percentile_cont"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()

    def __init__(self, expression: str, share: float) -> None:
        super().__init__(expression, share=share)


@dataclass(frozen=True, slots=True)
class CutOff:
    """The day the numbers stand for; `oldest_on` differs while summaries are being built for a new day."""

    on: date | None
    oldest_on: date | None
    patients: int
    without_summary: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Every number of the page: patients by measure, amounts by measure, quartiles by percentage."""

    patients: dict[str, int]
    amounts: dict[str, int]
    quartiles: dict[str, tuple[float | None, ...]]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the principal investigator: flags that nobody has acknowledged, orders and assessments that nobody
    has confirmed."""

    flags: tuple[tuple[Patient, "Flag"], ...]
    orders: tuple[DoseOrder, ...]
    assessments: tuple[AdverseEvent, ...]


@dataclass(frozen=True, slots=True)
class FlaggedCourse:
    summary: CourseSummary
    flags: tuple["Flag", ...]


@dataclass(frozen=True, slots=True)
class Flag:
    code: str
    from_on: date
    to_on: date | None
    mean_daily_mg: Decimal | None

    @property
    def key(self) -> FlagKey:
        return self.code, self.from_on, self.mean_daily_mg or Decimal("0.0")


def summaries(user: User) -> QuerySet[CourseSummary]:
    """The course of every patient whose dashboard `user` may see."""
    patients = Patient.objects.visible_to(user, Permission.VIEW_DASHBOARD)
    return CourseSummary.objects.filter(patient__in=patients)


def cut_off(user: User) -> CutOff:
    patients = Patient.objects.visible_to(user, Permission.VIEW_DASHBOARD)
    found = patients.aggregate(
        on=Max("summary__as_of"),
        oldest_on=Min("summary__as_of"),
        patients=Count("pk"),
        without_summary=Count("pk", filter=Q(summary__isnull=True)),
    )
    return CutOff(**found)


def reference_protocol(user: User) -> Protocol:
    """What numbers over many patients are measured against: the newest version that one of them is on."""
    patients = Patient.objects.visible_to(user, Permission.VIEW_DASHBOARD)
    versions = patients.order_by().values_list("protocol_version", flat=True).distinct()
    return load_protocol(newest(versions) or CURRENT_VERSION)


def figures(user: User, known: dict[str, Measure]) -> Figures:
    """All measures in one statement."""
    patients = {f"n{place}": Count("pk", filter=m.where) for place, m in enumerate(known.values())}
    amounts = {
        f"a{place}": Sum(VisitsOfStatus(m.amount)) for place, m in enumerate(known.values()) if m.amount
    }
    quartiles = {
        f"q{percentage}{share}": Quantile(f"{percentage}_percent", share / 100)
        for percentage in PERCENTAGES
        for share in _QUARTILES
    }
    found: dict[str, Any] = summaries(user).aggregate(**patients, **amounts, **quartiles)
    return Figures(
        patients={key: found[f"n{place}"] for place, key in enumerate(known)},
        amounts={key: found[f"a{place}"] or 0 for place, key in enumerate(known) if f"a{place}" in found},
        quartiles={p: tuple(found[f"q{p}{share}"] for share in _QUARTILES) for p in PERCENTAGES},
    )


def patients_behind(user: User, measure: Measure) -> QuerySet[Patient]:
    """The patients a number was counted from, each with its share of the amount."""
    counted = summaries(user).filter(measure.where)
    found = patients_with_summaries(user).filter(pk__in=counted.values("patient_id"))
    rows = with_states(found).order_by("subject_id")
    return (
        rows.annotate(amount=VisitsOfStatus(measure.amount, "summary__payload")) if measure.amount else rows
    )


def lowest_adherence(user: User, count: int) -> QuerySet[CourseSummary]:
    """Where to look first: the lowest tablet counts of those that could be counted."""
    rows = summaries(user).filter(pill_count_percent__isnull=False).select_related("patient__site")
    return rows.order_by("pill_count_percent", "patient__subject_id")[:count]


def flagged_courses(user: User, count: int) -> list[FlaggedCourse]:
    """Courses with a dose under the minimum or a long hold, those that still last first."""
    rows = summaries(user).filter(Q(has_dose_below_minimum=True) | Q(has_long_hold=True))
    rows = rows.select_related("patient__site").order_by(still_flagged_first(), "patient__subject_id")
    return [FlaggedCourse(row, tuple(flags_of(row))) for row in rows[:count]]


def flags_of(summary: CourseSummary) -> Iterator[Flag]:
    """The flags of a course that the dashboard shows, the latest first."""
    for flag in reversed(summary.payload["flags"]):
        if flag["code"] != FlagCode.OVERUSE:
            mean = flag.get("mean_daily_mg")
            yield Flag(
                flag["code"],
                date.fromisoformat(flag["from_on"]),
                date.fromisoformat(flag["to_on"]) if flag["to_on"] else None,
                None if mean is None else Decimal(str(mean)),
            )


def waiting(user: User) -> Waiting:
    """Every one of them, those that still last first: what was said to a flag is looked up once for all."""
    condition = Q(has_dose_below_minimum=True) | Q(has_long_hold=True) | is_flagged(FlagCode.DOSE_ABOVE_PLAN)
    rows = list(summaries(user).filter(condition).select_related("patient__site"))
    said = acknowledgements(row.patient_id for row in rows)
    flags = [
        (row.patient, flag)
        for row in rows
        for flag in flags_of(row)
        if flag.key not in said.get(row.patient_id, {})
    ]
    flags.sort(key=lambda found: (found[1].to_on is not None, -found[1].from_on.toordinal()))
    return Waiting(
        flags=tuple(flags),
        orders=tuple(provisional_orders(user, Permission.VIEW_DASHBOARD)),
        assessments=tuple(unconfirmed_events(user, Permission.VIEW_DASHBOARD)),
    )


def patients_overdue(user: User, *, on: date) -> Iterable[int]:
    """Patients with a visit that somebody should call about, by primary key: those of the worklist's own part."""
    sites = tuple(sites_visible_to(user, Permission.VIEW_DASHBOARD).values_list("pk", flat=True))
    stored = StoredAgendas(sites, on)
    if stored.reach(today=on):
        return stored.patient_ids(Part.OVERDUE)
    judged = overdue_items(Patient.objects.filter(site__in=sites), Scope(on, today=on))
    return {item.visit.patient_id for item in judged}


def enrolments_by_month(user: User) -> Sequence[tuple[date, int]]:
    """(first day of a month, patients enrolled in it), in order, up to each patient's data cut-off."""
    patients = Patient.objects.visible_to(user, Permission.VIEW_DASHBOARD)
    known = Enrolment.objects.filter(patient__in=patients, enrolled_on__lte=F("patient__summary__as_of"))
    months = known.annotate(month=TruncMonth("enrolled_on")).values("month").order_by("month")
    return list(months.annotate(patients=Count("pk")).values_list("month", "patients"))
