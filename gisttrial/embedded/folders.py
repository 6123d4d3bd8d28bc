"""Where the embedded services live, and how private files and folders are made."""

import hashlib
import os
import stat
from pathlib import Path

# The kernel takes 107 bytes and some clients fewer; 100 minus the longest name, `/.s.PGSQL.5432`.
LONGEST_SOCKET_FOLDER = 86
# Not TMPDIR: every process must find the same place. make_socket_folder checks whose the folder is.
SHORT_PLACE = Path("/tmp")  # noqa: S108 # nosec B108


class EmbeddedServiceError(RuntimeError):
    """An embedded service cannot run; the message is for the person at the terminal."""


def private_folder(path: Path) -> Path:
    """The folder, made for its owner's eyes only where it is missing."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise EmbeddedServiceError(f"cannot make the folder {path}: {error.strerror}") from error
    return path


def open_private(path: Path, flags: int = os.O_RDWR) -> int:
    """A file descriptor on a file made 0600 where missing; not inherited by child processes."""
    descriptor = os.open(path, flags | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    if os.geteuid() == 0:  # an ordinary owner of the folder must not be locked out by one run as root
        owner = path.parent.stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)
    return descriptor


def short_name(service_folder: Path) -> str:
    """The same for every process of a folder, another for every other folder."""
    return hashlib.sha256(os.fsencode(service_folder)).hexdigest()[:20]


def socket_folder(service_folder: Path) -> Path:
    """The folder of a service's unix socket: inside its own, or a short one when that path is too long."""
    inside = service_folder / "run"
    if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER:
        return inside
    return SHORT_PLACE / f"gisttrial-{short_name(service_folder)}"


def make_socket_folder(path: Path, uid: int, gid: int) -> None:
    """Make the socket folder for `uid` alone; refuse one that another user has put there."""
    path.mkdir(mode=0o700, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {uid, os.geteuid()}:
        raise EmbeddedServiceError(f"{path} belongs to somebody else; remove it or set GISTTRIAL_DATA_DIR")
    if os.geteuid() == 0:
        os.chown(path, uid, gid, follow_symlinks=False)
    path.chmod(0o700)
