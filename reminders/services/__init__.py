"""The only hands that write the ledger."""

from reminders.services.acts import can, cancel, may_act, resend
from reminders.services.heartbeat import record_heartbeat
from reminders.services.planning import PlanReport, plan_reminders
from reminders.services.rounds import SendReport
from reminders.services.sending import send_reminders
from reminders.services.staff import choose_mails, plan_notices

__all__ = [
    "PlanReport",
    "SendReport",
    "can",
    "cancel",
    "choose_mails",
    "may_act",
    "plan_notices",
    "plan_reminders",
    "record_heartbeat",
    "resend",
    "send_reminders",
]
