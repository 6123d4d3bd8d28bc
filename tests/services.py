"""The services of a test run: one embedded PostgreSQL and one Redis, ended with the run."""

import os
import subprocess

import pytest
from django.conf import settings

from gisttrial.embedded import redis
from gisttrial.embedded.membership import Membership

MEMBERSHIP = pytest.StashKey[Membership]()
REDIS = pytest.StashKey[subprocess.Popen]()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """The controller starts them; xdist's workers have a database each, by their names."""
    if "PYTEST_XDIST_WORKER" in os.environ or config.option.help or config.option.collectonly:
        return
    if settings.ENVIRONMENT.embedded_postgres:
        config.stash[MEMBERSHIP] = Membership(settings.DATA_DIR).join()
    if settings.ENVIRONMENT.embedded_redis:
        config.stash[REDIS] = redis.start(settings.DATA_DIR)


def pytest_unconfigure(config: pytest.Config) -> None:
    if process := config.stash.get(REDIS, None):
        process.terminate()
        process.wait()
        redis.remove_sockets(settings.DATA_DIR)
    if membership := config.stash.get(MEMBERSHIP, None):
        membership.leave()
