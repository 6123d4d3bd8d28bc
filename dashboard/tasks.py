"""Reports are made by the worker: what waits is read from the database, so a lost message only delays it."""

from celery import shared_task

from dashboard.services import make_reports


@shared_task(expires=55)
def make_waiting_reports() -> int:
    return make_reports()
