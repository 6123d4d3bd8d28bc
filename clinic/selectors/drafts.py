"""Drafts of visits: one's own to go on with, and whether somebody else has one of the same visit."""

from datetime import date

from django.db.models import QuerySet

from accounts.models import User
from clinic.models import Draft
from patients.models import Patient
from visits.models import UNSCHEDULED, Visit
from visits.selectors import Scope


def day_of_draft(visit: Visit | None) -> date | None:
    """What tells unscheduled visits apart; a visit of the schedule is told by its code alone."""
    return visit.occurred_on if visit is not None and visit.visit == UNSCHEDULED else None


def drafts_of(patient: Patient, code: str, visit: Visit | None) -> QuerySet[Draft]:
    """Everybody's drafts of one visit."""
    found: QuerySet[Draft] = Draft.objects.filter(patient=patient, visit=code, on=day_of_draft(visit))
    return found


def draft_of(user: User, patient: Patient, code: str, visit: Visit | None) -> Draft | None:
    return drafts_of(patient, code, visit).filter(user=user).first()


def drafts_of_others(user: User, patient: Patient, code: str, visit: Visit | None) -> list[Draft]:
    """The others who are at the same visit: what they typed stays theirs, only that they have begun is said."""
    return list(drafts_of(patient, code, visit).exclude(user=user).select_related("user").defer("typed"))


def drafts_to_finish(user: User, scope: Scope) -> QuerySet[Draft]:
    """A person's own drafts, the oldest first."""
    found = Draft.objects.filter(scope.of(user), user=user).defer("typed")
    return found.select_related("patient__site").order_by("kept_at")
