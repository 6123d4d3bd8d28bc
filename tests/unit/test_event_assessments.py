"""What a nurse judges of an event is provisional until an investigator confirms it."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.permissions import Role
from adverse_events import services
from adverse_events.rules.facts import Assessment
from adverse_events.selectors import assessment_before, unconfirmed_events
from adverse_events.services import EventValues
from audit import recording
from patients.saving import ReasonMissing
from tests.factories import AdverseEventFactory, PatientFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
EDEMA = EventValues(
    term="Periorbital edema",
    started_on=date(2025, 3, 1),
    grade=1,
    causality="UNLIKELY",
    expectedness="EXPECTED",
)


@pytest.fixture
def investigator_a(person, site_01):
    return person("investigator_a", Role.INVESTIGATOR, site_01)


@pytest.fixture
def patient(site_01):
    return PatientFactory(site=site_01)


@pytest.fixture
def event(nurse_a, patient):
    return services.report_adverse_event(by=nurse_a, patient=patient, values=EDEMA)


def confirm(by, event, reason="", **corrected):
    seen = event.assessment
    return services.confirm_assessment(
        by=by, event=event, assessment=replace(seen, **corrected), seen=seen.mark, reason=reason
    )


def change(by, event, **values):
    new = replace(services.values_of(event), **values)
    return services.change_adverse_event(by=by, event=event, values=new, reason="New information")


def test_a_nurses_event_waits_for_an_investigator(pi_a, investigator_a, event):
    assert (event.is_provisional, list(unconfirmed_events(pi_a))) == (True, [event])
    confirmed = confirm(investigator_a, event)
    assert (confirmed.is_provisional, confirmed.confirmed_by) == (False, investigator_a)
    assert list(unconfirmed_events(pi_a)) == []


@pytest.mark.parametrize("who", ["investigator_a", "pi_a"])
def test_an_investigators_event_is_confirmed(request, patient, who):
    by = request.getfixturevalue(who)
    saved = services.report_adverse_event(by=by, patient=patient, values=EDEMA)
    assert (saved.is_provisional, saved.confirmed_by) == (False, by)
    with pytest.raises(ValidationError, match="confirmed already"):
        confirm(by, saved)


def test_a_nurses_later_judgement_is_provisional_again_and_old_is_known(nurse_a, pi_a, event):
    confirm(pi_a, event)
    changed = change(nurse_a, event, causality="PROBABLE")
    assert (changed.is_provisional, changed.confirmed_by, changed.confirmed_at) == (True, None, None)
    assert assessment_before(changed) == Assessment("UNLIKELY", (), "EXPECTED", "")


def test_what_is_no_judgement_leaves_a_confirmation(nurse_a, pi_a, event):
    confirm(pi_a, event)
    changed = change(nurse_a, event, ended_on=date(2025, 4, 1), outcome="RECOVERED/RESOLVED")
    assert (changed.is_provisional, changed.confirmed_by) == (False, pi_a)


def test_an_investigator_corrects_and_confirms_in_one_act(pi_a, event):
    with pytest.raises(ReasonMissing):
        confirm(pi_a, event, causality="POSSIBLE")
    saved = confirm(pi_a, event, causality="POSSIBLE", reason="Known of imatinib")
    assert (saved.causality, saved.confirmed_by) == ("POSSIBLE", pi_a)
    assert saved.events.latest("pgh_id").pgh_context["reason"] == "Known of imatinib"


def test_an_assessment_that_was_changed_meanwhile_is_looked_at_again(nurse_a, pi_a, event):
    seen = event.assessment
    change(nurse_a, event, causality="PROBABLE")
    with pytest.raises(ValidationError, match="changed this assessment meanwhile"):
        services.confirm_assessment(by=pi_a, event=event, assessment=seen, seen=seen.mark)


@pytest.mark.parametrize("who", ["nurse_a", "nurse_b", "monitor", "data_manager", "outsider"])
def test_only_an_investigator_of_the_site_confirms(request, event, who):
    with pytest.raises(PermissionDenied):
        confirm(request.getfixturevalue(who), event)


def test_an_imported_event_waits_for_nobody(patient, pi_a):
    imported = AdverseEventFactory(patient=patient, ae_no=9)
    assert (imported.is_provisional, list(unconfirmed_events(pi_a))) == (False, [])
    assert assessment_before(imported) == Assessment()


def test_serious_events_wait_first_and_other_sites_do_not_show(nurse_a, pi_a, nurse_b, event):
    serious = services.report_adverse_event(
        by=nurse_a,
        patient=event.patient,
        values=replace(EDEMA, serious=["DISABILITY"], aware_at=timezone.now()),
    )
    assert list(unconfirmed_events(pi_a)) == [serious, event]
    assert list(unconfirmed_events(nurse_b)) == []


def test_a_correction_by_any_hand_takes_the_confirmation_away(system, pi_a, event):
    confirm(pi_a, event)
    with recording(by=system, reason="Typing error"):
        type(event).objects.filter(pk=event.pk).update(causality="CERTAIN")
    event.refresh_from_db()
    assert (event.is_provisional, event.confirmed_at) == (True, None)


def test_who_and_when_stand_together(system, pi_a, event):
    with pytest.raises(IntegrityError), transaction.atomic(), recording(by=system, reason="No"):
        type(event).objects.filter(pk=event.pk).update(confirmed_by=pi_a)
