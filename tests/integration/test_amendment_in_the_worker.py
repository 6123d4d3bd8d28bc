"""An amendment of many patients: the page leaves it to the worker, follows it, and ends where the act is told."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings as project
from django.db.utils import IntegrityError
from django.utils import timezone

from accounts.models import Delegation
from audit import recording
from clinic.models import AmendmentRun
from clinic.services import amendments, bring_in_amendments
from patients.models import Amendment, Patient
from tests.protocols import FIRST, SECOND
from visits.models import Visit
from visits.services import book_visit

WHY = "Approved by the review board on 2025-07-01"
pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def pi(hand, pi_a, second_version, settings):
    settings.AMENDED_AT_ONCE = 0
    return hand(pi_a)


@pytest.fixture
def path(site_01):
    return f"/amendments/{SECOND}/sites/{site_01.pk}/"


@pytest.fixture
def run(pi, path, consulted):
    """Asked for on the page, and not carried out yet."""
    answer = pi.send(path, "apply", reason=WHY, seen=pi.open(path).context["mark"])
    found = AmendmentRun.objects.get()
    assert answer.headers["Location"] == address(found)
    return found


def address(run):
    return f"/amendments/under-way/{run.uuid}/"


def carried_out(run, at=None):
    bring_in_amendments(at=at or timezone.now())
    run.refresh_from_db()
    return run


def text(answer):
    return " ".join(answer.content.decode().split())


def test_the_page_waits_for_nothing_and_follows_it(pi, run, consulted):
    page = pi.open(address(run))
    assert "Waiting to begin" in text(page) and 'hx-trigger="load delay:2s"' in text(page)
    assert Patient.objects.get(pk=consulted.pk).protocol_version == FIRST


def test_once_done_the_page_is_the_one_of_the_act(pi, run, consulted):
    act = carried_out(run).amendment
    assert (run.state, run.done) == ("DONE", run.steps)
    assert (act.reason, act.applied_by.username) == (WHY, "pi_a")
    assert Patient.objects.get(pk=consulted.pk).protocol_version == SECOND
    told = f"/amendments/applied/{act.uuid}/"
    assert pi.open(address(run)).headers["Location"] == told
    polled = pi.client.get(address(run), headers={"HX-Request": "true"})
    assert polled.headers["HX-Redirect"] == told


def test_a_poll_is_answered_with_the_part_alone(pi, run):
    polled = pi.client.get(address(run), headers={"HX-Request": "true"})
    assert text(polled).startswith("<section") and "<progress" in text(polled)


def test_the_preview_of_a_site_under_way_leads_to_the_run(pi, path, run):
    assert pi.open(path).headers["Location"] == address(run)


def test_asked_for_twice_it_is_one_run(pi, path, run):
    typed = {"action": "apply", "reason": WHY, "effective_on": "2025-07-07", "seen": run.seen}
    assert pi.send_again(path, typed).headers["Location"] == address(run)
    assert AmendmentRun.objects.count() == 1


def test_what_changed_meanwhile_is_not_brought_in(pi, run, consulted, system):
    book_visit(by=system, visit=Visit.objects.get(visit="M6"), booked_on=timezone.localdate() + timedelta(1))
    assert (carried_out(run).state, run.refusal) == ("REFUSED", "CHANGED")
    page = text(pi.open(address(run)))
    assert "Something has changed" in page and "Nothing was written." in page and "hx-get" not in page
    assert Amendment.objects.count() == 0


def test_who_may_no_longer_amend_has_not_amended(run, pi_a, system):
    with recording(by=system, reason="Left the team"):
        Delegation.objects.filter(user=pi_a).update(role="monitor")
    assert (carried_out(run).state, run.refusal) == ("REFUSED", "NOT_ALLOWED")


def test_one_is_in_the_hands_of_one_worker(run):
    now = timezone.now()
    AmendmentRun.objects.update(state="RUNNING", taken_at=now, tries=1)
    assert bring_in_amendments(at=now + timedelta(minutes=4)) == 0
    assert bring_in_amendments(at=now + timedelta(minutes=6)) == 1  # that worker was killed


def test_a_run_that_kills_its_worker_is_given_up(run):
    AmendmentRun.objects.update(state="RUNNING", taken_at=timezone.now() - timedelta(hours=1), tries=3)
    assert (carried_out(run).state, run.refusal) == ("REFUSED", "UNFINISHED")


def test_a_run_that_fails_says_so_and_writes_nothing(run, consulted, monkeypatch):
    def fail(**_):
        raise RuntimeError("disk full")

    monkeypatch.setattr(amendments, "apply_amendment", fail)
    with pytest.raises(RuntimeError):
        bring_in_amendments(at=timezone.now())
    run.refresh_from_db()
    assert (run.state, run.refusal, Amendment.objects.count()) == ("REFUSED", "UNFINISHED", 0)


def test_every_patient_is_told_of_twice(run, monkeypatch):
    told = []
    real = amendments.apply_amendment
    monkeypatch.setattr(amendments, "apply_amendment", lambda **what: real(**what | {"tell": told.append}))
    carried_out(run)
    assert sum(told) == run.steps == 2


@pytest.mark.parametrize("user", ["nurse_b", "outsider"])
def test_outsiders_find_no_run(request, hand, run, user):
    assert hand(request.getfixturevalue(user)).open(address(run)).status_code == 404


def test_a_run_nobody_asked_for_is_not_found(pi):
    assert pi.open(f"/amendments/under-way/{uuid4()}/").status_code == 404


def test_the_database_holds_one_run_a_site(run):
    run.pk, run.uuid = None, uuid4()
    with pytest.raises(IntegrityError, match="one_amendment_run_a_site"):
        run.save(force_insert=True)


def test_a_page_of_the_real_study_is_never_left_waiting():
    assert project.AMENDED_AT_ONCE >= 35
