"""The house keeps its own measures: short files, short functions, clocks and queries only where they belong."""

import ast
import re
import statistics
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLOORS = [
    *("gisttrial", "clinic", "dashboard", "exchange", "courses", "agenda", "reminders", "review"),
    *("dosing", "adverse_events", "visits", "patients", "accounts", "audit", "protocol"),
]
LONGEST_FILE = 400
LONGEST_FUNCTION = 50
CLOCK = re.compile(r"date\.today\(|datetime\.now\(|timezone\.now\(|localdate\(")


@cache
def tracked(*endings: str) -> tuple[Path, ...]:
    """Files of the repository; of an unpacked archive, all below its folder."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = listed.stdout.split("\n") if listed.returncode == 0 else [str(p) for p in ROOT.rglob("*")]
    paths = [ROOT / name for name in names if name.endswith(endings)]
    return tuple(p for p in paths if p.is_file() and "vendor" not in p.parts and ".venv" not in p.parts)


def code() -> tuple[Path, ...]:
    return tuple(
        p for p in tracked(".py") if p.relative_to(ROOT).parts[0] in FLOORS and "migrations" not in p.parts
    )


def functions(path: Path) -> list[tuple[str, int]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [(n.name, n.end_lineno - n.lineno + 1) for n in ast.walk(tree) if isinstance(n, kinds)]


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_file_is_longer_than_400_lines():
    files = [p for p in tracked(".py", ".html", ".css", ".js") if "migrations" not in p.parts]
    assert [(str(p.relative_to(ROOT)), lines(p)) for p in files if lines(p) > LONGEST_FILE] == []


def test_templates_stay_within_150_lines():
    assert [(p.name, lines(p)) for p in tracked(".html") if lines(p) > 150] == []


def test_no_function_is_longer_than_50_lines():
    assert [(p.name, f) for p in code() for f in functions(p) if f[1] > LONGEST_FUNCTION] == []


def test_the_median_function_is_short():
    lengths = sorted(length for path in code() for _, length in functions(path))
    assert statistics.median(lengths) <= 8
    assert lengths[int(len(lengths) * 0.9)] <= 25


def test_views_leave_queries_to_selectors():
    views = [p for p in code() if p.name == "views.py" or "views" in p.parts]
    assert [p for p in views if re.search(r"\.objects\b", p.read_text(encoding="utf-8"))] == []


def test_rules_and_selectors_never_look_at_the_clock():
    quiet = [p for p in code() if {"rules", "protocol", "selectors", "selectors.py"} & set(p.parts)]
    assert [p for p in quiet if CLOCK.search(p.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("room", FLOORS)
def test_every_room_stands_in_the_import_contract(room):
    contract = (
        (ROOT / "pyproject.toml").read_text(encoding="utf-8").split("[[tool.importlinter.contracts]]")[1]
    )
    assert re.search(rf'"[^"]*\b{room}\b[^"]*"', contract)


def test_a_patient_s_protocol_is_asked_of_the_patient():
    """`patient.protocol`, never the file of the version: an amendment that came while treated counts too."""
    asked = [p for p in code() if "load_protocol(" in p.read_text(encoding="utf-8")]
    wrong = [
        p
        for p in asked
        if re.search(r"load_protocol\([^)]*protocol_version", p.read_text(encoding="utf-8"))
        and p.relative_to(ROOT).as_posix() != "accounts/models.py"  # a site's version is that of new patients
    ]
    assert wrong == []


def test_every_dependency_says_why_it_is_here():
    wanted = [s for s in (ROOT / "requirements.in").read_text().splitlines() if s and not s.startswith("#")]
    assert [line for line in wanted if "  #" not in line] == []


def test_the_lock_holds_a_hash_for_everything():
    lock = (ROOT / "requirements.txt").read_text()
    pinned = re.findall(r"^\S+==.*\n(.*)", lock, flags=re.M)
    assert len(pinned) > 30
    assert [after for after in pinned if "--hash=sha256:" not in after] == []


def test_tests_are_named_once():
    names = [p.name for p in tracked(".py") if p.name.startswith("test_")]
    assert sorted(names) == sorted(set(names))
