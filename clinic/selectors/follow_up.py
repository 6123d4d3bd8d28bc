"""Loose ends that are not visits: adverse events to watch, results to enter, mails that did not go out."""

from datetime import date

from django.db.models import Q, QuerySet

from accounts.models import User
from adverse_events.models import AdverseEvent
from reminders.models import Reminder
from reminders.selectors import unsent
from visits.models import Assessment
from visits.selectors import Scope

SEVERE_GRADE = 3  # CTCAE: severe


def open_events(user: User, scope: Scope) -> QuerySet[AdverseEvent]:
    """Ongoing events that are severe or serious, the worst first."""
    worrying = Q(grade__gte=SEVERE_GRADE) | ~Q(serious=[])
    return (
        AdverseEvent.objects.filter(worrying, still_going_on(scope.on), patient__in=scope.patients(user))
        .select_related("patient__site")
        .order_by("-grade", "started_on")
    )


def pending_labs(user: User, scope: Scope) -> QuerySet[Assessment]:
    """Visits whose laboratory results were still to come."""
    return (
        Assessment.objects.filter(
            labs_pending=True, visit__occurred_on__lte=scope.on, visit__patient__in=scope.patients(user)
        )
        .select_related("visit__patient__site")
        .order_by("visit__occurred_on")
    )


def unsent_mails(user: User, scope: Scope) -> QuerySet[Reminder]:
    """Reminders that should have gone out, or are still being tried, of appointments to come."""
    return unsent(user, on=scope.on).filter(patient__in=scope.patients(user)).order_by("appointment_on")


def still_going_on(on: date) -> Q:
    return Q(started_on__lte=on) & (Q(ended_on__isnull=True) | Q(ended_on__gt=on))
