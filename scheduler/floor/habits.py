"""What happens between the speeches of this meeting: changeovers, waits for the first word, absences, interruptions.

Each figure starts from what meetings in general show and is worth so many observations; those of this meeting join it.
Pure.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, lgamma, log, pi, sqrt
from typing import NamedTuple

from scheduler.floor.spread import Spread, log_normal
from scheduler.floor.turns import Past, Turn

CHANGEOVER, CHANGEOVER_WORTH = 12.0, 2.0
LATENCY: Mapping[Hashable, float] = {"remote": 12.0, "video": 12.0}
LATENCY_IN_ROOM, LATENCY_WORTH = 6.0, 2.0
LONG, LONG_DEVIATION, LONG_WORTH = 150.0, 0.7, 2.0
LONG_CHANCE, LONG_TURNS = 0.025, 10.0
ABSENCE_CHANCE, ABSENCE_CALLS = 0.025, 20.0
ABSENCE, ABSENCE_WORTH = 25.0, 2.0
_ROUNDS = 4


class Mean(NamedTuple):
    """The mean of an exponential wait, and how many observations it is worth."""

    value: float
    worth: float

    @property
    def doubt(self) -> float:
        """The variance of the mean itself."""
        return self.value**2 / self.worth


class Chance(NamedTuple):
    """A Beta distribution of how often something happens."""

    yes: float
    no: float

    @property
    def mean(self) -> float:
        """How often."""
        return self.yes / (self.yes + self.no)

    @property
    def doubt(self) -> float:
        """The variance of it."""
        return self.mean * (1 - self.mean) / (self.yes + self.no + 1)

    def of(self, trials: int, most: int) -> list[float]:
        """How likely 0, 1, 2, ... `most` among so many trials are (beta-binomial)."""
        both = self.yes + self.no
        first = exp(lgamma(self.no + trials) - lgamma(self.no) - lgamma(both + trials) + lgamma(both))
        chances = [first]
        for n in range(min(most, trials)):
            step = (trials - n) * (self.yes + n) / ((n + 1) * (self.no + trials - n - 1))
            chances.append(chances[-1] * step)
        return chances


@dataclass(frozen=True, slots=True)
class Habits:
    """The learned figures; seconds. `long_level` is the mean of the log of a long interruption."""

    changeover: Mean
    latencies: Mapping[Hashable, Mean]
    long_chance: Chance
    long_level: float
    absence_chance: Chance
    absence: Mean

    def latency(self, mode: Hashable) -> Mean:
        """From the call to the first word, in this mode."""
        return self.latencies.get(mode) or Mean(LATENCY.get(mode, LATENCY_IN_ROOM), LATENCY_WORTH)

    def absent(self, turn: Turn) -> float:
        """How likely she is not there when called: less likely once her link works, likelier where she was asked."""
        chance = self.absence_chance.mean
        if turn.ready:
            return chance / 2
        return min(3 * chance, 0.5) if turn.asked_ready_at is not None else chance

    def long(self) -> Spread:
        """One long interruption."""
        return log_normal(self.long_level, LONG_DEVIATION**2)


def learn(past: Sequence[Past], turns: Mapping[str, Turn], interruptions: Sequence[float]) -> Habits:
    """From all calls so far, and the seconds that each point of order took of somebody's turn."""
    gaps = [after.gap for before, after in pairwise(past) if after.gap is not None and before.status == "spoken"]
    changeover, chance, level = _split(gaps, interruptions)
    ordinary = [each for each in past if turns[each.slot].kind in {"statement", "right_of_reply"}]
    missed = [each for each in ordinary if each.status != "spoken"]
    waits: dict[Hashable, list[float]] = {}
    for each in ordinary:
        if each.started_at is not None:
            waits.setdefault(turns[each.slot].mode, []).append(each.latency)
    return Habits(
        changeover,
        {mode: _mean(LATENCY.get(mode, LATENCY_IN_ROOM), LATENCY_WORTH, values) for mode, values in waits.items()},
        chance,
        level,
        Chance(
            ABSENCE_CHANCE * ABSENCE_CALLS + len(missed),
            (1 - ABSENCE_CHANCE) * ABSENCE_CALLS + len(ordinary) - len(missed),
        ),
        _mean(ABSENCE, ABSENCE_WORTH, [each.latency for each in missed]),
    )


def _mean(prior: float, worth: float, values: Sequence[float]) -> Mean:
    return Mean((prior * worth + sum(values)) / (worth + len(values)), worth + len(values))


def _split(gaps: Sequence[float], interruptions: Sequence[float]) -> tuple[Mean, Chance, float]:
    """Shares each gap softly between an ordinary changeover and a long interruption (a few EM steps)."""
    changeover, level = Mean(CHANGEOVER, CHANGEOVER_WORTH), log(LONG)
    yes, no = LONG_CHANCE * LONG_TURNS, (1 - LONG_CHANCE) * LONG_TURNS
    chance = Chance(yes, no)
    known = sum(log(max(seconds, 1.0)) for seconds in interruptions)
    for _ in range(_ROUNDS):
        shares = [_long_share(gap, changeover.value, chance.mean, level) for gap in gaps]
        ordinary = sum(1 - share for share in shares)
        total = sum((1 - share) * gap for share, gap in zip(shares, gaps, strict=True))
        worth = CHANGEOVER_WORTH + ordinary
        changeover = Mean((CHANGEOVER * CHANGEOVER_WORTH + total) / worth, worth)
        long = sum(shares) + len(interruptions)
        chance = Chance(yes + long, no + ordinary)
        logs = sum(share * log(max(gap, 1.0)) for share, gap in zip(shares, gaps, strict=True))
        level = (LONG_WORTH * log(LONG) + known + logs) / (LONG_WORTH + long)
    return changeover, chance, level


def _long_share(gap: float, changeover: float, chance: float, level: float) -> float:
    if gap <= 1:
        return 0.0
    z = (log(gap) - level) / LONG_DEVIATION
    long = chance * exp(-z * z / 2) / (gap * LONG_DEVIATION * sqrt(2 * pi))
    usual = (1 - chance) * exp(-gap / changeover) / changeover
    return long / (long + usual) if long + usual > 0 else 1.0
