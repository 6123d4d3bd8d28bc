"""Child processes that cannot outlive their parent and, when started by root, run as somebody harmless."""

import ctypes
import os
import pwd
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gisttrial.embedded.folders import EmbeddedServiceError

PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_SET_SECUREBITS = 28
SECBIT_NO_SETUID_FIXUP = 1 << 2
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAPABILITY_VERSION_3 = 0x20080522
CAP_DAC_OVERRIDE = 1
CAP_DAC_READ_SEARCH = 2

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Account:
    """The operating system's user a server runs as."""

    uid: int
    gid: int
    name: str


def account(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise EmbeddedServiceError(
            f"user id {uid} has no name on this machine (/etc/passwd); PostgreSQL needs one. "
            "Run as a named user, or set DATABASE_URL."
        ) from None
    return Account(uid, entry.pw_gid, entry.pw_name)


def shared_account() -> Account:
    """The harmless user that root's servers run as; other programs may run as the same."""
    return account(pwd.getpwnam("nobody").pw_uid)


def server_account(folder: Path) -> Account:
    """Who runs a server over `folder`: oneself; for root the folder's ordinary owner, otherwise nobody."""
    if os.geteuid() != 0:
        return account(os.geteuid())
    owner = folder.stat().st_uid
    if owner != 0:
        return account(owner)
    return shared_account()


def die_with_parent(death_signal: int = signal.SIGKILL, *, parent: int | None = None) -> None:
    """Ask the kernel for `death_signal` when the parent ends, even by kill -9."""
    _prctl(PR_SET_PDEATHSIG, int(death_signal))
    if parent is not None and os.getppid() != parent:  # it ended before the request was made
        os.kill(os.getpid(), death_signal)


def child_setup(death_signal: int = signal.SIGKILL, run_as: Account | None = None) -> Callable[[], None]:
    """What a child does between fork and exec; to be called from the parent's main thread."""
    parent = os.getpid()

    def setup() -> None:
        if run_as is not None and run_as.uid != os.geteuid():
            _become(run_as)
        die_with_parent(death_signal, parent=parent)  # last: a change of user clears it

    return setup


def _become(user: Account) -> None:
    """Change user for good, keeping at most the right to look through folders closed to others.

    A clone in root's home lies behind folders nobody else may pass. Their modes are not ours to change,
    so the server keeps the one capability that passes them.
    """
    capability = _passage_capability()
    os.setgroups([])
    os.setresgid(user.gid, user.gid, user.gid)
    if capability is not None:
        # Without this bit access(2), which initdb asks, leaves the capability out of account.
        _prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP)
        _prctl(PR_SET_KEEPCAPS, 1)
    os.setresuid(user.uid, user.uid, user.uid)
    _keep(capability)


def _prctl(option: int, first: int, second: int = 0) -> bool:
    # Where a sandbox refuses, the server may still do: its first start says what is missing.
    return bool(_libc.prctl(option, first, second, 0, 0) == 0)


def _passage_capability() -> int | None:
    """The weakest capability held that passes closed folders; containers often withhold one of the two."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapPrm:"):
            held = int(line.split()[1], 16)
            return next((cap for cap in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE) if held >> cap & 1), None)
    return None


def _keep(capability: int | None) -> None:
    """Give up every capability but this one, and hand this one over to the program started next."""
    mask = 0 if capability is None else 1 << capability
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    # effective, permitted, inheritable: once for capabilities 0-31, once for those above
    data = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)
    if _libc.capset(header, data) != 0:
        raise OSError(ctypes.get_errno(), "cannot give up root's capabilities")
    if capability is not None:
        _prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability)
