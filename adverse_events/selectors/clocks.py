"""The open report clocks of a person's sites: one source for worklist, dashboard, chart and mails."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Case, DateTimeField, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, When

from accounts.models import User
from accounts.permissions import Permission
from adverse_events.models import AdverseEvent, Pregnancy, ReportDispatch, Subject
from adverse_events.rules.clocks import (
    ReportClock,
    event_clocks,
    longest_clock,
    pregnancy_clock,
)
from adverse_events.rules.seriousness import URGENT
from patients.models import Patient
from protocol.codes import Expectedness
from protocol.versions import available_versions

SERIOUS = ~Q(serious=[]) & Q(aware_at__isnull=False)
_Trail = AdverseEvent.pgh_event_models["insert"]  # type: ignore[attr-defined]  # set by audit.clinical


@dataclass(frozen=True, slots=True)
class DueReport:
    """One open clock and what it is about."""

    subject: Subject
    clock: ReportClock

    @property
    def patient(self) -> Patient:
        return self.subject.patient

    @property
    def which(self) -> str:
        """Its number among those of the patient; a pregnancy's begins with P."""
        if isinstance(self.subject, Pregnancy):
            return f"P{self.subject.pregnancy_no}"
        return str(self.subject.ae_no)

    @property
    def code(self) -> str:
        """What it is known by among all that is owed of the patient."""
        return f"{self.clock.duty}-{self.which}"


@dataclass(frozen=True, slots=True)
class EnteredEvent:
    """`entered_at`: when the record first called it serious; `sent_at`: when the sponsor first had word of it."""

    patient: Patient
    aware_at: datetime
    entered_at: datetime
    sent_at: datetime | None


def report_clocks(
    user: User, permission: Permission, *, at: datetime, among: QuerySet[Patient] | None = None
) -> list[DueReport]:
    """Every report that had to be sent, or has to be, and was not by the instant `at`; the most urgent first.

    Four statements however many there are; only what may still be owed is read.
    """
    patients = Patient.objects.visible_to(user, permission)
    if among is not None:
        patients = patients.filter(pk__in=among.order_by().values("pk"))
    found = [due for due in open_clocks(patients) if due.clock.aware_at <= at]
    return sorted(found, key=lambda due: (due.clock.due_at, due.patient.subject_id, due.code))


def open_clocks(patients: QuerySet[Patient]) -> Iterator[DueReport]:
    """Every clock of these patients that no report has stopped, in no order."""
    for subject in _candidates(patients):
        for clock in clocks_of(subject):
            if clock.is_open:
                yield DueReport(subject, clock)


def clocks_of(subject: Subject) -> tuple[ReportClock, ...]:
    """Every clock of one event or pregnancy, also those that ended. Whom a user may see was decided by the caller."""
    sent = [dispatch.facts for dispatch in subject.reportdispatch_set.all()]
    values, zone = subject.patient.protocol.adverse_events, settings.CLINIC_ZONE
    if isinstance(subject, Pregnancy):
        return (pregnancy_clock(subject.aware_at, sent, values, zone),)
    return event_clocks(subject.facts, sent, values, zone)


def brought_in_as_history() -> Exists:
    """Events whose every clock had ended when an import brought them: they were reported before this record began."""
    longest = max(longest_clock(version.adverse_events) for version in available_versions())
    imported = _Trail.objects.filter(
        ~Q(serious=[]),
        pgh_obj=OuterRef("pk"),
        pgh_context__via="import",
        pgh_created_at__gt=F("aware_at") + longest,
    )
    return Exists(imported)


def entered_serious_events(patient_ids: Sequence[int]) -> Iterator[EnteredEvent]:
    """The serious events that people entered, not an import."""
    to_sponsor = ReportDispatch.objects.filter(adverse_event=OuterRef("pk"), recipient="SPONSOR")
    first = to_sponsor.order_by().values("adverse_event").annotate(first=Min("sent_at")).values("first")
    events = AdverseEvent.objects.filter(SERIOUS, patient__in=patient_ids).select_related("patient")
    rows = events.annotate(entered_at=_serious_since(), sent_at=Subquery(first))
    for event in rows.filter(entered_at__isnull=False):
        found = vars(event)
        yield EnteredEvent(event.patient, found["aware_at"], found["entered_at"], found["sent_at"])


def _serious_since() -> Subquery:
    """When the record first called an event serious; NULL where an import said so and not a person."""
    first = _Trail.objects.filter(~Q(serious=[]), pgh_obj=OuterRef("pk")).order_by("pgh_id")
    at = Case(When(pgh_context__via="import", then=None), default=F("pgh_created_at"))
    return Subquery(first.values(at=at)[:1], output_field=DateTimeField())


def _candidates(patients: QuerySet[Patient]) -> Iterator[Subject]:
    events = AdverseEvent.objects.filter(SERIOUS, _owed(), patient__in=patients)
    pregnancies = Pregnancy.objects.filter(~_sent("pregnancy", "SPONSOR"), patient__in=patients)
    for rows in (events.exclude(brought_in_as_history()), pregnancies):
        yield from rows.select_related("patient__site").prefetch_related("reportdispatch_set")


def _owed() -> Q:
    """Wider than the rule, which decides: what the sponsor does not know, and what may be an unexpected reaction."""
    versions = [version.adverse_events for version in available_versions()]
    related = {causality for values in versions for causality in values.causality_related}
    recipients = sorted({recipient for values in versions for recipient in values.susar_recipients})
    is_not_ruled_out = Q(causality__in=["", *related]) & ~Q(expectedness=Expectedness.EXPECTED)
    may_be_reaction = Q(is_provisional=True) | is_not_ruled_out
    is_urgent = Q(serious__overlap=list(URGENT))
    owed_by_reaction = ~_sent_to_all(recipients) | is_urgent & ~_sent_to_all(recipients, is_complete=True)
    return ~Q(_sent("adverse_event", "SPONSOR")) | may_be_reaction & owed_by_reaction


def _sent_to_all(recipients: Iterable[str], **said: bool) -> Q:
    condition = Q()
    for recipient in recipients:
        condition &= Q(_sent("adverse_event", recipient, **said))
    return condition


def _sent(about: str, recipient: str, **said: bool) -> Exists:
    return Exists(ReportDispatch.objects.filter(recipient=recipient, **{about: OuterRef("pk")}, **said))
