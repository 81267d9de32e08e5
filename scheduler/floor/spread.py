"""How long something may take, when nobody can say exactly: sums, truncation, quantiles. Pure arithmetic.

A spread is known by its first three cumulants, which simply add up for things that do not depend on each other. Its
distribution is taken as the shifted gamma with these cumulants (Wilson and Hilferty's approximation, 1931).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import copysign, erf, exp, log, pi, sqrt
from typing import NamedTuple


class Spread(NamedTuple):
    """Mean, variance and third cumulant, in seconds and their powers."""

    mean: float = 0.0
    variance: float = 0.0
    third: float = 0.0

    def plus(self, other: "Spread", times: float = 1.0) -> "Spread":
        """The sum with `times` independent others alike."""
        return Spread(
            self.mean + times * other.mean,
            self.variance + times * other.variance,
            self.third + times * other.third,
        )


def of_moments(first: float, second: float, third: float) -> Spread:
    """From the means of x, its square and its cube, for what is skewed to the right or not at all."""
    variance = max(second - first**2, 0.0)
    return Spread(max(first, 0.0), variance, max(third - 3 * first * variance - first**3, 0.0))


def waiting(mean: float, dispersion: float) -> Spread:
    """A gamma with this mean; `dispersion` is its variance over the squared mean, 1 for an exponential."""
    return Spread(mean, dispersion * mean**2, 2 * dispersion**2 * mean**3)


def exponential(mean: float) -> Spread:
    """A wait that does not age."""
    return Spread(mean, mean**2, 2 * mean**3)


def log_normal(level: float, variance: float) -> Spread:
    """The exponential of a normal with this mean and variance."""
    mean, widening = exp(level + variance / 2), exp(variance)
    spread = mean**2 * (widening - 1)
    return Spread(mean, spread, mean * spread * (widening - 1) * (widening + 2))


def rest_of_log_normal(level: float, variance: float, elapsed: float) -> Spread:
    """What remains of a log-normal stretch that has lasted `elapsed` seconds already."""
    if elapsed <= 0:
        return log_normal(level, variance)
    sd = sqrt(variance)
    beyond = (log(elapsed) - level) / sd
    if beyond > _FAR:
        # In the far tail the chance of ending is about z / (sd * t) a second: what remains is nearly exponential.
        return exponential(elapsed * sd / (beyond + 1 / beyond))
    left = normal(-beyond)
    raw = [exp(n * level + n * n * variance / 2) * normal(n * sd - beyond) / left for n in (1, 2, 3)]
    mean = raw[0] - elapsed
    spread = raw[1] - raw[0] ** 2
    third = raw[2] - 3 * raw[0] * raw[1] + 2 * raw[0] ** 3
    return Spread(max(mean, 0.0), max(spread, 0.0), max(third, 0.0))


_FAR = 4.0


def normal(z: float) -> float:
    """The standard normal distribution."""
    return 0.5 * (1 + erf(z / _ROOT_OF_2))


_ROOT_OF_2 = sqrt(2)


def mixed(first: Spread, second: Spread, chance: float) -> Spread:
    """The second with this chance, else the first."""
    step = second.mean - first.mean
    return Spread(
        first.mean + chance * step,
        (1 - chance) * first.variance + chance * second.variance + chance * (1 - chance) * step**2,
        (1 - chance) * first.third
        + chance * second.third
        + chance * (1 - chance) * step * (3 * (second.variance - first.variance) + (1 - 2 * chance) * step**2),
    )


def not_before(spread: Spread, least: float) -> tuple[Spread, float]:
    """The later of a spread and a fixed moment, with the chance that the spread still decides (Clark 1961)."""
    sd = sqrt(spread.variance)
    if sd < _NO_SPREAD:
        return (spread, 1.0) if spread.mean >= least else (Spread(least), 0.0)
    z = (least - spread.mean) / sd
    below, density = normal(z), exp(-z * z / 2) / sqrt(2 * pi)
    mean = least * below + spread.mean * (1 - below) + sd * density
    square = least**2 * below + (spread.mean**2 + spread.variance) * (1 - below) + (spread.mean + least) * sd * density
    return Spread(mean, max(square - mean**2, 0.0), spread.third * (1 - below)), 1 - below


_NO_SPREAD = 1e-6


@dataclass(frozen=True, slots=True)
class _Part:
    weight: float
    origin: float
    scale: float
    shape: float
    """Of the gamma; 0: a normal with `origin` its mean and `scale` its deviation."""
    centre: float

    def below(self, x: float) -> float:
        if self.shape == 0:
            return normal((x - self.origin) / self.scale)
        share = (x - self.origin) / self.scale
        return 0.0 if share <= 0 else normal((share ** (1 / 3) - self.centre) * 3 * sqrt(self.shape))


def _part(weight: float, spread: Spread) -> _Part:
    sd = max(sqrt(max(spread.variance, 0.0)), _NO_SPREAD)
    skew = min(spread.third / sd**3, _MOST_SKEW)
    if skew < _LEAST_SKEW:
        return _Part(weight, spread.mean, sd, 0.0, 0.0)
    shape = 4 / skew**2
    whole = shape * sd * skew / 2
    return _Part(weight, spread.mean - whole, whole, shape, 1 - 1 / (9 * shape))


_LEAST_SKEW, _MOST_SKEW = 0.01, 3.0


class Mixture:
    """One of several spreads, each with its weight; the weights sum to 1."""

    __slots__ = ("_mean", "_parts", "_sd")

    def __init__(self, parts: Sequence[tuple[float, Spread]]) -> None:
        """Parts of next to no weight change nothing and are left out."""
        self._parts = [_part(weight, spread) for weight, spread in parts if weight > _NO_WEIGHT]
        total = sum(part.weight for part in self._parts)
        self._mean = sum(weight * spread.mean for weight, spread in parts)
        self._sd = sqrt(max(sum(w * (s.variance + (s.mean - self._mean) ** 2) for w, s in parts), _NO_SPREAD))
        if total < 1 - _NO_SPREAD:
            self._parts = [_Part(p.weight / total, p.origin, p.scale, p.shape, p.centre) for p in self._parts]

    def below(self, x: float) -> float:
        """The chance of less than x."""
        return sum(part.weight * part.below(x) for part in self._parts)

    def quantile(self, share: float) -> float:
        """Where `share` of it lies below, to a twentieth of a second."""
        low, high = self._bracket(share)
        at_low, at_high = self.below(low) - share, self.below(high) - share
        for _ in range(_STEPS):
            if high - low < _CLOSE or at_low == at_high:
                break
            middle = high - at_high * (high - low) / (at_high - at_low)
            if not low < middle < high:
                middle = (low + high) / 2
            value = self.below(middle) - share
            if abs(value) < _CLOSE_SHARE:
                return middle
            # The Illinois rule: halve the weight of an end that stays, or it would stay for ever.
            if copysign(1, value) == copysign(1, at_high):
                high, at_high, at_low = middle, value, at_low / 2
            else:
                low, at_low, at_high = middle, value, at_high / 2
        return (low + high) / 2

    def _bracket(self, share: float) -> tuple[float, float]:
        low, high = self._mean - 2 * self._sd, self._mean + 2 * self._sd
        while self.below(low) > share:
            low -= 2 * self._sd
        while self.below(high) < share:
            high += 2 * self._sd
        return low, high


_NO_WEIGHT, _CLOSE, _CLOSE_SHARE, _STEPS = 0.002, 0.05, 0.0005, 60
