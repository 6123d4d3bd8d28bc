"""The embedded PostgreSQL: binaries from a wheel, data below the data folder, reached by unix socket only."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gisttrial.embedded.folders import EmbeddedServiceError, make_socket_folder, private_folder, socket_folder
from gisttrial.embedded.processes import Account, account, child_setup, server_account, shared_account
from gisttrial.embedded.programs import can_run, program, reachable_wheel, remove_copy

DATABASE = "gisttrial"
USER = "gisttrial"
# Fit for a small machine beside the web, the worker and a browser.
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A failed statement and the row it failed on hold patient data: neither goes to the log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


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


@dataclass(frozen=True)
class Server:
    """The files and the account of one embedded server."""

    folder: Path
    account: Account

    @classmethod
    def below(cls, data_dir: Path) -> "Server":
        folder = private_folder(service_folder(data_dir))
        data = folder / "data"
        return cls(folder, server_account(data if data.exists() else folder))

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def sockets(self) -> Path:
        return socket_folder(self.folder)

    def command(self) -> list[str]:
        settings = SETTINGS | {"unix_socket_directories": str(self.sockets)}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [str(self._program("postgres")), "-D", str(self.data), *options]

    def prepare(self) -> None:
        """Everything a start needs. To be called while no server of this folder is alive."""
        self._open_own_folders()
        if not self.data.exists():
            self._make_cluster()
        self._write_owned("pg_hba.conf", "local all all peer map=gisttrial\n")
        self._write_owned("pg_ident.conf", self._user_map())
        make_socket_folder(self.sockets, self.account.uid, self.account.gid)
        # No server is alive: a process id left in these files may be anybody's by now.
        for stale in (self.data / "postmaster.pid", *self.sockets.glob(".s.PGSQL.*")):
            stale.unlink(missing_ok=True)

    def is_ready(self) -> bool:
        """Whether the server says so itself, in the last line of its pid file."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[7].strip() == "ready"

    def clean_up(self) -> None:
        """Once the server has ended, remove what may lie outside the data folder."""
        shutil.rmtree(self.sockets, ignore_errors=True)
        remove_copy(self.folder)

    def _program(self, name: str) -> Path:
        return program(name, reachable_wheel(self.account, self.folder))

    def _open_own_folders(self) -> None:
        """Where a sandbox withholds the right to pass closed folders, open the way through our own two."""
        if self.account.uid != os.geteuid() and not can_run(self.account, self.folder):
            for folder in (self.folder.parent, self.folder):
                folder.chmod(folder.stat().st_mode | 0o011)

    def _user_map(self) -> str:
        """Who may connect: root, who runs this, and who owns the data, except an account many share."""
        names = {"root", account(os.geteuid()).name}
        if self.account.uid != shared_account().uid:
            names.add(self.account.name)
        return "".join(f'gisttrial "{name}" {USER}\n' for name in sorted(names))

    def _write_owned(self, name: str, text: str) -> None:
        path = self.data / name
        path.write_text(text)
        if os.geteuid() == 0:
            os.chown(path, self.account.uid, self.account.gid)

    def _make_cluster(self) -> None:
        """initdb beside the final place, then one rename: an interrupted first start leaves nothing half."""
        draft = self.folder / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(draft, self.account.uid, self.account.gid)
        done = subprocess.run(
            [
                *(str(self._program("initdb")), "-D", str(draft), "--username", USER, "--auth=peer"),
                *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=server_environment(),
            cwd="/",
            preexec_fn=child_setup(run_as=self.account),
            check=False,
        )
        if done.returncode != 0:
            raise EmbeddedServiceError(f"initdb failed: {done.stdout.strip()[-1000:]}")
        draft.rename(self.data)


def server_environment() -> dict[str, str]:
    """Nothing of the caller's: a PGPORT or LC_ALL set for something else must not reach the server."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C", "TZ": "UTC"}
