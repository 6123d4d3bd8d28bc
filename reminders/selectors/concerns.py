"""What the principal investigator must know of: doses, holds, report clocks and visits that somebody has to act on."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from accounts.permissions import Permission
from adverse_events.models import Subject
from adverse_events.rules.clocks import ClockState
from adverse_events.selectors import report_clocks
from dosing.models import DoseOrder
from dosing.rules.flags import dose_flags
from dosing.rules.orders import DoseOrderFacts, dose_periods
from dosing.selectors import acknowledgements
from patients.models import Disposition, Outcome, Patient
from protocol.codes import DispositionRecord, FlagCode, OutcomeKind
from visits.rules.agenda import Section
from visits.selectors import Scope, visit_items


class Matter(StrEnum):
    LOW_DOSE = "LOW_DOSE"
    LONG_HOLD = "LONG_HOLD"
    REPORT_CLOCK = "REPORT_CLOCK"
    REPORT_OVERDUE = "REPORT_OVERDUE"
    OVERDUE_VISIT = "OVERDUE_VISIT"


_FLAGS = {FlagCode.DOSE_BELOW_300: Matter.LOW_DOSE, FlagCode.HOLD_OVER_90_DAYS: Matter.LONG_HOLD}


@dataclass(frozen=True, slots=True)
class Concern:
    """Something open about a patient. `key` is the same as long as it is the same matter."""

    matter: Matter
    patient: Patient
    which: str

    @property
    def key(self) -> str:
        return f"{self.matter}:{self.which}"


def concerns(user: User, *, now: datetime) -> list[Concern]:
    """Everything open at the sites of `user`, in a number of queries that does not grow with the patients."""
    on = now.astimezone(settings.CLINIC_ZONE).date()
    return [*dose_concerns(user, on), *_clocks(user, now), *_overdue(user, on)]


def _patients(user: User) -> QuerySet[Patient]:
    return Patient.objects.visible_to(user, Permission.VIEW_WORKLIST)


def dose_concerns(user: User, on: date) -> Iterator[Concern]:
    """Doses under the minimum, and holds past the limit, that last on a day and that nobody has acknowledged."""
    orders: dict[int, list[DoseOrderFacts]] = defaultdict(list)
    patients = {patient.pk: patient for patient in _on_treatment(user, on).select_related("site")}
    for order in DoseOrder.objects.filter(patient__in=list(patients)).order_by("patient", "from_on"):
        facts = DoseOrderFacts(order.from_on, tuple(order.pattern_mg), order.anchor_on, order.reason)
        orders[order.patient_id].append(facts)
    said = acknowledgements(orders)
    for pk, given in orders.items():
        protocol = patients[pk].protocol
        flags = dose_flags(
            dose_periods(given, None), (), on, protocol.regimen, protocol.adherence.overuse_percent
        )
        for flag in flags:
            if flag.to_on is None and flag.code in _FLAGS and flag.key not in said.get(pk, {}):
                yield Concern(_FLAGS[flag.code], patients[pk], flag.from_on.isoformat())


def _on_treatment(user: User, on: date) -> QuerySet[Patient]:
    ended = Disposition.objects.filter(
        Q(record=DispositionRecord.TREATMENT) | Q(record=DispositionRecord.PARTICIPATION, ended_on__lte=on),
        patient=OuterRef("pk"),
    )
    died = Outcome.objects.filter(patient=OuterRef("pk"), kind=OutcomeKind.DEATH, on__lte=on)
    return _patients(user).filter(enrolment__isnull=False).exclude(Exists(ended)).exclude(Exists(died))


def _clocks(user: User, now: datetime) -> Iterator[Concern]:
    """One of each event: what is only due, and once more when it is overdue."""
    found: dict[Subject, Concern] = {}
    for due in report_clocks(user, Permission.VIEW_WORKLIST, at=now):
        is_overdue = due.clock.state(now) is ClockState.OVERDUE
        matter = Matter.REPORT_OVERDUE if is_overdue else Matter.REPORT_CLOCK
        found.setdefault(due.subject, Concern(matter, due.patient, due.which))
    yield from found.values()


def _overdue(user: User, on: date) -> Iterator[Concern]:
    """By their window: a booked day that passed inside it is the nurse's to follow up."""
    for item in visit_items(user, Scope(on=on, today=on)):
        closes_on = item.visit.closes_on
        if item.section is Section.OVERDUE and closes_on is not None and closes_on < on:
            yield Concern(Matter.OVERDUE_VISIT, item.visit.patient, item.visit.visit)
