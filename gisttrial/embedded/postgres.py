"""The embedded PostgreSQL: binaries from a wheel, data below the data folder, reached by unix socket only."""

from pathlib import Path
from typing import Any

from gisttrial.embedded.folders import socket_folder

DATABASE = "gisttrial"
USER = "gisttrial"


def service_folder(data_dir: Path) -> Path:
    return data_dir / "postgres"


def django_database(data_dir: Path) -> dict[str, Any]:
    """The entry of settings.DATABASES; the operating system vouches for the user, so no password."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE,
        "USER": USER,
        "HOST": str(socket_folder(service_folder(data_dir))),
    }
