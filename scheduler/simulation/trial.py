"""One simulated meeting held against the forecast: played, replayed as a record, and every turn judged."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random

from scheduler.floor.forecast import Expected, forecast
from scheduler.floor.record import replay
from scheduler.floor.states import Floor
from scheduler.simulation.judging import Said, Sums, Window
from scheduler.simulation.kinds import KINDS
from scheduler.simulation.meeting import Moment, Played, play
from scheduler.simulation.oracle import Oracle
from scheduler.simulation.rivals import printed, rivals

BANDS = ((1, 1, "next"), (2, 5, "2-5 ahead"), (6, 15, "6-15 ahead"), (16, 10**6, "16 and more"))
ALL, EARLY, LATE = "all turns", "first half", "second half"
UNHEARD, CARRIED = "nobody has spoken", "in the next meeting"
GROUPS = (ALL, *(name for _, _, name in BANDS), EARLY, LATE, UNHEARD, CARRIED)
"""All groups of calls, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How many moments of a meeting are judged, drawn by lot, and how often the oracle plays on from each."""

    moments: int
    draws: int


def meeting(kind: str, seed: str, number: int) -> Played:
    """The meeting of this number: the same for the same seed."""
    return play(KINDS[kind], Random(f"{seed}/{kind}/{number}"))  # noqa: S311  -- a simulation has to be repeatable


def trial(kind: str, seed: str, number: int, effort: Effort) -> dict[str, Sums]:
    """The sums of one meeting by group: all, by distance, by half, before anyone has spoken, those carried on."""
    played = meeting(kind, seed, number)
    dice = Random(f"{seed}/{kind}/{number}/oracle")  # noqa: S311  -- the same
    judge = _Judge(played, Oracle(played, dice), effort.draws)
    last = len(played.moments) - 1
    chosen = set(dice.sample(range(last), min(effort.moments, last)))
    for at, (event, floor) in enumerate(replay(played.record)):
        unheard = played.moments[at].turns <= 1 and not floor.past
        if at < last and (at in chosen or unheard):
            judge.moment(played.moments[at], floor, event.at, counted=at in chosen, unheard=unheard)
    return judge.sums


class _Judge:
    def __init__(self, played: Played, oracle: Oracle, draws: int) -> None:
        self._played, self._oracle, self._draws = played, oracle, draws
        self._start = played.record.sitting.starts_at
        self._plan = printed([(place.slot, place.seconds) for place in played.places.values()])
        self._half = played.calls[len(played.calls) // 2][0]
        self.sums: dict[str, Sums] = {}

    def moment(self, moment: Moment, floor: Floor, now: datetime, *, counted: bool, unheard: bool) -> None:
        """Judges all who wait; `counted`: for the meeting as a whole; `unheard`: nobody has spoken."""
        seen = forecast(floor, self._played.record.sitting, now)
        windows = self._oracle.windows(moment, self._draws)
        came = self._coming(moment.now)
        made = [(self._plan[slot], clock) for clock, slot in self._played.calls if clock <= moment.now]
        for distance, expected in enumerate(seen.queue, 1):
            if expected.slot not in came or expected.slot not in windows:
                continue
            clock, carried = came[expected.slot]
            plain = rivals(self._plan[expected.slot], moment.now, made)
            said = Said(clock, self._window(expected), windows[expected.slot], plain)
            for group in self._groups(distance, moment, counted=counted, unheard=unheard, carried=carried):
                self.sums.setdefault(group, Sums()).note(said)

    def _groups(self, distance: int, moment: Moment, *, counted: bool, unheard: bool, carried: bool) -> Iterator[str]:
        if carried:
            yield from [CARRIED] if counted else []
            return
        if unheard:
            yield UNHEARD
        if counted:
            yield ALL
            yield next(name for low, high, name in BANDS if low <= distance <= high)
            yield EARLY if moment.now < self._half else LATE

    def _coming(self, now: float) -> Mapping[str, tuple[float, bool]]:
        """The next call of each slot, and whether it falls behind the meeting's end."""
        goes_on, calls = self._played.goes_on, reversed(self._played.calls)
        return {slot: (at, goes_on is not None and at >= goes_on) for at, slot in calls if at > now}

    def _window(self, expected: Expected) -> Window:
        return (
            self._seconds(expected.earliest_start),
            self._seconds(expected.expected_start),
            self._seconds(expected.latest_start),
        )

    def _seconds(self, moment: datetime) -> float:
        return (moment - self._start).total_seconds()
