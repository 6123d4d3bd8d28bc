"""Loose ends that are not visits: who is still to be enrolled or to begin, events to watch, results to enter,
queries to answer, mails that did not go out."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import User
from adverse_events.models import AdverseEvent
from adverse_events.models.event import SEVERE_GRADE
from courses.models import LabProposal
from dosing.models import DoseOrder
from dosing.selectors import provisional_orders
from patients.facts import patient_facts
from patients.models import Disposition, Outcome, Patient
from patients.rules.eligibility import assess
from protocol.codes import EligibilityVerdict, OutcomeKind
from reminders.models import Reminder
from reminders.selectors import unsent
from review.models import Query
from review.selectors import open_queries
from visits.models import Assessment
from visits.selectors import Scope


@dataclass(frozen=True, slots=True)
class Beginning:
    """A patient on the way in. `verdict` None: enrolled, and without a dose order; `on`: the first dose, also a planned
    one."""

    patient: Patient
    verdict: EligibilityVerdict | None
    on: date | None = None


def beginnings(patients: QuerySet[Patient], *, on: date) -> list[Beginning]:
    """Who was screened and is not enrolled; then who is enrolled, and whose first dose is nobody's or was due."""
    gone = Disposition.objects.filter(patient=OuterRef("pk"), ended_on__lte=on)
    died = Outcome.objects.filter(patient=OuterRef("pk"), kind=OutcomeKind.DEATH, on__lte=on)
    here = patients.exclude(Exists(gone)).exclude(Exists(died)).select_related("site", "enrolment")
    return [*_in_screening(here), *_without_a_dose(here, on)]


def _in_screening(patients: QuerySet[Patient]) -> list[Beginning]:
    waiting = patients.filter(enrolment=None).select_related("site", "tumour", "screening")
    found = waiting.prefetch_related("consents", "dose_orders").order_by("subject_id")
    return [Beginning(each, assess(patient_facts(each), each.protocol).verdict) for each in found]


def _without_a_dose(patients: QuerySet[Patient], on: date) -> list[Beginning]:
    ordered = DoseOrder.objects.filter(patient=OuterRef("pk"))
    waiting = patients.filter(enrolment__enrolled_on__lte=on).exclude(Exists(ordered))
    begins_on = Coalesce("first_dose_on", "screening__planned_start_on")
    due = waiting.annotate(begins_on=begins_on).filter(Q(begins_on=None) | Q(begins_on__lte=on))
    return [Beginning(each, None, each.begins_on) for each in due.order_by("begins_on", "subject_id")]


def open_events(user: User, scope: Scope) -> QuerySet[AdverseEvent]:
    """Ongoing events that are severe or serious, the worst first."""
    worrying = Q(grade__gte=SEVERE_GRADE) | ~Q(serious=[])
    return (
        AdverseEvent.objects.filter(worrying, still_going_on(scope.on), scope.of(user))
        .select_related("patient__site")
        .order_by("-grade", "started_on")
    )


def pending_labs(user: User, scope: Scope) -> QuerySet[Assessment]:
    """Visits whose laboratory results were still to come."""
    return (
        Assessment.objects.filter(
            scope.of(user, "visit__patient__"), labs_pending=True, visit__occurred_on__lte=scope.on
        )
        .select_related("visit__patient__site")
        .order_by("visit__occurred_on")
    )


def graded_results(user: User, scope: Scope) -> QuerySet[LabProposal]:
    """Graded results that no adverse event accounts for, the worst first."""
    rows = LabProposal.objects.filter(scope.of(user), collected_on__lte=scope.on)
    return rows.select_related("patient__site").order_by(
        "-grade", "collected_on", "patient__subject_id", "test"
    )


def queries_to_answer(user: User, scope: Scope) -> QuerySet[Query]:
    """Open queries, those that have waited longest first."""
    rows = open_queries(user).filter(scope.of(user)).select_related("patient__site")
    return rows.order_by("opened_at", "patient__subject_id", "code")


def orders_to_confirm(user: User, scope: Scope) -> QuerySet[DoseOrder]:
    """Provisional orders, which hold already and wait for an investigator."""
    return provisional_orders(user).filter(scope.of(user), from_on__lte=scope.on)


def unsent_mails(user: User, scope: Scope) -> QuerySet[Reminder]:
    """Reminders that should have gone out, or are still being tried, of appointments to come."""
    return unsent(user, on=scope.on).filter(scope.of(user)).order_by("appointment_on")


def still_going_on(on: date) -> Q:
    return Q(started_on__lte=on) & (Q(ended_on__isnull=True) | Q(ended_on__gt=on))
