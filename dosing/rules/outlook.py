"""Whether the tablets of a patient last: to the next visit about tablets, and over the change to study drug."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from dosing.rules.in_hand import Shortage, SupplyGap, shortage, transition_gap
from dosing.rules.kits import KitFacts, KitReturnFacts
from dosing.rules.orders import DosePeriod
from protocol.codes import SupplySource
from protocol.days import ONE_DAY, extension_from, planned_end_on
from protocol.definition import Protocol

REMEMBERED = timedelta(days=366)  # tablets handed out longer ago are used up or expired
AHEAD = timedelta(days=200)  # no two visits about tablets are further apart, windows included


@dataclass(frozen=True, slots=True)
class NextVisit:
    """The next visit about tablets that is still expected."""

    code: str
    closes_on: date
    booked_on: date | None = None


@dataclass(frozen=True)
class Outlook:
    """The tablets of one patient as of `on`, the orders that use them, and the next visit about tablets.

    `kits`: those of the remembered days; `returns`: their counts so far.
    """

    protocol: Protocol
    first_dose_on: date
    next_visit: NextVisit | None
    periods: tuple[DosePeriod, ...]
    kits: Sequence[KitFacts]
    returns: Sequence[KitReturnFacts]
    on: date

    @cached_property
    def at_risk(self) -> Shortage | None:
        """The shortage before the next visit closes; a visit booked for a day still covered brings tablets in time."""
        visit, ran_out = self.next_visit, self._ran_out
        if visit is None or ran_out is None or ran_out.on > visit.closes_on:
            return None
        is_in_time = visit.booked_on is not None and self.on <= visit.booked_on <= ran_out.on
        return None if is_in_time else ran_out

    @property
    def gap_to_come(self) -> Shortage | None:
        """The same while the transition is the next visit about tablets and nobody has had study drug."""
        is_next = self.next_visit is not None and self.next_visit.code == self.protocol.transition.code
        has_study_drug = any(kit.source == SupplySource.IP for kit in self.kits)
        return self.at_risk if is_next and not has_study_drug and not self.is_gap_too_long else None

    @property
    def is_gap_too_long(self) -> bool:
        return self._gap is not None and self._gap.days > self.protocol.regimen.supply_gap_query_days

    def long_gap(self, last_seen_on: date | None) -> SupplyGap | None:
        """A gap longer than allowed. One that is over is talked about at the next visit, and is no matter after it."""
        gap = self._gap if self.is_gap_too_long else None
        if gap is None or (gap.until and last_seen_on and last_seen_on > gap.until + ONE_DAY):
            return None
        return gap

    @property
    def _ran_out(self) -> Shortage | None:
        """Until the last planned dose: nobody needs tablets after it."""
        until = planned_end_on(self.first_dose_on, self.protocol.regimen)
        return shortage(self.periods, self.kits, self.returns, until)

    @cached_property
    def _gap(self) -> SupplyGap | None:
        """From the day the window of the transition opens; before it a patient is only short of tablets."""
        if change_of_supply_opens_on(self.first_dose_on, self.protocol) > self.on:
            return None
        return transition_gap(self.periods, self.kits, self.returns, self.on)


def change_of_supply_opens_on(first_dose_on: date, protocol: Protocol) -> date:
    days = timedelta(days=protocol.transition.before_days)
    return extension_from(first_dose_on, protocol.regimen) - days
