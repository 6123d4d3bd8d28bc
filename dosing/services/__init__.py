"""The only hands that write the dose ledger: orders, what is said to flags, kits out and back, missed doses."""

from dosing.services.flags import acknowledge_flag
from dosing.services.orders import check_range, confirm_order, correct_order, order_dose, order_doubts
from dosing.services.tablets import (
    correct_kit,
    dispense_kit,
    record_missed_doses,
    record_return,
    remove_return,
)

__all__ = [
    "acknowledge_flag",
    "check_range",
    "confirm_order",
    "correct_kit",
    "correct_order",
    "dispense_kit",
    "order_dose",
    "order_doubts",
    "record_missed_doses",
    "record_return",
    "remove_return",
]
