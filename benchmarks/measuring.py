"""Rows of the table, and rounds in which what is measured and its limit take turns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

T = TypeVar("T")
ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One line. `reach` is the ratio that is wanted: at least, or with `at_most` at most; None: nothing is."""

    name: str
    measured: str
    limit: str = ""
    ratio: float | None = None
    reach: float | None = None
    at_most: bool = False

    @property
    def verdict(self) -> str:
        """ok, NOT, or nothing where nothing is wanted."""
        if self.ratio is None or self.reach is None:
            return ""
        return "ok" if (self.ratio <= self.reach if self.at_most else self.ratio >= self.reach) else "NOT"

    def cells(self) -> tuple[str, ...]:
        """The line's texts."""
        sign = "<=" if self.at_most else ">="
        ratio = "" if self.ratio is None else f"{self.ratio:.{4 if self.ratio < 0.1 else 2}f}"
        reach = "" if self.reach is None else f"{sign} {self.reach:.2f}"
        return self.name, self.measured, self.limit, ratio, reach, self.verdict


HEAD = ("what", "measured", "its limit", "ratio", "wanted", "")


def taking_turns(limit: Callable[[], T], ours: Callable[[], T], rounds: int = ROUNDS) -> list[tuple[T, T]]:
    """(limit, ours) of each round, after one that warms up and does not count."""
    limit(), ours()
    return [(limit(), ours()) for _ in range(rounds)]


def compared(
    name: str,
    pairs: Sequence[tuple[float, float]],
    shown: Callable[[float], str],
    limit: str,
    reach: float | None = None,
    *,
    at_most: bool = False,
) -> Row:
    """A row of (limit, ours) pairs: the median of their ratios, so that a noisy moment decides nothing."""
    ratio = median(ours / of for of, ours in pairs)
    ours, of = median(ours for _, ours in pairs), median(of for of, _ in pairs)
    return Row(name, shown(ours), f"{shown(of)} {limit}", ratio, reach, at_most)


def a_second(rate: float) -> str:
    """So many a second."""
    return f"{rate:,.0f}/s"


def milliseconds(value: float) -> str:
    """So many milliseconds."""
    return f"{value:.2f} ms" if value < 10 else f"{value:,.0f} ms"


def table(rows: Sequence[Row]) -> str:
    """The rows as text in columns."""
    lines = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
