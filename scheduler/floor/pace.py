"""How long this meeting's speakers speak, against what they were allotted. Pure.

ln(speech / allotted) = the meeting's level + an offset of the category + an offset of the mode + noise: a Gaussian
model with general priors, solved exactly. The level is a slow random walk, so that old speeches count for less.
"""

from collections.abc import Hashable, Iterable, Sequence
from math import log

from scheduler.floor.spread import Spread, log_normal

LEVEL, LEVEL_VARIANCE, CATEGORY_VARIANCE, MODE_VARIANCE = 0.0, 0.15**2, 0.10**2, 0.05**2
NOISE_VARIANCE, NOISE_WORTH = 0.25**2, 3.0
DRIFT_VARIANCE = 0.02**2
_MOST = 2.5
_ROUNDS = 3


class Pace:
    """What the speeches so far tell of the next ones; with none, the priors.

    `covariance` is of the offsets; `noise` the variance between two speeches of the same kind of speaker.
    """

    __slots__ = ("_mean", "_places", "covariance", "noise")

    def __init__(
        self, speeches: Sequence[tuple[float, float, Hashable, Hashable]], ahead: Iterable[tuple[Hashable, Hashable]]
    ) -> None:
        """`speeches` in their order: seconds spoken and allotted, category, mode; `ahead`: the latter two of others."""
        speakers = [*((category, mode) for _, _, category, mode in speeches), *ahead]
        kinds = dict.fromkeys(kind for category, mode in speakers for kind in (("c", category), ("m", mode)))
        self._places: dict[tuple[str, Hashable], int] = {kind: at + 1 for at, kind in enumerate(kinds)}
        seen = [
            (min(max(log(max(spoken, 1.0) / max(allotted, 1.0)), -_MOST), _MOST), self.places(category, mode))
            for spoken, allotted, category, mode in speeches
        ]
        self.noise = NOISE_VARIANCE
        self._solve(seen)
        for _ in range(_ROUNDS if seen else 0):
            residue = sum((value - LEVEL - sum(self._mean[at] for at in places)) ** 2 for value, places in seen)
            known = sum(self.uncertainty(places) for _, places in seen)
            self.noise = (NOISE_WORTH * NOISE_VARIANCE + residue + known) / (NOISE_WORTH + len(seen))
            self._solve(seen)

    def places(self, category: Hashable, mode: Hashable) -> tuple[int, ...]:
        """Which of the offsets a speaker has: the level's, her category's and her mode's."""
        return (0, self._places["c", category], self._places["m", mode])

    def level(self, places: Sequence[int]) -> float:
        """Where ln(speech / allotted) is expected."""
        return LEVEL + sum(self._mean[at] for at in places)

    def uncertainty(self, places: Sequence[int]) -> float:
        """The variance of `level`."""
        return sum(self.covariance[row][column] for row in places for column in places)

    def speech(self, seconds: float, category: Hashable, mode: Hashable) -> Spread:
        """How long a speech of so many allotted seconds takes: its noise alone, the level taken as known."""
        places = self.places(category, mode)
        return log_normal(log(max(seconds, 1.0)) + self.level(places) + self.uncertainty(places) / 2, self.noise)

    def _solve(self, seen: Sequence[tuple[float, tuple[int, ...]]]) -> None:
        size = len(self._places) + 1
        priors = [LEVEL_VARIANCE, *(CATEGORY_VARIANCE if kind[0] == "c" else MODE_VARIANCE for kind in self._places)]
        precision = [[0.0] * size for _ in range(size)]
        for at, prior in enumerate(priors):
            precision[at][at] = 1 / prior
        pull = [0.0] * size
        for age, (value, places) in enumerate(reversed(seen)):
            weight = 1 / (self.noise + age * DRIFT_VARIANCE)
            for row in places:
                pull[row] += weight * (value - LEVEL)
                for column in places:
                    precision[row][column] += weight
        self.covariance = inverse(precision)
        self._mean = [sum(a * b for a, b in zip(row, pull, strict=True)) for row in self.covariance]


def inverse(matrix: list[list[float]]) -> list[list[float]]:
    """The inverse of a symmetric positive definite matrix (Gauss and Jordan, no pivoting needed)."""
    size = len(matrix)
    rows = [[*row, *(1.0 if at == column else 0.0 for column in range(size))] for at, row in enumerate(matrix)]
    for at in range(size):
        pivot = rows[at][at]
        rows[at] = [value / pivot for value in rows[at]]
        for other in range(size):
            factor = rows[other][at]
            if other != at and factor:
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[at], strict=True)]
    return [row[size:] for row in rows]
