"""How long the files and functions of the three packages are."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

TOP = Path(__file__).parents[2]
PACKAGES = ("scheduler", "calendars", "api")


@dataclass(frozen=True, slots=True, order=True)
class Size:
    """So many lines, and whose: `room/file.py` or `room/file.py:function`."""

    lines: int
    where: str


def source_files() -> list[Path]:
    """The code that is delivered, but the migrations: literal operations, as long as the tables are many."""
    return sorted(path for name in PACKAGES for path in (TOP / name).rglob("*.py") if "migrations" not in path.parts)


def file_sizes() -> list[Size]:
    """One for each file that has a line."""
    sizes = [Size(len(path.read_text().splitlines()), str(path.relative_to(TOP))) for path in source_files()]
    return [size for size in sizes if size.lines]


def function_sizes() -> list[Size]:
    """One for each function and method, from its `def` to its last line."""
    return [size for path in source_files() for size in _functions(path)]


def figures(kind: str, sizes: list[Size]) -> str:
    """A line for people: `files: 40, median 80 lines, p90 190, longest 250 (room/file.py)`."""
    if len(sizes) < 2:
        return f"{kind}: {len(sizes)}"
    lines, longest = [size.lines for size in sizes], max(sizes)
    p90 = quantiles(lines, n=10)[-1]
    return (
        f"{kind}: {len(sizes)}, median {median(lines):.0f} lines, p90 {p90:.0f}, "
        f"longest {longest.lines} ({longest.where})"
    )


def _functions(path: Path) -> Iterator[Size]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            last = node.end_lineno or node.lineno
            yield Size(last - node.lineno + 1, f"{path.relative_to(TOP)}:{node.name}")
