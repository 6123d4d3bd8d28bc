"""A patient on the day of Month 6, and a browser without scripts in the hands of a person."""

from datetime import date

import pytest
import time_machine
from django.utils import translation

from tests.factories import (
    AdverseEventFactory,
    ConsentFactory,
    DoseOrderFactory,
    EnrolmentFactory,
    KitFactory,
    PatientFactory,
)
from visits.services import project_visits

DAY = date(2025, 7, 7)  # a Monday, the day after the target of Month 6


@pytest.fixture
def english():
    """What a service says, where no request has chosen a language."""
    with translation.override("en"):
        yield


@pytest.fixture
def frozen():
    with time_machine.travel("2025-07-07 10:00 +0900", tick=False):
        yield DAY


@pytest.fixture
def consulted(site_01, system, frozen):
    """On 400 mg since T0, one kit of 100 out for 91 days, periorbital edema going on."""
    patient = PatientFactory(subject_id="01-101", site=site_01)
    ConsentFactory(patient=patient)
    EnrolmentFactory(patient=patient)
    DoseOrderFactory(patient=patient)
    KitFactory(patient=patient, kit_id="RX-77", dispensed_on=date(2025, 4, 7))
    AdverseEventFactory(patient=patient, ae_no=1)
    project_visits(by=system, patient_ids=[patient.pk])
    return patient


class Hand:
    """Somebody at a page: opens it, fills in what differs, sends it as a browser without scripts would."""

    def __init__(self, client, user):
        self.client = client
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

    def open(self, path):
        return self.client.get(path)

    def send(self, path, action="save", **typed):
        """`typed`: names with `__` for the hyphen of a prefix."""
        page = self.client.get(path)
        data = fields_of(page) | {name.replace("__", "-"): value for name, value in typed.items()}
        return self.client.post(path, data | {"action": action})

    def explain(self, path, page, **why):
        """Save a correction from the page that lists its changes."""
        typed = why or {"confirm-reason_kind": "Typing error", "confirm-reason": "7 for 6"}
        return self.client.post(path, kept_of(page) | typed | {"action": "save"})

    def send_again(self, path, data, **options):
        return self.client.post(path, data, **options)


def fields_of(page):
    """What a fresh page would send as it stands."""
    forms = page.context["forms"].all if "forms" in page.context else [page.context["form"]]
    found = {"rows-events": "1", "rows-kits": "1"}
    for form in forms:
        for field in form:
            if (value := shown(field)) is not None:
                found[field.html_name] = value
    return found


def kept_of(page):
    """What a page that lists differences sends on, with the mark of what it lists."""
    found = {"confirm-changes": page.context.get("mark", "")}
    for name, value in page.context["kept"]:
        found.setdefault(name, []).append(value)
    return found


def shown(field):
    """A select without a choice sends its first option, a box that is not ticked nothing."""
    value, choices = field.value(), getattr(field.field, "choices", None)
    if value in (None, "", []) and choices and field.widget_type == "select":
        return str(next(iter(choices))[0])
    if field.widget_type == "nullbooleanselect":
        return {True: "true", False: "false"}.get(value, "unknown")
    if value is None or value is False or value == []:
        return None
    return "on" if value is True else field.field.widget.format_value(value)


@pytest.fixture
def hand(client):
    return lambda user: Hand(client, user)
