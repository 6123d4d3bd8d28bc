"""An amendment of the protocol for tests: the shipped definition with a few values changed, in a folder of its own."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from protocol import loader
from protocol.versions import amended_protocol

FIRST, SECOND, THIRD = "amc2202_v1", "amc2202_v2", "amc2202_v3"
SHIPPED = Path(loader.DEFINITIONS)
MONTH_1 = """
[[schedule]]
code = "M1"
name_en = "Month 1"
name_ko = "1개월"
epoch = "TREATMENT"
anchor = "FIRST_DOSE"
at = [1]
unit = "MONTH"
before_days = 0
after_days = 7
procedures = ["VS", "CBC", "AE"]

[[schedule]] # half-year visits before the change to study drug
"""
Write = Callable[..., str]


def amendment_text(
    version: str = SECOND, follows: str = FIRST, approved_on: str = "2024-01-15", *, drop: str = ""
) -> str:
    """Month visits ±21 instead of ±14 days, a visit M1, a reminder more, stricter bands; `drop`: a visit less."""
    text = (SHIPPED / f"{FIRST}.toml").read_text(encoding="utf-8")
    for before, after in (
        (f'version = "{FIRST}"', f'version = "{version}"'),
        ('number = "1.0"', 'number = "2.0"'),
        ('title_en = "First version of the protocol"', 'title_en = "Wider windows and a visit at month 1"'),
        ('title_ko = "최초 임상시험 계획서"', 'title_ko = "방문 허용 기간 확대 및 1개월 방문 추가"'),
        ("approved_on = 2022-09-07", f"approved_on = {approved_on}"),
        ('follows = "none"', f'follows = "{follows}"'),
        ("lead_days = [7, 1]", "lead_days = [7, 3, 1]"),
        ("good_percent = 90", "good_percent = 95"),
        ("\n[[schedule]] # half-year visits before the change to study drug\n", MONTH_1),
    ):
        assert before in text
        text = text.replace(before, after, 1)
    text = re.sub(r"before_days = 14\nafter_days = 14", "before_days = 21\nafter_days = 21", text)
    return without(text, drop) if drop else text


def without(text: str, code: str) -> str:
    """A definition without one visit of a series ("M57") or of its own ("W2")."""
    head, *entries = text.split("\n[[schedule]]")
    number = re.search(r"\d+$", code)
    kept = []
    for entry in entries:
        if f'code = "{code}"' in entry:
            entry = entry[entry.index("\n# ---") :] if "\n# ---" in entry else ""
        elif number and f'code = "{code[: number.start()]}{{at}}"' in entry:
            entry = re.sub(rf"(?<=[\[ ]){number[0]}(, |(?=\]))", "", entry, count=1)
        kept.append(entry)
    return "\n[[schedule]]".join([head, *filter(None, kept)])


@pytest.fixture
def definitions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """A definitions folder with the shipped file; call it to write another version into it: returns its name."""
    folder = tmp_path / "definitions"
    folder.mkdir()
    for path in SHIPPED.glob("*.toml"):
        (folder / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(loader, "DEFINITIONS", folder)

    def write(version: str = SECOND, text: str | None = None, **options: str) -> str:
        written = amendment_text(version, **options) if text is None else text
        (folder / f"{version}.toml").write_text(written, encoding="utf-8")
        forget()
        return version

    forget()
    yield write
    forget()


@pytest.fixture
def second_version(definitions: Write) -> str:
    return definitions()


def forget() -> None:
    """Definitions are read once a process; a test that brings its own has them read again."""
    loader.load_protocol.cache_clear()
    amended_protocol.cache_clear()
