"""The folder on disk: which files are there, whether they may be read, and whether they are text."""

import codecs
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from exchange.rules.cohort import BY_NAME, FILES, PATIENTS
from exchange.rules.faults import Fault

_CHUNK = 1 << 20
_KNOWN = ", ".join(BY_NAME)


class NoFolder(Exception):
    """What was named is not a folder that can be read."""


@dataclass(frozen=True, slots=True)
class CohortFolder:
    """The readable files in the order of the contract, faults of whole files, and names that are passed over."""

    path: Path
    files: tuple[str, ...]
    faults: tuple[Fault, ...]
    ignored: tuple[str, ...]

    @property
    def size(self) -> int:
        """Bytes to read."""
        return sum((self.path / name).stat().st_size for name in self.files)

    @contextmanager
    def open(self, name: str) -> Iterator[TextIO]:
        with (self.path / name).open(encoding="utf-8-sig", newline="") as file:
            yield file


def open_folder(path: Path) -> CohortFolder:
    """Look through the folder without reading rows. NoFolder if there is none."""
    try:
        names = sorted(entry.name for entry in os.scandir(path))
    except OSError as error:
        raise NoFolder(f"{path} cannot be read as a folder: {error.strerror}") from error
    tables = [name for name in names if name.lower().endswith(".csv")]
    faults = {name: _fault_of(path, name) for name in tables}
    if PATIENTS.name not in faults:
        faults[PATIENTS.name] = "is missing, expected it in the folder"
    return CohortFolder(
        path=path,
        files=tuple(file.name for file in FILES if file.name in tables and not faults[file.name]),
        faults=tuple(Fault(name, 1, "", message) for name, message in faults.items() if message),
        ignored=tuple(name for name in names if name not in tables),
    )


def _fault_of(folder: Path, name: str) -> str:
    if name not in BY_NAME:
        return f"is an unknown file, expected only {_KNOWN}"
    try:
        return _reading_fault(folder, folder / name)
    except OSError as error:
        return f"cannot be read ({error.strerror}), expected a file"


def _reading_fault(folder: Path, path: Path) -> str:
    """Only plain files inside the folder are opened: a pipe would wait for ever, a link could lead anywhere."""
    if not path.resolve().is_relative_to(folder.resolve()):
        return "is a link that leads out of the folder, expected a file"
    if not stat.S_ISREG(path.stat().st_mode):
        return "is not a file, expected CSV text"
    try:
        return _text_fault(path)
    except UnicodeDecodeError:
        return "is not UTF-8, expected text in UTF-8"


def _text_fault(path: Path) -> str:
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    has_text = False
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            text = decoder.decode(chunk)
            has_text = has_text or bool(text.strip())
        decoder.decode(b"", final=True)
    return "" if has_text else "is empty, expected a header row"
