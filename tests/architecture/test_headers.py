"""What every page tells the browser, and that no page asks for more than the policy allows."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.architecture.addresses import addresses, client_of
from tests.architecture.test_house import tracked

HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
STRICTER = {"reminders:opt_out": {"Referrer-Policy": "no-referrer"}}  # its address is the key to it
POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
INLINE = {
    "style attribute": re.compile(r"<[^<>]*\sstyle\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "script without src": re.compile(
        r"<script\b(?![^>]*\bsrc=)(?![^>]*type=[\"'](?:application/json|text/template)[\"'])", re.IGNORECASE
    ),
    "on… attribute": re.compile(r"<[^<>]*\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "javascript: link": re.compile(r"(?:href|src|action)\s*=\s*[\"']?\s*javascript:", re.IGNORECASE),
    "another host": re.compile(
        r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE
    ),
}
MAILS = "emails"  # read in a mailbox, which knows no style sheet


def inline_parts(html: str) -> list[str]:
    return [what for what, pattern in INLINE.items() if pattern.search(html)]


def policy_of(header: str) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in header.split(";"))
    return {name: values for name, _, values in parts if name}


@pytest.mark.django_db
@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("role", ["anonymous", "nurse_a", "data_manager", "administrator"])
def test_every_page_is_strict(role, cast, world):
    client = client_of(cast(role))
    for address in addresses():
        response = client.get(world.path(address))
        policy = policy_of(response.headers["Content-Security-Policy"])
        wanted = HEADERS | STRICTER.get(address.name, {})
        assert {name: policy.get(name) for name in POLICY} == POLICY, address.name
        assert {name: response.headers.get(name) for name in wanted} == wanted, address.name
        if response.headers.get("Content-Type", "").startswith("text/html"):
            assert inline_parts(response.content.decode()) == [], address.name


def test_no_directive_allows_inline_or_eval():
    values = [value for values in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].values() for value in values]
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "https:", "http:"} & set(values)


def templates() -> list[Path]:
    return [path for path in tracked(".html", ".svg") if MAILS not in path.parts]


@pytest.mark.parametrize("template", templates(), ids=lambda path: "/".join(path.parts[-3:]))
def test_templates_have_no_inline_parts(template: Path):
    assert inline_parts(template.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("script", tracked(".js"), ids=lambda path: path.name)
def test_our_scripts_evaluate_nothing(script: Path):
    text = script.read_text(encoding="utf-8")
    assert not re.search(r"\beval\(|new Function|innerHTML|document\.write|setTimeout\(\s*[\"']", text)


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<p style="color: red">', ["style attribute"]),
        ("<style>p {}</style>", ["style element"]),
        ("<script>alert(1)</script>", ["script without src"]),
        ('<script src="/static/a.js" defer></script>', []),
        ('<script id="x" type="application/json">{}</script>', []),
        ('<a onclick="go()">', ["on… attribute"]),
        ('<form data-on="1"><p class="style=">', []),
        ('<a href="javascript:go()">', ["javascript: link"]),
        ('<script src="https://cdn.example/a.js"></script>', ["another host"]),
    ],
)
def test_inline_parts_are_seen(html: str, found: list[str]):
    assert inline_parts(html) == found
