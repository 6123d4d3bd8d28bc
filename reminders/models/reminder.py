"""Messages to patients."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from patients.models import Patient
from reminders.models.message import Message, MessageQuerySet, state_constraints
from reminders.rules.kinds import Kind
from reminders.rules.states import OPEN
from visits.models import Visit


class ReminderKind(models.TextChoices):
    APPOINTMENT = Kind.APPOINTMENT.value, _("Appointment")
    PLANNED_DATE = Kind.PLANNED_DATE.value, _("Planned date, not booked yet")
    MISSED_VISIT = Kind.MISSED_VISIT.value, _("Did not come")
    MOVED = Kind.MOVED.value, _("Appointment moved")
    CANCELLED = Kind.CANCELLED.value, _("Appointment cancelled")


class ReminderQuerySet(MessageQuerySet):
    def visible_to(self, user: User) -> Self:
        mine = Patient.objects.visible_to(user, Permission.VIEW_REMINDERS)
        return self.filter(patient__in=mine.values("pk"))


class Reminder(Message):
    """One message to one address about one visit, on one day.

    `recipient` is the address as planned; it is compared with the patient's contact again before sending.
    `appointment_on` is the day the message speaks of: the booked one, or the suggested one while nobody has booked.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="reminders", verbose_name=_("patient"))
    # A visit that the schedule no longer has a place for is removed; what was said about it stays.
    visit = models.ForeignKey(
        Visit, models.SET_NULL, related_name="reminders", verbose_name=_("visit"), null=True, blank=True
    )
    kind = models.CharField(_("kind"), max_length=20, choices=ReminderKind.choices)
    recipient = models.EmailField(_("recipient"), max_length=320, blank=True)
    lead_days = models.PositiveSmallIntegerField(_("days ahead"))
    appointment_on = models.DateField(_("appointment"))
    appointment_time = models.TimeField(_("at"), null=True, blank=True)

    objects: ClassVar = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "kind", "recipient", "due_on"], name="one_reminder_a_visit_kind_address_day"
            ),
            *state_constraints("reminder"),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], name="reminder_still_to_send", condition=Q(state__in=sorted(OPEN))
            ),
            models.Index(fields=["due_on", "state"], name="reminder_by_day"),
        ]
