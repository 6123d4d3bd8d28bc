"""The only eyes on the dose ledger."""

from dosing.selectors.supply import (
    IpGap,
    SupplyAtRisk,
    SupplyOutlook,
    ip_gaps,
    supply_at_risk,
    supply_outlook,
)

__all__ = ["IpGap", "SupplyAtRisk", "SupplyOutlook", "ip_gaps", "supply_at_risk", "supply_outlook"]
