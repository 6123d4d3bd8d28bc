"""The product's settings for a benchmark: as in production, but with services and data of its own."""

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent

os.environ |= {
    "GISTTRIAL_DATA_DIR": str(PROJECT / "var" / "bench"),
    "SECRET_KEY": "only for benchmarks",
    "DEBUG": "0",
    "GISTTRIAL_REQUIRE_MFA": "0",
    "ALLOWED_HOSTS": "testserver",
}

from gisttrial.settings import *  # noqa: E402, F403

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
LOGGING["root"]["level"] = "WARNING"  # type: ignore[index]  # noqa: F405
