"""The product's settings for a test run: services and data of its own, whatever the caller's shell says."""

import os
from pathlib import Path

from gisttrial.embedded.folders import private_folder
from gisttrial.embedded.locks import EXCLUSIVE, FileLock

PROJECT = Path(__file__).resolve().parent.parent


def _own_data_folder() -> tuple[Path, FileLock]:
    """The first folder no other test run uses: two runs at once do not meet, the next finds a warm one."""
    number = 0
    while True:
        folder = private_folder(PROJECT / "var" / "test" / str(number))
        lock = FileLock(folder / "run.lock")
        if lock.take(EXCLUSIVE, wait=0):
            return folder, lock
        lock.release()
        number += 1


if "PYTEST_XDIST_WORKER" not in os.environ:  # a worker inherits what its controller chose
    folder, RUN_LOCK = _own_data_folder()
    os.environ["GISTTRIAL_DATA_DIR"] = str(folder)
    for name in (
        *("SECRET_KEY", "PORT", "GISTTRIAL_BASE_URL", "GISTTRIAL_REQUIRE_MFA"),
        *("GISTTRIAL_SEND_HOURS", "GISTTRIAL_MAILS_PER_MINUTE"),
    ):
        os.environ.pop(name, None)
    if "DATABASE_URL" in os.environ:
        os.environ |= {"SECRET_KEY": "only for tests", "GISTTRIAL_REQUIRE_MFA": "0", "DEBUG": "1"}

from gisttrial.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
