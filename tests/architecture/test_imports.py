"""The order of the rooms: what `make check` holds is held by the suite too."""

import tomllib

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.architecture.test_house import ROOT


def contracts() -> list[dict]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return settings["tool"]["importlinter"]["contracts"]


def test_imports_go_down_and_rules_know_no_django(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    status = lint_imports(config_filename="pyproject.toml", cache_dir=None)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


@pytest.mark.parametrize("room", [path.parts[-3] for path in sorted(ROOT.glob("*/rules/__init__.py"))])
def test_the_rules_of_every_room_are_kept_from_django(room: str):
    assert f"{room}.rules" in contracts()[-1]["source_modules"]
