"""What waits for the principal investigator, and the doses and holds that are flagged: a few rows, never all."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.permissions import Permission
from adverse_events.models import AdverseEvent
from adverse_events.selectors import unconfirmed_events
from courses.models import CourseSummary
from dashboard.selectors.courses import summaries
from dosing.models import DoseOrder
from dosing.rules.flags import FlagKey
from dosing.selectors import acknowledgements, provisional_orders
from patients.models import Patient
from protocol.codes import FlagCode

_NOW = Q(has_dose_below_minimum_now=True) | Q(has_long_hold_now=True)
_EVER = Q(has_dose_below_minimum=True) | Q(has_long_hold=True)


@dataclass(frozen=True, slots=True)
class Flag:
    code: str
    from_on: date
    to_on: date | None
    mean_daily_mg: Decimal | None

    @property
    def key(self) -> FlagKey:
        return self.code, self.from_on, self.mean_daily_mg or Decimal("0.0")


@dataclass(frozen=True, slots=True)
class Waiting:
    """The first of the flags that nobody has acknowledged, and of the orders and assessments nobody has confirmed."""

    flags: tuple[tuple[Patient, Flag], ...]
    orders: tuple[DoseOrder, ...]
    orders_in_all: int
    assessments: tuple[AdverseEvent, ...]
    assessments_in_all: int


@dataclass(frozen=True, slots=True)
class FlaggedCourse:
    summary: CourseSummary
    flags: tuple[Flag, ...]


def waiting(user: User, count: int) -> Waiting:
    """At most so many of each, those that have waited longest."""
    rows = summaries(user).filter(waiting_since__isnull=False).order_by("waiting_since", "patient_id")[:count]
    shown = list(rows.select_related("patient__site"))
    said = acknowledgements(row.patient_id for row in shown)
    flags = [
        (row.patient, flag)
        for row in shown
        for flag in flags_of(row)
        if flag.key not in said.get(row.patient_id, {})
    ]
    flags.sort(key=lambda found: (found[1].from_on, found[0].subject_id))
    orders = provisional_orders(user, Permission.VIEW_DASHBOARD)
    assessments = unconfirmed_events(user, Permission.VIEW_DASHBOARD)
    return Waiting(
        flags=tuple(flags[:count]),
        orders=tuple(orders[:count]),
        orders_in_all=orders.count(),
        assessments=tuple(assessments[:count]),
        assessments_in_all=assessments.count(),
    )


def flagged_courses(user: User, count: int) -> list[FlaggedCourse]:
    """Courses with a dose under the minimum or a long hold, those that still last first."""
    rows = _first(summaries(user).filter(_NOW), count)
    if len(rows) < count:
        rows += _first(summaries(user).filter(_EVER).exclude(_NOW), count - len(rows))
    return [FlaggedCourse(row, tuple(flags_of(row))) for row in rows]


def _first(rows: QuerySet[CourseSummary], count: int) -> list[CourseSummary]:
    return list(rows.select_related("patient__site").order_by("patient__subject_id")[:count])


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
