"""Other people's files are those whose checksums are written down, and nothing is loaded from anywhere else."""

import hashlib
import re
from pathlib import Path

import pytest

from tests.architecture.test_house import ROOT

VENDOR = ROOT / "static" / "vendor"
WRITTEN = dict(
    reversed(line.split(maxsplit=1))
    for line in (VENDOR / "CHECKSUMS").read_text(encoding="ascii").splitlines()
)


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_vendored_file_is_the_one_written_down(name):
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == WRITTEN[name]


def test_every_vendored_file_is_written_down():
    found = {str(path.relative_to(VENDOR)) for path in VENDOR.glob("*/*")}
    assert found == set(WRITTEN)


def test_pages_load_only_local_files():
    templates = [*(ROOT / "templates").rglob("*.html")]
    outside = re.compile(r"<(?:script|link|img)[^>]+(?:src|href)=[\"']?(?:https?:)?//")
    assert [path.name for path in templates if outside.search(path.read_text(encoding="utf-8"))] == []


def test_htmx_neither_evaluates_nor_writes_styles():
    base = (ROOT / "templates" / "base.html").read_text(encoding="utf-8")
    assert '"allowEval": false' in base
    assert '"includeIndicatorStyles": false' in base


def test_styles_fetch_nothing():
    sheets: list[Path] = [*(ROOT / "static" / "css").glob("*.css")]
    assert [sheet.name for sheet in sheets if "url(" in sheet.read_text(encoding="utf-8")] == []
