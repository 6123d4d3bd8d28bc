"""Holds for toxicity: how often each reason has led to one, and which is on now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from dosing.rules.flags import hold_days, holds
from dosing.rules.orders import DoseOrderFacts, DosePeriod, dose_periods
from protocol.codes import DoseReason
from protocol.days import days_between
from protocol.definition import Regimen


@dataclass(frozen=True, slots=True)
class HoldCount:
    """Days on hold up to a day, that day inside: of the hold that is on now, and of the whole course."""

    days_now: int
    days_total: int
    regimen: Regimen

    @property
    def is_alert(self) -> bool:
        return self.days_now > self.regimen.hold_alert_days

    @property
    def is_over_limit(self) -> bool:
        return self.days_now > self.regimen.hold_limit_days

    @property
    def is_over_total(self) -> bool:
        return self.days_total > self.regimen.hold_limit_total_days


def hold_count(periods: Sequence[DosePeriod], on: date, regimen: Regimen) -> HoldCount:
    now = [hold for hold in holds(periods) if hold.from_on <= on and (hold.to_on is None or hold.to_on >= on)]
    return HoldCount(days_between(now[0].from_on, on) if now else 0, hold_days(periods, on), regimen)


def toxicity_holds(
    orders: Sequence[DoseOrderFacts], kind_of_event: Mapping[int, str]
) -> tuple[dict[str, int], str | None]:
    """How often each kind of toxicity has led to a hold, and the kind of the hold that is on now.

    `kind_of_event`: what stands behind an adverse event (a label rule, a row of the table), by its number. Adjoining
    hold orders are one hold, of the kind of the latest that names one.
    """
    counts: dict[str, int] = {}
    held_for: str | None = None
    ordered = sorted(orders, key=lambda order: order.from_on)
    for is_hold, run in groupby(ordered, key=lambda order: order.is_hold):
        kinds = [kind for order in run if (kind := _kind(order, kind_of_event))] if is_hold else []
        held_for = kinds[-1] if kinds else None
        if held_for is not None:
            counts[held_for] = counts.get(held_for, 0) + 1
    return counts, held_for


def dose_before_hold(orders: Sequence[DoseOrderFacts], on: date) -> DoseOrderFacts | None:
    """The latest order up to a day that is no hold."""
    begun = [period.order for period in dose_periods(orders, None) if period.from_on <= on]
    return next((order for order in reversed(begun) if not order.is_hold), None)


def _kind(order: DoseOrderFacts, kind_of_event: Mapping[int, str]) -> str | None:
    if order.reason != DoseReason.TOXICITY or order.ae_no is None:
        return None
    return kind_of_event.get(order.ae_no)
