"""The promises about reminders in full size: real worker, beat, Redis, PostgreSQL and mail server. `make soak`."""

import pytest

from tests.process import scenarios

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]


def soak_workers_killed(room, sized, told):
    told("R1", scenarios.killed_workers(room, reminders=sized(2500, 40), kills=sized(100, 4)))


def soak_workers_stopped(room, sized, told):
    told("R2", scenarios.stopped_workers(room, reminders=sized(2500, 40), stops=sized(50, 2)))


def soak_broker_emptied(room, sized, told):
    told("R3", scenarios.emptied_broker(room, reminders=sized(500, 40), sweep_seconds=60.0))


def soak_broker_killed(room, sized, told):
    told("R4", scenarios.killed_broker(room, reminders=sized(2500, 60), kills=sized(20, 2)))


def soak_two_beats(room, sized, told):
    told("R5", scenarios.two_of_each(room, reminders=sized(1000, 40)))


def soak_seven_days_down(room, sized, told):
    told("R6", scenarios.seven_days_down(room, visits_a_day=sized(50, 2)))


def soak_faulty_server(room, sized, told, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", room.sink.port, 1
    settings.SEND_HOURS = "00:00-24:00"
    told("R7", scenarios.faulty_server(room.sink, reminders=sized(500, 20), hangs=sized(5, 1)))


@pytest.mark.parametrize("who", ["worker", "beat", "database", "smtp", "redis"])
def soak_red_when_silent(room, told, who):
    told("R12", scenarios.red_when_silent(room, who=who))
