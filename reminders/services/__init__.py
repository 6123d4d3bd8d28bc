"""The only hands that write the ledger."""

from reminders.services.acts import can, cancel, resend
from reminders.services.heartbeat import record_heartbeat
from reminders.services.planning import PlanReport, plan_reminders
from reminders.services.sending import SendReport, send_reminders

__all__ = [
    "PlanReport",
    "SendReport",
    "can",
    "cancel",
    "plan_reminders",
    "record_heartbeat",
    "resend",
    "send_reminders",
]
