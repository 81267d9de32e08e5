"""What happens between the speeches of this meeting: changeovers, waits for the first word, absences, interruptions.

Each figure starts from what meetings in general show and is worth so many observations; those of this meeting join it.
Pure.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, lgamma, log, pi, sqrt
from typing import NamedTuple

from scheduler.floor.pace import SPEECHES
from scheduler.floor.spread import Spread, log_normal, waiting
from scheduler.floor.turns import Past, Turn

CHANGEOVER, CHANGEOVER_WORTH = 12.0, 1.5
LATENCY: Mapping[Hashable, float] = {"remote": 12.0, "video": 12.0}
LATENCY_IN_ROOM, LATENCY_WORTH = 6.0, 1.5
DISPERSION, DISPERSION_WORTH, MOST_DISPERSION = 0.7, 5.0, 4.0
LONG, LONG_DEVIATION, LONG_WORTH = 150.0, 0.7, 2.0
LONG_CHANCE, LONG_TURNS = 0.025, 10.0
ABSENCE_CHANCE, ABSENCE_CALLS = 0.025, 20.0
ABSENCE, ABSENCE_WORTH = 25.0, 1.5
# Meetings settle down, and links get better or worse: of a wait's weight so much is left at the next one.
KEPT = 0.95
# What is lost in a turn for less than this is part of its noise; what is longer than the other counts as that long.
LEAST_LOST, MOST_LOST = 15.0, 900.0
_ROUNDS = 4


class Wait(NamedTuple):
    """The mean of a wait, how many observations it is worth, and the variance of one wait over the squared mean."""

    value: float
    worth: float
    dispersion: float = DISPERSION

    @property
    def spread(self) -> Spread:
        """One such wait."""
        return waiting(self.value, self.dispersion)

    @property
    def doubt(self) -> float:
        """The variance of the mean itself."""
        return self.dispersion * self.value**2 / self.worth


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
    """The learned figures; seconds. `long_level` is the mean of the log of a long interruption.

    `starts_told`: this meeting's events say when a speaker begins; else her speech counts from the call.
    """

    changeover: Wait
    latencies: Mapping[Hashable, Wait]
    long_chance: Chance
    long_level: float
    absence_chance: Chance
    absence: Wait
    starts_told: bool

    def latency(self, mode: Hashable) -> Wait:
        """From the call to the first word, in this mode."""
        if not self.starts_told:
            return Wait(0.0, LATENCY_WORTH)
        return self.latencies.get(mode) or Wait(LATENCY.get(mode, LATENCY_IN_ROOM), LATENCY_WORTH)

    def absent(self, turn: Turn) -> float:
        """How likely she is not there when called: less likely once her link works, likelier where she was asked."""
        chance = self.absence_chance.mean
        if turn.ready:
            return chance / 2
        return min(3 * chance, 0.5) if turn.asked_ready_at is not None else chance

    def long(self) -> Spread:
        """One long interruption."""
        return log_normal(self.long_level, LONG_DEVIATION**2)


def learn(past: Sequence[Past], turns: Mapping[str, Turn]) -> Habits:
    """From all calls so far."""
    gaps = [after.gap for before, after in pairwise(past) if after.gap is not None and before.status == "spoken"]
    changeover, chance, level = _split(gaps, list(_lost(past, turns)))
    ordinary = [each for each in past if turns[each.slot].kind in SPEECHES]
    missed = [each for each in ordinary if each.status != "spoken"]
    waits: dict[Hashable, list[float]] = {}
    for each in ordinary:
        if each.started_at is not None:
            waits.setdefault(turns[each.slot].mode, []).append(each.latency)
    told = sum(map(len, waits.values()))
    return Habits(
        changeover,
        {mode: _wait(LATENCY.get(mode, LATENCY_IN_ROOM), LATENCY_WORTH, values) for mode, values in waits.items()},
        chance,
        level,
        Chance(
            ABSENCE_CHANCE * ABSENCE_CALLS + len(missed),
            (1 - ABSENCE_CHANCE) * ABSENCE_CALLS + len(ordinary) - len(missed),
        ),
        _wait(ABSENCE, ABSENCE_WORTH, [each.latency for each in missed]),
        starts_told=2 * told >= len(ordinary) - len(missed),
    )


def _wait(prior: float, worth: float, values: Sequence[float], shares: Sequence[float] | None = None) -> Wait:
    """From what was seen, the latest most; `shares`: each counts only so much."""
    shares = [KEPT ** (len(values) - at) * share for at, share in enumerate(shares or [1.0] * len(values), 1)]
    number = sum(shares)
    mean = (prior * worth + sum(share * value for share, value in zip(shares, values, strict=True))) / (worth + number)
    squares = sum(share * (value / mean - 1) ** 2 for share, value in zip(shares, values, strict=True))
    dispersion = (DISPERSION_WORTH * DISPERSION + squares) / (DISPERSION_WORTH + number)
    return Wait(mean, worth + number, min(dispersion, MOST_DISPERSION))


def _lost(past: Sequence[Past], turns: Mapping[str, Turn]) -> Iterator[float]:
    """What was lost in each turn to points of order, pauses and suspensions."""
    halted = 0.0
    for each in past:
        suspended, halted = each.halted - halted, each.halted
        lost = suspended
        if each.started_at is not None and turns[each.slot].kind in SPEECHES:
            lost = max(suspended, (each.ended_at - each.started_at).total_seconds() - each.spoken)
        if lost > LEAST_LOST:
            yield min(lost, MOST_LOST)


def _split(gaps: Sequence[float], interruptions: Sequence[float]) -> tuple[Wait, Chance, float]:
    """Shares each gap softly between an ordinary changeover and a long interruption (a few EM steps)."""
    changeover, level = Wait(CHANGEOVER, CHANGEOVER_WORTH), log(LONG)
    yes, no = LONG_CHANCE * LONG_TURNS, (1 - LONG_CHANCE) * LONG_TURNS
    chance = Chance(yes, no)
    known = sum(log(max(seconds, 1.0)) for seconds in interruptions)
    for _ in range(_ROUNDS):
        shares = [_long_share(gap, changeover.value, chance.mean, level) for gap in gaps]
        ordinary = sum(1 - share for share in shares)
        changeover = _wait(CHANGEOVER, CHANGEOVER_WORTH, gaps, [1 - share for share in shares])
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
