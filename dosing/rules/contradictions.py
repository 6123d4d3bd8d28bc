"""An adverse event beside the dose ledger: what one of them says of the dose, and the other does not know.

The action taken with the drug is that of CDISC ACN (C66767): interrupted needs a hold that meets the event, reduced or
increased an order of another dose from its start on, withdrawn the end of treatment. A doubt, never a correction; where
something is not known (no action, an event outside the days under orders) nothing is doubted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Protocol

from dosing.rules.orders import DoseOrderFacts, DosePeriod, dose_periods
from protocol.codes import ActionTaken, DoseReason


class Contradiction(StrEnum):
    REDUCED_WITHOUT_ORDER = "REDUCED_WITHOUT_ORDER"
    INTERRUPTED_WITHOUT_HOLD = "INTERRUPTED_WITHOUT_HOLD"
    WITHDRAWN_WITHOUT_END = "WITHDRAWN_WITHOUT_END"
    INCREASED_WITHOUT_ORDER = "INCREASED_WITHOUT_ORDER"
    ORDER_SAYS_CHANGED = "ORDER_SAYS_CHANGED"


class EventAction(Protocol):
    """What is read of an event; an action that is blank or None is not known yet.

    Of a day that is known in part, `started_on` is the first and `last_on` the last it can be.
    """

    @property
    def ae_no(self) -> int: ...
    @property
    def started_on(self) -> date | None: ...
    @property
    def last_on(self) -> date | None: ...
    @property
    def action_taken(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class OrderedAction:
    """What an order does with the drug; `action` None: the first dose, or the same one again."""

    period: DosePeriod
    action: ActionTaken | None

    @property
    def order(self) -> DoseOrderFacts:
        return self.period.order


UNDONE = {
    ActionTaken.DOSE_REDUCED: Contradiction.REDUCED_WITHOUT_ORDER,
    ActionTaken.DRUG_INTERRUPTED: Contradiction.INTERRUPTED_WITHOUT_HOLD,
    ActionTaken.DRUG_WITHDRAWN: Contradiction.WITHDRAWN_WITHOUT_END,
    ActionTaken.DOSE_INCREASED: Contradiction.INCREASED_WITHOUT_ORDER,
}
_LEFT_ALONE = frozenset({ActionTaken.DOSE_NOT_CHANGED, ActionTaken.NOT_APPLICABLE})
SPARING = frozenset({ActionTaken.DOSE_REDUCED, ActionTaken.DRUG_INTERRUPTED})  # less of the drug than before


def ordered_actions(orders: Sequence[DoseOrderFacts]) -> tuple[OrderedAction, ...]:
    """Each order, by day, with what it does: a dose after a hold is measured against the dose before the hold."""
    before: Fraction | None = None
    found = []
    for period in dose_periods(orders, None):
        found.append(OrderedAction(period, _action(period.order, before)))
        if not period.order.is_hold:
            before = period.order.mean_daily_mg
    return tuple(found)


def orders_behind(event: EventAction, orders: Sequence[DoseOrderFacts]) -> tuple[OrderedAction, ...]:
    """The orders that do what an event says was done: those that name it, or else those in the right place."""
    doing = [done for done in ordered_actions(orders) if done.action and done.action == event.action_taken]
    named = [done for done in doing if done.order.ae_no == event.ae_no]
    return tuple(named or [done for done in doing if _is_in_place(done, event)])


def orders_to_match(
    event: EventAction, orders: Sequence[DoseOrderFacts], last_dose_on: date | None
) -> tuple[OrderedAction, ...]:
    """Orders in the right place that name no event, as long as none names this one: it may be one of them."""
    if not _is_under_orders(event, orders, last_dose_on):
        return ()
    found = orders_behind(event, orders)
    if any(done.order.ae_no == event.ae_no for done in found):
        return ()
    return tuple(done for done in found if done.order.ae_no is None)


def contradiction_of(
    event: EventAction, orders: Sequence[DoseOrderFacts], last_dose_on: date | None
) -> Contradiction | None:
    """What an event and the ledger disagree about; `last_dose_on` of a treatment that has ended."""
    if not event.action_taken or not _is_under_orders(event, orders, last_dose_on):
        return None
    action = ActionTaken(event.action_taken)
    if action in _LEFT_ALONE:
        sparing = (done for done in ordered_actions(orders) if done.action in SPARING)
        is_changed = any(done.order.ae_no == event.ae_no for done in sparing)
        return Contradiction.ORDER_SAYS_CHANGED if is_changed else None
    if action is ActionTaken.DRUG_WITHDRAWN:
        return Contradiction.WITHDRAWN_WITHOUT_END if last_dose_on is None else None
    return None if orders_behind(event, orders) else UNDONE.get(action)


def orders_without_event(
    orders: Sequence[DoseOrderFacts], enrolled_on: date | None
) -> Iterator[DoseOrderFacts]:
    """Orders for toxicity that name no event. What was before enrolment is medical history and has none."""
    for order in orders:
        is_known = enrolled_on is not None and order.from_on >= enrolled_on
        if is_known and order.reason == DoseReason.TOXICITY and order.ae_no is None:
            yield order


def _action(order: DoseOrderFacts, before: Fraction | None) -> ActionTaken | None:
    if order.is_hold:
        return ActionTaken.DRUG_INTERRUPTED
    if before is None or order.mean_daily_mg == before:
        return None
    is_lower = order.mean_daily_mg < before
    return ActionTaken.DOSE_REDUCED if is_lower else ActionTaken.DOSE_INCREASED


def _is_in_place(done: OrderedAction, event: EventAction) -> bool:
    """A hold meets the event; another dose is ordered on its first day or later, also when it is over."""
    if event.started_on is None:
        return False
    if done.action is not ActionTaken.DRUG_INTERRUPTED:
        return done.order.from_on >= event.started_on
    return done.period.span(event.started_on, event.last_on or date.max) is not None


def _is_under_orders(event: EventAction, orders: Sequence[DoseOrderFacts], last_dose_on: date | None) -> bool:
    """Did the event fall, in part at least, on days of which the ledger knows the dose?"""
    if event.started_on is None or not orders:
        return False
    is_over_before = event.last_on is not None and event.last_on < min(order.from_on for order in orders)
    return not is_over_before and (last_dose_on is None or event.started_on <= last_dose_on)
