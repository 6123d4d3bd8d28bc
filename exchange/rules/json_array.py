"""A JSON array written an element at a time."""

import json
from collections.abc import Iterable, Iterator
from textwrap import indent

_INDENT = 1


def json_array(elements: Iterable[object]) -> Iterator[str]:
    """The text of the array in pieces, indented by one; `json.dumps` of the whole would say the same."""
    separator = "[\n"
    for element in elements:
        text = json.dumps(element, indent=_INDENT, ensure_ascii=False)
        yield separator + indent(text, " " * _INDENT)
        separator = ",\n"
    yield "[]\n" if separator == "[\n" else "\n]\n"
