"""The one statement a mail costs: what it marks, what it lets go, and that nobody waits for it in a ring."""

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from reminders.models import Attempt, Reminder
from reminders.services.claims import claim_due
from reminders.services.desks import DESKS, PATIENTS, STAFF
from reminders.services.marks import Sent, turn
from tests.unit.test_reminder_sending import DAY_BEFORE, planned


def claimed(count):
    for _ in range(count):
        planned()
    return claim_due(DAY_BEFORE)


def values(row):
    return Reminder.objects.filter(pk=row.pk).values().get()


@pytest.mark.django_db
def test_one_statement_marks_a_row_and_hands_the_next_one_over():
    first, second = claimed(2)
    turn(PATIENTS, None, first, "ko")
    assert turn(PATIENTS, Sent(first, timezone.now()), second, "en") == (True, True)
    assert values(first)["state"] == "SENT"
    assert (values(second)["state"], values(second)["language"]) == ("CLAIMED", "en")
    assert values(second)["handed_at"] is not None
    assert Attempt.objects.values_list("reminder", "verdict").get() == (first.pk, "ACCEPTED")


@pytest.mark.django_db
def test_the_mark_is_that_of_the_table_of_states():
    by_statement, by_transition = claimed(2)
    for row in (by_statement, by_transition):
        turn(PATIENTS, None, row, "ko")
    at = timezone.now()
    turn(PATIENTS, Sent(by_statement, at))
    Reminder.objects.filter(pk=by_transition.pk).transition("SENT", sent_at=at, attempts=1, last_answer="")
    names = (
        "state",
        "reason",
        "attempts",
        "sent_at",
        "claim_token",
        "claimed_at",
        "claimed_until",
        "last_answer",
    )
    assert [values(by_statement)[name] for name in names] == [values(by_transition)[name] for name in names]


@pytest.mark.django_db
def test_a_row_that_the_plan_has_taken_back_does_not_go():
    [row] = claimed(1)
    Reminder.objects.transition("SKIPPED", reason="OPTED_OUT")
    assert turn(PATIENTS, None, row, "ko").may_go is False


@pytest.mark.django_db
def test_a_row_that_was_handed_over_does_not_go_again():
    [row] = claimed(1)
    turn(PATIENTS, None, row, "ko")
    assert turn(PATIENTS, None, row, "ko").may_go is False


@pytest.mark.django_db
def test_nothing_is_marked_twice():
    [row] = claimed(1)
    turn(PATIENTS, None, row, "ko")
    sent = Sent(row, timezone.now())
    assert [turn(PATIENTS, sent).is_marked, turn(PATIENTS, sent).is_marked] == [True, False]
    assert Attempt.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_is_changing_is_passed_over_and_not_waited_for():
    first, second = claimed(2)
    turn(PATIENTS, None, first, "ko")
    held, done = threading.Event(), threading.Event()

    def change_meanwhile():
        with transaction.atomic():
            Reminder.objects.select_for_update().get(pk=second.pk)
            held.set()
            done.wait(30)
        connection.close()

    somebody = threading.Thread(target=change_meanwhile)
    somebody.start()
    held.wait(30)
    answer = turn(PATIENTS, Sent(first, timezone.now()), second, "ko")
    done.set()
    somebody.join()
    assert answer == (True, False)


@pytest.mark.django_db
@pytest.mark.parametrize("desk", DESKS, ids=[PATIENTS.name, STAFF.name])
def test_the_statement_fits_the_tables_of_both_desks(desk):
    [row] = claimed(1)
    row.pk = 0
    assert turn(desk, Sent(row, timezone.now()), row, "ko") == (False, False)
