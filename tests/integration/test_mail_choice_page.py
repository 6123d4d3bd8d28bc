"""What somebody of the staff wants to get: only what their roles get is asked."""

import pytest
from django.urls import reverse

from reminders.models import MailChoice

pytestmark = pytest.mark.django_db


def page(client, user):
    client.force_login(user)
    return client.get(reverse("reminders:change_mails"), headers={"accept-language": "en"}).content.decode()


@pytest.mark.parametrize(
    ("who", "shown", "hidden"),
    [("nurse_a", "Morning digest", "Escalations"), ("pi_a", "Escalations", "Morning digest")],
)
def test_each_role_is_asked_about_its_own_mails(client, who, shown, hidden, request):
    text = page(client, request.getfixturevalue(who))
    assert shown in text
    assert hidden not in text


def test_a_monitor_gets_none(client, monitor):
    assert "Your roles get no mails" in page(client, monitor)


def test_an_account_without_an_address_is_told(client, nurse_a):
    assert "has no e-mail address" in page(client, nurse_a)


def test_a_nurse_switches_her_digest_off_and_on(client, nurse_a):
    client.force_login(nurse_a)
    path = reverse("reminders:change_mails")
    answer = client.post(path, {"save": "1"}, headers={"accept-language": "en"}, follow=True)
    assert "it counts from the next mail on" in answer.content.decode()
    choice = MailChoice.objects.get(user=nurse_a)
    assert (choice.digest, choice.escalations) == (False, True)
    client.post(path, {"save": "1", "digest": "on"})
    choice.refresh_from_db()
    assert choice.digest
