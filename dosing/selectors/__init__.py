"""The only eyes on the dose ledger."""

from dosing.selectors.supply import IpGap, SupplyAtRisk, ip_gaps, supply_at_risk

__all__ = ["IpGap", "SupplyAtRisk", "ip_gaps", "supply_at_risk"]
