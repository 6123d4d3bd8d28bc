"""What was measured, kept as numbers and shown as a table."""

import json
import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from math import isnan
from pathlib import Path

from benchmarks.clock import Spent


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. The unit `×` is a ratio of two things measured in the same run."""

    benchmark: str
    patients: int
    what: str
    unit: str
    value: float


def timed(figure: partial[Figure], what: str, unit: str, spent: Spent, of: int = 1) -> Iterator[Figure]:
    """The milliseconds that one of so many took, by either clock."""
    yield from _on_both_clocks(figure, what, unit, 1000 * spent.seconds / of, 1000 * spent.processor / of)


def beside(figure: partial[Figure], what: str, one: Spent, other: Spent) -> Iterator[Figure]:
    """How many times as long one took as the other, by either clock."""
    ratios = one.seconds / other.seconds, one.processor / other.processor
    yield from _on_both_clocks(figure, what, "×", *ratios)


def _on_both_clocks(
    figure: partial[Figure], what: str, unit: str, seconds: float, processor: float
) -> Iterator[Figure]:
    yield figure(what, unit, seconds)
    if not isnan(processor):
        yield figure(f"{what}, processor time", unit, processor)


def same(one: int, other: int) -> int:
    """Two counts that must agree, or what is measured beside each other is not the same thing."""
    if one != other:
        raise AssertionError(f"not the same rows: {one} and {other}")
    return one


def table(figures: Sequence[Figure]) -> str:
    """A line for each thing measured, a column for each number of patients, and how it has grown from the first."""
    sizes = sorted({figure.patients for figure in figures})
    found = {(f.benchmark, f.what, f.unit, f.patients): f.value for f in figures}
    lines = [
        [
            "benchmark",
            "what",
            "unit",
            *(f"{size:,}" for size in sizes),
            *(f"{size:,} : {sizes[0]:,}" for size in sizes[1:]),
        ]
    ]
    for key in dict.fromkeys((f.benchmark, f.what, f.unit) for f in figures):
        values = [found.get((*key, size)) for size in sizes]
        lines.append([*key, *map(_shown, values), *(_growth(values[0], value) for value in values[1:])])
    return _aligned(lines)


def save(figures: Sequence[Figure], folder: Path, at: datetime) -> Path:
    """A JSON file named by the moment, and the same as `latest.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    content = {"at": at.isoformat(), "machine": machine(), "figures": [asdict(figure) for figure in figures]}
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    path = folder / f"{at:%Y%m%d-%H%M%S}.json"
    for target in (path, folder / "latest.json"):
        target.write_text(text, encoding="utf-8")
    return path


def machine() -> dict[str, object]:
    """Ratios travel from one machine to another, seconds do not: what they were measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(memory),
        "python": platform.python_version(),
        "load": os.getloadavg()[0],  # what else ran: much of it, and the figures are worth little
    }


def _shown(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"


def _growth(first: float | None, value: float | None) -> str:
    return f"{value / first:.2f} ×" if first and value is not None else ""


def _aligned(lines: list[list[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rows = [
        "| " + " | ".join(_cell(i, cell, widths[i]) for i, cell in enumerate(line)) + " |" for line in lines
    ]
    rule = "|" + "|".join("-" * (width + 1) + ("-" if i < 3 else ":") for i, width in enumerate(widths)) + "|"
    return "\n".join([rows[0], rule, *rows[1:]])


def _cell(place: int, text: str, width: int) -> str:
    return text.ljust(width) if place < 3 else text.rjust(width)
