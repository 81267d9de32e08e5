"""The sum of the turns ahead, one after the other: what differs from turn to turn, and what all of them share. Pure."""

from collections.abc import Hashable
from math import exp, log

from scheduler.floor.habits import Habits
from scheduler.floor.pace import DRIFT_VARIANCE, Pace
from scheduler.floor.rest import INTERLUDE_DEVIATION, Rest
from scheduler.floor.spread import Mixture, Spread, mixed, not_before
from scheduler.floor.turns import INTERLUDES, Turn

# Beyond so many expected long interruptions their number is folded into the moments.
_MANY_LONG, _MOST_LONG = 2.5, 6


class Ahead:
    """Seconds from now to where one has walked along the queue.

    `_own` are the independent parts. The shared ones: `_lever` is the covariance of the pace times the expected seconds
    by offset (so that g'Vg needs few steps a turn), the counts of changeovers, waits and absences with the doubt of
    each, and the drift of the level on the way.
    """

    def __init__(self, pace: Pace, habits: Habits, rest: Rest) -> None:
        """`rest` is what is on now."""
        self._pace, self._habits = pace, habits
        self._rest = rest.parts
        self._own = Spread()
        self._trials = 0
        self._lever = [0.0] * len(pace.covariance)
        self._levelled = 0.0
        self._changeovers = 0.0
        self._waits: dict[Hashable, float] = {}
        self._shown = 0.0
        self._spoken, self._marks, self._mark_sum, self._mark_squares = 0.0, 0, 0.0, 0.0
        self._speech(rest.speech, rest.places)

    def changeover(self) -> None:
        """From the end of a turn to the next call; it may be a long interruption."""
        self._own = self._own.plus(self._habits.changeover.spread)
        self._changeovers += 1
        self._trials += 1

    def turn(self, turn: Turn) -> None:
        """The whole turn from its call to its end: waiting and speech, or the time until she is given up."""
        if turn.kind in INTERLUDES:
            self._own = self._own.plus(Spread(turn.seconds, (INTERLUDE_DEVIATION * turn.seconds) ** 2))
            return
        latency, absence = self._habits.latency(turn.mode).spread, self._habits.absence.spread
        speech = self._pace.speech(turn.seconds, turn.category, turn.mode)
        chance = self._habits.absent(turn)
        present = latency.plus(speech)
        self._own = self._own.plus(mixed(present, absence, chance))
        self._waits[turn.mode] = self._waits.get(turn.mode, 0.0) + 1 - chance
        self._shown += present.mean - absence.mean
        self._mark()
        self._speech((1 - chance) * speech.mean, self._pace.places(turn.category, turn.mode))

    def length(self, turn: Turn) -> float:
        """The median seconds of a turn from its call, if she is there."""
        if turn.kind in INTERLUDES:
            return float(turn.seconds)
        level = self._pace.level(self._pace.places(turn.category, turn.mode))
        return self._habits.latency(turn.mode).value + exp(log(max(turn.seconds, 1)) + level)

    def mixture(self) -> Mixture:
        """The distribution of where one has come to."""
        base = Spread(self._own.mean, self._own.variance + self._shared(), self._own.third)
        long = self._long()
        return Mixture(
            [
                (weight * chance, base.plus(rest).plus(extra))
                for weight, rest in self._rest
                for chance, extra in long
                if weight * chance > 0
            ]
        )

    def at_least(self, seconds: float) -> None:
        """Not before this moment: what was uncertain before it counts only as far as it still decides."""
        parts = [(weight * chance, rest.plus(extra)) for weight, rest in self._rest for chance, extra in self._long()]
        total = Spread()
        for at, (weight, part) in enumerate(parts):
            so_far = sum(each for each, _ in parts[: at + 1])
            total = mixed(total, part, weight / so_far) if so_far > 0 else total
        shared = self._shared()
        total = total.plus(Spread(self._own.mean, self._own.variance + shared, self._own.third))
        later, keeps = not_before(total, seconds)
        self._keep(keeps)
        self._own = Spread(later.mean, max(later.variance - self._shared(), 0.0), later.third)
        self._rest, self._trials = ((1.0, Spread()),), 0

    def _keep(self, share: float) -> None:
        self._lever = [share * each for each in self._lever]
        self._levelled *= share**2
        self._changeovers *= share
        self._waits = {mode: share * count for mode, count in self._waits.items()}
        self._shown *= share
        self._spoken, self._mark_sum = share * self._spoken, share * self._mark_sum
        self._mark_squares *= share**2

    def _speech(self, seconds: float, places: tuple[int, ...]) -> None:
        covariance = self._pace.covariance
        for place in places:
            self._levelled += 2 * seconds * self._lever[place]
        for place in places:
            row = covariance[place]
            self._levelled += seconds**2 * sum(row[other] for other in places)
            for at, value in enumerate(row):
                self._lever[at] += seconds * value
        self._spoken += seconds

    def _mark(self) -> None:
        """The level may drift here: all that is spoken from here on moves with it."""
        self._marks += 1
        self._mark_sum += self._spoken
        self._mark_squares += self._spoken**2

    def _shared(self) -> float:
        """The variance of what is not known of this meeting, and of what may yet change in it."""
        habits = self._habits
        drift = self._marks * self._spoken**2 - 2 * self._spoken * self._mark_sum + self._mark_squares
        waits = sum(count**2 * habits.latency(mode).doubt for mode, count in self._waits.items())
        return (
            self._levelled
            + DRIFT_VARIANCE * drift
            + self._changeovers**2 * habits.changeover.doubt
            + waits
            + self._shown**2 * habits.absence_chance.doubt
        )

    def _long(self) -> list[tuple[float, Spread]]:
        """How many long interruptions lie on the way, and what they add."""
        if self._trials == 0:
            return [(1.0, Spread())]
        chance, each = self._habits.long_chance, self._habits.long()
        expected = self._trials * chance.mean
        if expected > _MANY_LONG:
            both = chance.yes + chance.no
            spread = expected * (1 - chance.mean) * (both + self._trials) / (both + 1)
            return [
                (
                    1.0,
                    Spread(
                        expected * each.mean,
                        expected * each.variance + spread * each.mean**2,
                        expected * (each.third + 3 * each.variance * each.mean) + spread * each.mean**3,
                    ),
                )
            ]
        chances = chance.of(self._trials, _MOST_LONG)
        total = sum(chances)
        return [(share / total, Spread().plus(each, number)) for number, share in enumerate(chances)]
