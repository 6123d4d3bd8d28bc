"""The only eyes on the dose ledger."""

from dosing.selectors.advice import DosingAdvice, EventProposal, advice_for
from dosing.selectors.flags import FlagState, acknowledgements, flags_of, provisional_orders
from dosing.selectors.supply import (
    IpGap,
    SupplyAtRisk,
    SupplyOutlook,
    codes_about_tablets,
    ip_gaps,
    supply_at_risk,
    supply_outlook,
)

__all__ = [
    "DosingAdvice",
    "EventProposal",
    "FlagState",
    "IpGap",
    "SupplyAtRisk",
    "SupplyOutlook",
    "acknowledgements",
    "advice_for",
    "codes_about_tablets",
    "flags_of",
    "ip_gaps",
    "provisional_orders",
    "supply_at_risk",
    "supply_outlook",
]
