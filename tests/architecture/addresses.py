"""Every address the product answers, read from its URL patterns, and how one is filled with records of a site."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from uuid import UUID

from django.contrib import admin
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve

from accounts.models import User
from courses.services import rebuild_summaries
from patients.models import Contact
from reminders.models import Notice, Reminder
from tests import factories, report_factories
from visits.models import Visit

PLACE = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:\[[^]]*\]|[^()])*\)")
ROLES = (
    "anonymous",
    "nurse_a",
    "nurse_b",
    "investigator_a",
    "pi_a",
    "data_manager",
    "monitor",
    "administrator",
    "outsider",
)
TODAY = date(2025, 7, 7)
OBJECT = ("object_id", "id")  # a record in the admin site
QUERY = {"dashboard:patients": "?measure=enrolled"}  # pages that answer a question only


@dataclass(frozen=True)
class Address:
    """One URL pattern: its name with the namespaces, and its route with places for values."""

    name: str
    route: str

    @property
    def places(self) -> list[str]:
        return [one or other for one, other in PLACE.findall(self.route)]

    @property
    def room(self) -> str:
        """The namespace, or for those without one the beginning of the name."""
        return re.split("[:_]", self.name)[0]

    def path(self, values: dict[str, object]) -> str:
        filled = PLACE.sub(lambda found: str(values[found[1] or found[2]]), self.route)
        return "/" + re.sub(r"[$^]", "", filled)


@cache
def addresses() -> tuple[Address, ...]:
    return tuple(_walk(get_resolver().url_patterns))


def _walk(patterns: Iterable, route: str = "", spaces: tuple[str, ...] = ()) -> Iterator[Address]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield Address(":".join((*spaces, pattern.name or pattern.callback.__name__)), here)
        else:
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from _walk(pattern.url_patterns, here, inner)


@dataclass(frozen=True)
class World:
    """The records of one site: a patient with one of everything, and what would betray them in a page."""

    values: dict[str, object]
    secrets: tuple[str, ...]

    def path(self, address: Address) -> str:
        values = self.values | dict.fromkeys(OBJECT, self._object(address))
        return address.path(values) + QUERY.get(address.name, "")

    def _object(self, address: Address) -> object:
        for model in admin.site._registry:
            if f"/{model._meta.app_label}/{model._meta.model_name}/" in address.route:
                return _first(model).pk
        return 0


def _first(model: type[Model]) -> Model:
    """The first record there is, of site 01 by the order in which they were made."""
    records = model._default_manager.exclude(username="system") if model is User else model._default_manager
    return records.order_by("pk").first() or model(pk=0)


def _remind(visit: Visit, contact: Contact) -> Reminder:
    reminder: Reminder = Reminder.objects.create(
        visit=visit,
        patient=visit.patient,
        kind="PLANNED_DATE",
        recipient=contact.email,
        due_on=visit.opens_on,
        due_at=datetime.combine(visit.opens_on, time(9), tzinfo=UTC),
        lead_days=7,
        appointment_on=visit.target_on,
    )
    return reminder


def _escalate(visit: Visit) -> Notice:
    notice: Notice = Notice.objects.create(
        user=User.objects.system(),
        kind="ESCALATION",
        patient=visit.patient,
        concern=f"OVERDUE_VISIT:{visit.visit}",
        due_on=TODAY,
        due_at=datetime.combine(TODAY, time(9), tzinfo=UTC),
    )
    return notice


def furnish(subject_id: str, site) -> World:
    """One of everything at a site, through the factories."""
    patient = factories.PatientFactory(subject_id=subject_id, site=site)
    for make in (
        factories.TumourFactory,
        factories.ScreeningFactory,
        factories.ConsentFactory,
        factories.EligibilityRecordFactory,
        factories.EnrolmentFactory,
        factories.LabResultFactory,
        factories.DoseOrderFactory,
        factories.MissedDosesFactory,
        factories.QueryFactory,
    ):
        make(patient=patient)
    contact = factories.ContactFactory(patient=patient, email=f"{subject_id.lower()}@example.org")
    visit = factories.VisitFactory(patient=patient)
    factories.AssessmentFactory(visit=visit)
    factories.ContactAttemptFactory(visit=visit)
    factories.VisitProcedureFactory(visit=visit)
    event = factories.AdverseEventFactory(patient=patient)
    grade = factories.EventGradeFactory(adverse_event=event)
    pregnancy = report_factories.PregnancyFactory(patient=patient)
    for about in ({"adverse_event": event}, {"adverse_event": None, "pregnancy": pregnancy}):
        report = report_factories.SafetyReportFactory(**about)
        report_factories.ReportFileFactory(report=report)
        report_factories.ReportDispatchFactory(report=report, **about)
    outcome = factories.OutcomeFactory(patient=patient, kind="SUSPECTED")
    low = factories.DoseOrderFactory(patient=patient, from_on=date(2025, 3, 3), pattern_mg=[200])
    factories.FlagAcknowledgementFactory(patient=patient)
    factories.LabResultFactory(patient=patient, test="PLT", value=60, lln=150, uln=400)
    factories.LabGradeAnswerFactory(patient=patient)
    kit = factories.KitFactory(patient=patient, kit_id=f"KIT-{subject_id}")
    factories.KitReturnFactory(kit=kit)
    factories.SiteCalendarDayFactory(site=site)
    factories.ConsentVersionFactory(site=site)
    factories.DispositionFactory(patient=factories.PatientFactory(subject_id=f"{subject_id}-2", site=site))
    rebuild_summaries([patient.pk], on=TODAY)
    reminder = _remind(visit, contact)
    committee = factories.CommitteeReportFactory(site_ids=[site.pk])
    values = {
        "uuid": patient.uuid,
        "site": site.pk,
        "version": patient.protocol_version,
        "name": "adherence",  # a table of the dashboard
        "file": committee.uuid,
        "other": patient.protocol_version,
        "act": factories.AmendmentFactory(site=site, changes={str(patient.pk): {"MOVED": 1}}).uuid,
        "run": factories.AmendmentRunFactory(site=site).uuid,
        "record": patient.eligibility_records.get().pk,
        "visit": visit.visit,
        "ae_no": event.ae_no,
        "step": grade.pk,
        "pregnancy_no": pregnancy.pregnancy_no,
        "report_no": report.version,
        "language": "en",
        "outcome": outcome.pk,
        "part": "overdue",
        "order": low.pk,
        "test": "PLT",
        "code": "DOSE_BELOW_300",
        "day": low.from_on.isoformat(),
        "kit": kit.pk,
        "token": contact.opt_out_token,
        "content_type_id": 1,
        "app_label": "patients",
        "reminder": reminder.pk,
        "notice": _escalate(visit).pk,
        "url": "nowhere/",
        "key": "unknown",
        "uidb36": "1",
        "pk": 1,
    }
    ids: tuple[UUID | str, ...] = (patient.uuid, visit.uuid, contact.opt_out_token, subject_id, contact.email)
    return World(values, tuple(str(one) for one in ids))


def answer(response: HttpResponse) -> str:
    """The status, "login" where it leads to the login page and nowhere else."""
    if response.status_code == 302:
        name = resolve(re.split(r"[?#]", response.headers["Location"])[0]).view_name
        if name in {"account_login", "admin:login"}:
            return "login"
    return str(response.status_code)


def client_of(user: User | None, **options: object) -> Client:
    client = Client(**options)
    client.raise_request_exception = False
    if user is not None:
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
