"""How long this meeting's speakers speak, against what they were allotted. Pure.

ln(speech / allotted) = the meeting's level + an offset of the category + an offset of the mode + noise: a Gaussian
model with general priors, solved exactly. The level is a slow random walk, so that old speeches count for less.
Speeches far off weigh less in the level (Huber 1964); what they add to the mean comes back with the shape of the noise,
which is what this meeting has shown: a narrow normal around each speech beside the prior's (Duan's smearing, 1983).
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from math import exp, log, sqrt

from scheduler.floor.spread import Spread, normal, of_moments, rest_of_log_normal

SPEECHES = frozenset({"statement", "right_of_reply"})
"""The kinds of turns that follow the meeting's pace."""
LEVEL, LEVEL_VARIANCE, CATEGORY_VARIANCE, MODE_VARIANCE = 0.0, 0.14**2, 0.08**2, 0.05**2
NOISE_VARIANCE, NOISE_WORTH = 0.25**2, 3.0
DRIFT_VARIANCE = 0.015**2
LEAST_NOISE = 0.03**2
_MOST = 2.5
# Others' records may have a category a speaker; the time to solve grows with the cube of the offsets.
_MOST_OFFSETS = 16
_ROUNDS = 3
_FAR_OFF, _TINY = 2.0, 1e-9
_SHAPE_WORTH, _KERNEL = 12.0, 0.2


class Pace:
    """What the speeches so far tell of the next ones; with none, the priors.

    `covariance` is of the offsets; `noise` the variance between two speeches of the same kind of speaker.
    """

    __slots__ = ("_kernels", "_mean", "_moments", "_places", "covariance", "noise")

    def __init__(
        self, speeches: Sequence[tuple[float, float, Hashable, Hashable]], ahead: Iterable[tuple[Hashable, Hashable]]
    ) -> None:
        """`speeches` in their order: seconds spoken and allotted, category, mode; `ahead`: the latter two of others."""
        speakers = [*((category, mode) for _, _, category, mode in speeches), *ahead]
        kinds = Counter(kind for category, mode in speakers for kind in (("c", category), ("m", mode)))
        often = [kind for kind, _ in kinds.most_common(_MOST_OFFSETS)]
        self._places: dict[tuple[str, Hashable], int] = {kind: at + 1 for at, kind in enumerate(often)}
        seen = [
            (min(max(log(max(spoken, 1.0) / max(allotted, 1.0)), -_MOST), _MOST), self.places(category, mode))
            for spoken, allotted, category, mode in speeches
        ]
        self.noise, trust = NOISE_VARIANCE, [1.0] * len(seen)
        self._solve(seen, trust)
        for _ in range(_ROUNDS if seen else 0):
            squares = [(value - self.level(places)) ** 2 + self.uncertainty(places) for value, places in seen]
            trust = [min(1.0, _FAR_OFF * sqrt(self.noise / max(square, _TINY))) for square in squares]
            residue = sum(each * square for each, square in zip(trust, squares, strict=True))
            self.noise = max((NOISE_WORTH * NOISE_VARIANCE + residue) / (NOISE_WORTH + len(seen)), LEAST_NOISE)
            self._solve(seen, trust)
        self._kernels = self._shape([value - self.level(places) for value, places in seen], trust)
        self._moments = [
            sum(weight * exp(n * place + n * n * width / 2) for weight, place, width in self._kernels)
            for n in (1, 2, 3)
        ]

    def places(self, category: Hashable, mode: Hashable) -> tuple[int, ...]:
        """Which of the offsets a speaker has: the level's, her category's and her mode's, unless these are rare."""
        own = (self._places.get(("c", category)), self._places.get(("m", mode)))
        return (0, *(place for place in own if place is not None))

    def level(self, places: Sequence[int]) -> float:
        """Where ln(speech / allotted) is expected."""
        return LEVEL + sum(self._mean[at] for at in places)

    def uncertainty(self, places: Sequence[int]) -> float:
        """The variance of `level`."""
        return sum(self.covariance[row][column] for row in places for column in places)

    def speech(self, seconds: float, category: Hashable, mode: Hashable) -> Spread:
        """How long a speech of so many allotted seconds takes: its noise alone, the level taken as known."""
        usual = self._usual(seconds, category, mode)
        first, second, third = self._moments
        return of_moments(usual * first, usual**2 * second, usual**3 * third)

    def rest(self, seconds: float, category: Hashable, mode: Hashable, elapsed: float) -> Spread:
        """What is left of such a speech after `elapsed` seconds of it."""
        if elapsed <= 0:
            return self.speech(seconds, category, mode)
        beyond = log(elapsed / self._usual(seconds, category, mode))
        parts = [
            (weight * normal((place - beyond) / sqrt(width)), place, width) for weight, place, width in self._kernels
        ]
        total = sum(weight for weight, _, _ in parts)
        if total < _NEVER_SEEN:
            return rest_of_log_normal(log(elapsed) - beyond, self.noise, elapsed)
        raw = [0.0, 0.0, 0.0]
        for weight, place, width in parts:
            if weight > _NEVER_SEEN * total:
                one = rest_of_log_normal(log(elapsed) - beyond + place, width, elapsed)
                square = one.variance + one.mean**2
                cube = one.third + 3 * one.variance * one.mean + one.mean**3
                for n, value in enumerate((one.mean, square, cube)):
                    raw[n] += weight / total * value
        return of_moments(*raw)

    def _usual(self, seconds: float, category: Hashable, mode: Hashable) -> float:
        places = self.places(category, mode)
        return max(seconds, 1.0) * exp(self.level(places) + self.uncertainty(places) / 2)

    def _shape(self, residues: Sequence[float], trust: Sequence[float]) -> list[tuple[float, float, float]]:
        """The noise as weighted normals: the prior's, and one around each speech, drawn in to keep the variance."""
        number = len(residues)
        whole = _SHAPE_WORTH + number
        middle = sum(a * b for a, b in zip(residues, trust, strict=True)) / max(sum(trust), 1.0)
        width, drawn = _KERNEL * self.noise, sqrt(1 - _KERNEL)
        kernels = ((1 / whole, drawn * (each - middle), width) for each in residues)
        return [(_SHAPE_WORTH / whole, 0.0, self.noise), *kernels]

    def _solve(self, seen: Sequence[tuple[float, tuple[int, ...]]], trust: Sequence[float]) -> None:
        size = len(self._places) + 1
        priors = [LEVEL_VARIANCE, *(CATEGORY_VARIANCE if kind[0] == "c" else MODE_VARIANCE for kind in self._places)]
        precision = [[0.0] * size for _ in range(size)]
        for at, prior in enumerate(priors):
            precision[at][at] = 1 / prior
        pull = [0.0] * size
        for age, ((value, places), each) in enumerate(zip(reversed(seen), reversed(trust), strict=True)):
            weight = 1 / (self.noise / each + age * DRIFT_VARIANCE)
            for row in places:
                pull[row] += weight * (value - LEVEL)
                for column in places:
                    precision[row][column] += weight
        self.covariance = inverse(precision)
        self._mean = [sum(a * b for a, b in zip(row, pull, strict=True)) for row in self.covariance]


_NEVER_SEEN = 1e-4


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
