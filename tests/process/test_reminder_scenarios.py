"""Redis killed, a week without anybody, a server that answers anything: the short form of what `make soak` does."""

import pytest

from tests.process import scenarios
from tests.process.reminder_processes import mailroom
from tests.process.smtp_sink import running_sink

pytestmark = [
    pytest.mark.process,
    pytest.mark.xdist_group("reminders"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def room(tmp_path, transactional_db):
    with mailroom(tmp_path) as room:
        yield room


def test_a_killed_broker_loses_and_doubles_nothing(room):
    assert scenarios.killed_broker(room, reminders=40, kills=2)["kills"] == 2


@pytest.mark.parametrize("who", ["database", "smtp", "redis"])
def test_readiness_names_what_has_ended(room, who):
    assert scenarios.red_when_silent(room, who=who)["ended"] == who


def test_after_seven_days_down_what_still_makes_sense_goes_once(room):
    figures = scenarios.seven_days_down(room, visits_a_day=1)
    assert figures["sent once"] == 8
    assert figures["superseded"] > 0


def test_a_server_that_answers_anything_ends_no_message_in_silence(settings):
    with running_sink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", sink.port, 1
        settings.SEND_HOURS = "00:00-24:00"
        figures = scenarios.faulty_server(sink, reminders=12, hangs=1)
    assert figures["SENT"] + figures["FAILED"] == 12
