"""Every sentence of the product has its Korean one, and what is committed is what is compiled."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import polib
from django.utils.translation.template import templatize

from tests.architecture.test_house import ROOT, code, tracked

PO = ROOT / "locale" / "ko" / "LC_MESSAGES" / "django.po"
LAZY = re.compile(r"_lazy$")
IN_TEMPLATE = re.compile(r"\b(\w*gettext|_)\(((?:u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")(?:\s*,\s*)?)+)")
PLACE = re.compile(r"%\((\w+)\)[a-z]|%[a-z]|\{(\w*)\}")
MARKERS = {"django.utils.translation", "protocol.sentences"}  # the modules whose functions mark a sentence
SAYING = {"Sentence", "Refusal"}  # their first argument, written out, is a sentence too
Message = tuple[str, str]  # (context, msgid)


def of_call(function: str, arguments: list[str]) -> Message:
    return (arguments[0], arguments[1]) if function in {"pgettext", "npgettext"} else ("", arguments[0])


def in_python(path: Path) -> Iterator[Message]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    known = {
        alias.asname or alias.name: LAZY.sub("", alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in MARKERS
        for alias in node.names
        if "gettext" in alias.name or alias.name in SAYING
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in known:
            arguments = [
                a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)
            ]
            if arguments:
                yield of_call(known[node.func.id], arguments)


def in_template(path: Path) -> Iterator[Message]:
    for function, arguments in IN_TEMPLATE.findall(templatize(path.read_text(encoding="utf-8"))):
        found = ast.literal_eval(f"({arguments.rstrip().rstrip(',')},)")
        yield of_call(function, list(found))


@cache
def used() -> dict[Message, str]:
    """Every message of the product and a file that uses it."""
    found: dict[Message, str] = {}
    for path in code():
        found |= dict.fromkeys(in_python(path), path.name)
    for path in tracked(".html", ".txt"):
        if "templates" in path.parts:
            found |= dict.fromkeys(in_template(path), path.name)
    return found


@cache
def catalogue() -> dict[Message, polib.POEntry]:
    return {
        (entry.msgctxt or "", entry.msgid): entry for entry in polib.pofile(str(PO)) if not entry.obsolete
    }


def texts_of(entry: polib.POEntry | polib.MOEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def is_translated(entry: polib.POEntry) -> bool:
    return "fuzzy" not in entry.flags and all(texts_of(entry))


def places(text: str) -> set[str]:
    return {found[0] for found in PLACE.finditer(text)}


def test_every_sentence_has_its_korean_one():
    missing = [
        (file, message)
        for message, file in used().items()
        if message not in catalogue() or not is_translated(catalogue()[message])
    ]
    assert sorted(missing) == []


def test_a_translation_fills_the_same_places():
    pairs = [(e.msgid_plural or e.msgid, text) for e in catalogue().values() for text in texts_of(e) if text]
    assert [pair for pair in pairs if places(pair[0]) != places(pair[1])] == []


def test_a_percent_sign_is_written_as_in_the_english_sentence():
    odd = [e.msgid for e in catalogue().values() if ("%%" in e.msgid) != ("%%" in texts_of(e)[0])]
    assert odd == []


def test_the_compiled_catalogue_is_the_written_one():
    compiled = {(e.msgctxt or "", e.msgid): texts_of(e) for e in polib.mofile(str(PO.with_suffix(".mo")))}
    assert compiled == {key: texts_of(entry) for key, entry in catalogue().items() if is_translated(entry)}


def test_sentences_of_templates_are_found(tmp_path: Path):
    page = tmp_path / "page.html"
    page.write_text(
        '{% load i18n %}{% translate "One" %}{% blocktranslate with n=x %}Two {{ n }}{% endblocktranslate %}'
        '{% translate "Three" context "number" %}{% include "x.html" with title=_("Four") %}'
    )
    assert set(in_template(page)) == {("", "One"), ("", "Two %(n)s"), ("number", "Three"), ("", "Four")}


def test_sentences_of_code_are_found(tmp_path: Path):
    module = tmp_path / "module.py"
    module.write_text(
        "from django.utils.translation import gettext as sentence, ngettext, pgettext_lazy\n"
        'sentence("One " "piece"); ngettext("%d day", "%d days", 2); pgettext_lazy("number", "Three"); print("x")\n'
    )
    assert set(in_python(module)) == {("", "One piece"), ("", "%d day"), ("number", "Three")}


def test_sentences_of_rules_are_found(tmp_path: Path):
    rule = tmp_path / "rule.py"
    rule.write_text(
        "from protocol.sentences import Refusal, Sentence, gettext_noop\n"
        'gettext_noop("One"); Sentence("Two"); Refusal("Three", name="x"); Sentence(ELSEWHERE)\n'
    )
    assert set(in_python(rule)) == {("", "One"), ("", "Two"), ("", "Three")}
