"""How long the tablets in a patient's hands last, strength by strength, and the gap at the change of supply.

Whole tablets only: 300 mg is three of 100, never a part of a 400. What was counted replaces what was reckoned: once
every kit of a dispensing is counted, the patient has what was kept of it; until then the patient has what the orders
have left of it. A day without enough tablets uses none, and on an ordered day off or hold none is used.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from dosing.rules.kits import KitFacts, KitReturnFacts, Returns, kits_by_day, returns_by_kit, tablets_kept
from dosing.rules.orders import DosePeriod
from protocol.codes import SupplySource
from protocol.days import ONE_DAY, days_between

Stock = Counter[int]  # tablets by strength (mg)


@dataclass(frozen=True, slots=True)
class Shortage:
    """The first dosing day the tablets do not cover; its dose, and the mg there are on its morning."""

    on: date
    dose_mg: int
    in_hand_mg: int

    @property
    def is_of_strength(self) -> bool:
        """There would be mg enough, but no whole tablets that make up the dose."""
        return self.in_hand_mg >= self.dose_mg


@dataclass(frozen=True, slots=True)
class SupplyGap:
    """Days of the change of supply without tablets, holds left out; `until` is the last of them, None = still open."""

    from_on: date
    until: date | None
    days: int


def shortage(
    periods: Sequence[DosePeriod],
    kits: Sequence[KitFacts],
    returns: Sequence[KitReturnFacts],
    until: date,
) -> Shortage | None:
    """When the tablets in hand run out, by the orders; None if they last to `until` or nothing was handed out."""
    groups = kits_by_day(kits)
    if not groups:
        return None
    by_kit = returns_by_kit(returns)
    stock, days = Counter[int](), list(groups)
    for from_on, next_on in pairwise(days):
        stock = _left_over(periods, stock, groups[from_on], by_kit, from_on, next_on)
    from_on, stock = _latest(stock, groups[days[-1]], by_kit)
    return _use(periods, stock, from_on, until)


def transition_gap(
    periods: Sequence[DosePeriod],
    kits: Sequence[KitFacts],
    returns: Sequence[KitReturnFacts],
    on: date,
) -> SupplyGap | None:
    """From the first day the prescriptions no longer cover to the day before the first study drug, or to `on`.

    None without a prescription, or while the tablets last. How long a gap may be is the protocol's.
    """
    study_drug = [kit.dispensed_on for kit in kits if kit.source == SupplySource.IP]
    until = min(study_drug) - ONE_DAY if study_drug else None
    last = until or on
    own = [kit for kit in kits if kit.source != SupplySource.IP and kit.dispensed_on <= last]
    ran_out = shortage(periods, own, returns, last)
    if ran_out is None:
        return None
    spans = (period.span(ran_out.on, last) for period in periods if not period.order.is_hold)
    return SupplyGap(ran_out.on, until, sum(days_between(*span) for span in spans if span))


def _left_over(
    periods: Sequence[DosePeriod],
    brought: Stock,
    group: Sequence[KitFacts],
    returns: Returns,
    from_on: date,
    next_on: date,
) -> Stock:
    """What is there on the morning of the next dispensing: counted, or else reckoned."""
    if _is_counted(group, returns):
        return tablets_kept(group, returns)
    stock = _handed_out(brought, group, returns)
    _use(periods, stock, from_on, next_on - ONE_DAY, goes_on=True)
    return stock


def _latest(brought: Stock, group: Sequence[KitFacts], returns: Returns) -> tuple[date, Stock]:
    """The day from which the latest supply is used, and what it is: handed out, or counted since."""
    if _is_counted(group, returns):
        return max(returns[kit.kit_id].returned_on for kit in group), tablets_kept(group, returns)
    return group[0].dispensed_on, _handed_out(brought, group, returns)


def _is_counted(group: Sequence[KitFacts], returns: Returns) -> bool:
    return all(kit.kit_id in returns for kit in group)


def _handed_out(brought: Stock, group: Sequence[KitFacts], returns: Returns) -> Stock:
    """Brought along and handed out, less what of it was given back or lost."""
    stock = Counter(brought)
    for kit in group:
        stock[kit.strength_mg] += kit.tablets
        if kit.kit_id in returns:
            stock[kit.strength_mg] -= returns[kit.kit_id].tablets_returned + returns[kit.kit_id].tablets_lost
    return +stock


def _use(
    periods: Sequence[DosePeriod], stock: Stock, from_on: date, until: date, *, goes_on: bool = False
) -> Shortage | None:
    """Take every day's dose out of the stock; stop at the first day that is short, or go on behind it."""
    for period in periods:
        span = period.span(from_on, until)
        if span is None or period.order.is_hold:
            continue
        pattern = period.order.pattern_from(span[0])
        short = _first_short(pattern, days_between(*span), stock, goes_on=goes_on)
        if short is not None and not goes_on:
            in_hand_mg = sum(strength * tablets for strength, tablets in stock.items())
            day = date.fromordinal(span[0].toordinal() + short)
            return Shortage(day, pattern[short % len(pattern)], in_hand_mg)
    return None


def _first_short(pattern: tuple[int, ...], days: int, stock: Stock, *, goes_on: bool) -> int | None:
    """The place of the first day the stock does not cover; behind it only what some day can still use is used."""
    day, first = 0, None
    while day < days:
        place = day % len(pattern)
        turned = pattern[place:] + pattern[:place]
        if cycles := _take_cycles(turned, (days - day) // len(pattern), stock):
            day += cycles * len(pattern)
            continue
        if not _take(turned[0], stock):
            first = day if first is None else first
            if not goes_on or all(_tablets(mg, stock) is None for mg in pattern if mg):
                break
        day += 1
    return first


def _take_cycles(pattern: tuple[int, ...], most: int, stock: Stock) -> int:
    """Take as many whole cycles at once as the tablets each of them needs allow; how many that were."""
    plenty: Stock = Counter({strength: sum(pattern) for strength, tablets in stock.items() if tablets})
    need: Stock = Counter()
    for dose_mg in pattern:
        tablets = _tablets(dose_mg, plenty)
        if tablets is None:
            return 0
        need.update(tablets)
    cycles = min([most, *(stock[strength] // tablets for strength, tablets in need.items())])
    stock.subtract({strength: tablets * cycles for strength, tablets in need.items()})
    return cycles


def _take(dose_mg: int, stock: Stock) -> bool:
    tablets = _tablets(dose_mg, stock)
    stock.subtract(tablets or {})
    return tablets is not None


def _tablets(dose_mg: int, stock: Stock) -> Stock | None:
    """The whole tablets of the stock that make up a dose, the largest first; None if none do."""
    found: Stock = Counter()
    for strength in sorted(stock, reverse=True):
        found[strength] = min(stock[strength], dose_mg // strength)
        dose_mg -= found[strength] * strength
    return None if dose_mg else +found
