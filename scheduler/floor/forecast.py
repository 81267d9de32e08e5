"""When each waiting speaker will be called: the median and the 10th and 90th percentile. Pure, and the same each time.

The seconds until a call are the rest of the running turn plus the whole turns before hers. What differs from turn to
turn adds up as variances; what is not known about this meeting (its pace, its habits) is shared by all turns ahead, so
its part of the window grows with the distance. docs/forecast.md has the assumptions.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.floor.ahead import Ahead
from scheduler.floor.habits import learn
from scheduler.floor.pace import Pace
from scheduler.floor.record import Sitting
from scheduler.floor.rest import rest_of_now
from scheduler.floor.states import Floor
from scheduler.floor.turns import INTERLUDES, Turn

EARLY, MIDDLE, LATE = 0.10, 0.50, 0.90


@dataclass(frozen=True, slots=True)
class Expected:
    """When the slot will be called. `not_before` is the moment before which it surely is not, if there is one."""

    slot: str
    expected_start: datetime
    earliest_start: datetime
    latest_start: datetime
    not_before: datetime | None
    in_next_meeting: bool


@dataclass(frozen=True, slots=True)
class Forecast:
    """For each slot of the queue, in its order, and the end of the last turn that this meeting still hears."""

    queue: tuple[Expected, ...]
    projected_end: datetime


def forecast(floor: Floor, sitting: Sitting, now: datetime) -> Forecast:
    """What the events so far say of the rest of the meeting, at `now`."""
    if floor.closed_at is not None:
        return Forecast((), floor.closed_at)
    waiting = [floor.turns[slot] for slot in floor.queue]
    pace = _pace(floor, waiting)
    habits = learn(floor.past, floor.turns, floor.interruptions)
    ahead = Ahead(pace, habits, rest_of_now(floor, sitting, now, pace, habits))
    walk = _Walk(sitting, now, ahead)
    if floor.opened_at is None:
        walk.at_least(sitting.starts_at)
    for at, turn in enumerate(waiting):
        walk.call(turn, at_once=at == 0 and floor.current is None)
    return walk.forecast()


def _pace(floor: Floor, waiting: list[Turn]) -> Pace:
    heard = [
        (past.spoken, floor.turns[past.slot].seconds, floor.turns[past.slot].category, floor.turns[past.slot].mode)
        for past in floor.past
        if past.status == "spoken" and past.started_at and floor.turns[past.slot].kind in _SPEECHES
    ]
    running = [floor.turns[each.slot] for each in (floor.current, floor.interrupted) if each]
    return Pace(heard, [(turn.category, turn.mode) for turn in (*running, *waiting)])


_SPEECHES = frozenset({"statement", "right_of_reply"})


@dataclass(frozen=True, slots=True)
class _Call:
    """A call as seconds from now, as if one meeting had no end; `least` is where it surely is not before."""

    turn: Turn
    quantiles: tuple[float, float, float]
    least: float | None


class _Walk:
    """Along the queue, from the turn that runs to the last one; all figures in seconds from `now`."""

    def __init__(self, sitting: Sitting, now: datetime, ahead: Ahead) -> None:
        self._now, self._ahead, self._sitting = now, ahead, sitting
        self._close = (sitting.ends_at - now).total_seconds()
        self._calls: list[_Call] = []
        self._least: float | None = None
        self._cut: float | None = None
        self._end = ahead.mixture()

    def at_least(self, moment: datetime) -> None:
        """Nothing that follows is before this moment."""
        self._least = max((moment - self._now).total_seconds(), self._least or 0.0)
        self._ahead.at_least(self._least)

    def call(self, turn: Turn, *, at_once: bool) -> None:
        """Notes when the next one of the queue is called and lets her turn pass; `at_once`: the gap is running."""
        interlude = turn.kind in INTERLUDES
        if self._cut is None:
            self._end = self._ahead.mixture()
        if not at_once:
            self._ahead.changeover()
        self._calls.append(_Call(turn, self._quantiles(), self._least))
        called = self._calls[-1].quantiles[1]
        if self._cut is None and not interlude and self._too_late(turn, called):
            self._cut = called
        self._ahead.turn(turn)
        if interlude and turn.planned_start is not None:
            self.at_least(turn.planned_start + timedelta(seconds=turn.seconds))

    def forecast(self) -> Forecast:
        """All calls, those that this meeting does not hear any more on the clock of the next."""
        if self._cut is None:
            self._end = self._ahead.mixture()
        cut = next((at for at, each in enumerate(self._calls) if each.quantiles[1] == self._cut), len(self._calls))
        queue = [self._expected(each, later=at >= cut) for at, each in enumerate(self._calls)]
        return Forecast(tuple(queue), self._moment(self._end.quantile(MIDDLE)))

    def _quantiles(self) -> tuple[float, float, float]:
        """Of the call: none before that of whoever is called earlier, none before now."""
        mixture, least = self._ahead.mixture(), self._least or 0.0
        before = self._calls[-1].quantiles if self._calls else (0.0, 0.0, 0.0)
        early, middle, late = (
            max(mixture.quantile(share), earlier, least)
            for share, earlier in zip((EARLY, MIDDLE, LATE), before, strict=True)
        )
        return early, middle, late

    def _too_late(self, turn: Turn, called: float) -> bool:
        return self._sitting.next_meeting is not None and called + self._ahead.length(turn) > self._close

    def _expected(self, call: _Call, *, later: bool) -> Expected:
        goes_on = self._sitting.next_meeting
        least = None if call.least is None else self._moment(call.least)
        if goes_on is None or call.turn.kind in INTERLUDES:
            early, middle, late = (self._moment(each) for each in call.quantiles)
            return Expected(call.turn.slot, middle, early, late, least, in_next_meeting=False)
        start = goes_on.goes_on_at
        if later:
            early, middle, late = (_carried(start, each - (self._cut or 0.0)) for each in call.quantiles)
            return Expected(call.turn.slot, middle, early, late, start, in_next_meeting=True)
        last = self._close - self._ahead.length(call.turn)
        early, middle = (self._moment(each) for each in call.quantiles[:2])
        latest = call.quantiles[2]
        late = self._moment(latest) if latest <= last else _carried(start, latest - last)
        return Expected(call.turn.slot, middle, early, late, least, in_next_meeting=False)

    def _moment(self, seconds: float) -> datetime:
        return self._now + timedelta(milliseconds=round(seconds * 1000))


def _carried(goes_on_at: datetime, behind: float) -> datetime:
    """A call that this meeting does not hear any more: so many seconds behind where the next one goes on."""
    return goes_on_at + timedelta(milliseconds=round(max(behind, 0.0) * 1000))
