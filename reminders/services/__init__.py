"""The only hands that write the ledger."""

from reminders.services.planning import PlanReport, plan_reminders

__all__ = ["PlanReport", "plan_reminders"]
