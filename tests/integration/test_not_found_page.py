"""Nobody is shown the product's addresses, and a refusal leaves one line in the log."""

import logging
import sys

import pytest

from gisttrial.not_found import TracebackOfFaultsOnly

pytestmark = pytest.mark.django_db
NOBODY = "/patients/00000000-0000-0000-0000-000000000000/"


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("path", ["/nowhere/", NOBODY])
def test_a_missing_page_is_a_page_of_the_product(client, nurse_a, settings, debug, path):
    settings.DEBUG = debug
    client.force_login(nurse_a)
    answer = client.get(path, headers={"accept-language": "en"})
    assert answer.status_code == 404
    assert "Page not found</h1>" in " ".join(answer.content.decode().split()).replace(" </h1>", "</h1>")
    assert "URLconf" not in answer.content.decode()


def test_who_looks_for_a_fault_may_ask_for_the_addresses(client, nurse_a, settings):
    settings.DEBUG = True
    client.force_login(nurse_a)
    assert "URLconf" in client.get("/nowhere/?debug").content.decode()


@pytest.mark.parametrize(("level", "is_kept"), [(logging.WARNING, False), (logging.ERROR, True)])
def test_only_faults_are_logged_with_a_traceback(level, is_kept):
    try:
        raise PermissionError
    except PermissionError:
        record = logging.LogRecord("django.request", level, __file__, 1, "Forbidden", (), sys.exc_info())
    assert TracebackOfFaultsOnly().filter(record)
    assert bool(record.exc_info) is is_kept


def test_a_login_is_not_four_lines_of_log():
    assert not logging.getLogger("axes.handlers.database").isEnabledFor(logging.INFO)
