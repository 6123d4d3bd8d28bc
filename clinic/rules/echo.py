"""What the values being typed mean, before anything is saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dosing.rules.accountability import AccountabilityInterval, accountability_intervals
from dosing.rules.kits import KitFacts, KitReturnFacts
from dosing.rules.orders import DoseOrderFacts, DosePeriod, dose_periods
from dosing.rules.tablets import TabletQuantity, proposed_tablets
from protocol.days import ONE_DAY, treatment_day
from protocol.definition import Regimen
from visits.rules.schedule import is_in_window


@dataclass(frozen=True, slots=True)
class DayMeaning:
    """A typed visit day; `in_window` is None where the schedule has no window."""

    day: date
    treatment_day: int | None
    in_window: bool | None


def day_meaning(
    day: date, first_dose_on: date | None, opens_on: date | None, closes_on: date | None
) -> DayMeaning:
    has_window = opens_on is not None and closes_on is not None
    return DayMeaning(
        day,
        treatment_day(first_dose_on, day) if first_dose_on else None,
        is_in_window(day, opens_on, closes_on) if has_window else None,  # type: ignore[arg-type]
    )


def intervals_counted(
    kits: Sequence[KitFacts],
    returns: Sequence[KitReturnFacts],
    typed: Sequence[KitReturnFacts],
    periods: Sequence[DosePeriod],
    seen_on: date,
) -> tuple[AccountabilityInterval, ...]:
    """The accountability intervals that the `typed` returns complete, the last one closed the day before the visit.

    A count at a visit speaks of the days up to it: the dose of the visit day comes from the new kit.
    """
    counted = {kit_return.kit_id for kit_return in typed}
    days = {kit.dispensed_on for kit in kits if kit.kit_id in counted}
    earlier = [kit for kit in kits if kit.dispensed_on < seen_on]
    known = [kit_return for kit_return in returns if kit_return.kit_id not in counted]
    intervals = accountability_intervals(earlier, [*known, *typed], periods, seen_on - ONE_DAY)
    return tuple(interval for interval in intervals if interval.from_on in days)


def tablets_to_hand_out(
    orders: Sequence[DoseOrderFacts],
    new: DoseOrderFacts | None,
    from_on: date,
    until: date,
    regimen: Regimen,
) -> tuple[TabletQuantity, ...]:
    """Tablets for every day from the visit to the end of the next window, by the orders as they will stand."""
    periods = dose_periods([*orders, *([new] if new else [])], None)
    needed: dict[int, int] = {}
    for period in periods:
        span = period.span(from_on, until)
        if span is None or period.order.is_hold:
            continue
        for quantity in proposed_tablets(period.order, *span, regimen.tablet_strengths_mg):
            needed[quantity.strength_mg] = needed.get(quantity.strength_mg, 0) + quantity.tablets
    return tuple(TabletQuantity(strength, needed[strength]) for strength in sorted(needed, reverse=True))
