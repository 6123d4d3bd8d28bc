"""The pages say what the code says: generated parts are fresh, links lead somewhere, nothing is of another place."""

import re
from pathlib import Path

import pytest

from docs import generate
from gisttrial import environment
from tests.architecture.test_house import FLOORS

PAGES = sorted(generate.DOCS.rglob("*.md"))
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
CODE = re.compile(rf"`((?:{'|'.join(FLOORS)}|tests|docs)/[\w./]+)`")


def named(path: Path) -> str:
    return path.relative_to(generate.DOCS).as_posix()


@pytest.mark.parametrize("name", generate.PARTS)
def test_generated_parts_are_fresh(name: str):
    assert (generate.DOCS / name).read_text(encoding="utf-8") == generate.fresh(name), "run `make docs`"


def test_a_page_without_its_markers_is_reported(monkeypatch, tmp_path):
    (tmp_path / "roles.md").write_text("# Roles\n")
    monkeypatch.setattr(generate, "DOCS", tmp_path)
    with pytest.raises(ValueError, match="no place for the generated part 'roles'"):
        generate.fresh("roles.md")


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_links_lead_somewhere(path: Path):
    found = LINK.findall(path.read_text(encoding="utf-8"))
    assert [link for link in found if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_files_that_are_named_exist(path: Path):
    found = CODE.findall(path.read_text(encoding="utf-8"))
    assert [name for name in found if not (generate.DOCS.parent / name).exists()] == []


def test_every_page_stands_in_the_index():
    index = set(LINK.findall((generate.DOCS / "README.md").read_text(encoding="utf-8")))
    assert {named(page) for page in PAGES} - index == {"README.md"}


def test_every_variable_of_the_environment_stands_in_its_table():
    source = Path(environment.__file__).read_text(encoding="utf-8")
    read = set(re.findall(r"values(?:, |\[|\.get\()\"([A-Z_]+)\"|\"([A-Z_]+)\" (?:not )?in values", source))
    page = (generate.DOCS / "operations.md").read_text(encoding="utf-8")
    table = page[page.index("## Environment") : page.index("## With containers")]
    lines = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert {one or other for one, other in read} == set(re.findall(r"`([A-Z_]+)`", " ".join(lines)))


def test_the_example_is_the_one_the_page_computes():
    text = (generate.DOCS / "course-summary.md").read_text(encoding="utf-8")
    assert "70,600 / 95,200 = 74.16 %" in text and '"rdi_percent": 74.16' in text
    assert "54,600 / 56,000 = 97.5 %" in text and '"pill_count_percent": 97.5' in text
