"""The only hands that write the ledger."""

from reminders.services.heartbeat import record_heartbeat
from reminders.services.planning import PlanReport, plan_reminders
from reminders.services.sending import SendReport, send_reminders

__all__ = ["PlanReport", "SendReport", "plan_reminders", "record_heartbeat", "send_reminders"]
