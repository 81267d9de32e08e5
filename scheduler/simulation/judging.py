"""Holds what was said against what came: shares inside the window, interval scores and errors, and their doubt. Pure.

What is said in one meeting goes wrong together, so doubt is reckoned by meeting, not by turn.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from math import sqrt

from scheduler.simulation.rivals import Rivals

Window = tuple[float, float, float]
_OUTSIDE = 0.2


@dataclass(frozen=True, slots=True)
class Said:
    """Of one call: the moment it came, and what each had said of it."""

    came: float
    window: Window
    oracle: Window
    rivals: Rivals


@dataclass(slots=True)
class Sums:
    """Over some calls; of the windows' ends, scores (Winkler 1972: the width, and what lies outside) and errors."""

    calls: int = 0
    inside: int = 0
    before: int = 0
    width: float = 0.0
    oracle_width: float = 0.0
    score: float = 0.0
    oracle_score: float = 0.0
    error: float = 0.0
    oracle_error: float = 0.0
    oracle_inside: int = 0
    plan_error: float = 0.0
    shifted_error: float = 0.0
    paced_error: float = 0.0

    def note(self, said: Said) -> None:
        """Adds one call."""
        early, middle, late = said.window
        oracle_early, oracle_middle, oracle_late = said.oracle
        self.calls += 1
        self.inside += early <= said.came <= late
        self.before += said.came < early
        self.oracle_inside += oracle_early <= said.came <= oracle_late
        self.width += late - early
        self.oracle_width += oracle_late - oracle_early
        self.score += _score(said.came, early, late)
        self.oracle_score += _score(said.came, oracle_early, oracle_late)
        self.error += abs(said.came - middle)
        self.oracle_error += abs(said.came - oracle_middle)
        self.plan_error += abs(said.came - said.rivals.plan)
        self.shifted_error += abs(said.came - said.rivals.shifted)
        self.paced_error += abs(said.came - said.rivals.paced)

    def add(self, other: "Sums") -> None:
        """Adds those of others."""
        for each in fields(Sums):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))


@dataclass(slots=True)
class Account:
    """Sums over meetings, with what the doubt of the share inside needs."""

    sums: Sums = field(default_factory=Sums)
    meetings: int = 0
    _inside_squares: float = 0.0
    _calls_squares: float = 0.0
    _products: float = 0.0

    def add(self, meeting: Sums) -> None:
        """Adds one meeting."""
        self.sums.add(meeting)
        self.meetings += 1
        self._inside_squares += meeting.inside**2
        self._calls_squares += meeting.calls**2
        self._products += meeting.inside * meeting.calls

    @property
    def inside(self) -> float:
        """The share of calls inside their window."""
        return self.sums.inside / self.sums.calls

    @property
    def doubt(self) -> float:
        """The standard error of `inside`, clustered by meeting."""
        share = self.inside
        squares = self._inside_squares - 2 * share * self._products + share**2 * self._calls_squares
        return sqrt(max(squares, 0.0)) / self.sums.calls


class Accounts:
    """An account for each group of calls, by name, in the order in which the groups were first met."""

    def __init__(self) -> None:
        """With none yet."""
        self.of: dict[str, Account] = {}

    def add(self, meeting: Mapping[str, Sums]) -> None:
        """Adds one meeting's sums by group."""
        for group, sums in meeting.items():
            self.of.setdefault(group, Account()).add(sums)


def _score(came: float, early: float, late: float) -> float:
    return late - early + 2 / _OUTSIDE * (max(early - came, 0.0) + max(came - late, 0.0))
