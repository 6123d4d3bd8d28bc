"""docker-compose.yml and Dockerfile as data."""

import re
import shlex
from functools import cache

import yaml

from tests.process.support import PROJECT

VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


@cache
def compose() -> dict:
    return yaml.safe_load((PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))


def command(service: str) -> list[str]:
    return shlex.split(compose()["services"][service]["command"])


def variables(service: str, given: dict[str, str]) -> dict[str, str]:
    """The service's environment as compose would fill it in; a required name must be given."""

    def fill(match: re.Match) -> str:
        name, kind, text = match.groups()
        if kind == "?":
            return given[name]
        return given.get(name) or text or ""

    found = compose()["services"][service]["environment"]
    return {name: VARIABLE.sub(fill, str(value)) for name, value in found.items()}


@cache
def dockerfile() -> list[tuple[str, str]]:
    """The instructions, in order: (name, arguments)."""
    text = (PROJECT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in lines)]


def instructions(name: str) -> list[str]:
    return [rest for found, rest in dockerfile() if found == name]
