"""When each waiting speaker will be called: the median and the 10th and 90th percentile. Pure, and the same each time.

The seconds until a call are the rest of the running turn plus the whole turns before hers. What differs from turn to
turn adds up as variances; what is not known about this meeting (its pace, its habits) is shared by all turns ahead, so
its part of the window grows with the distance. docs/forecast.md has the assumptions.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from scheduler.floor.ahead import Ahead
from scheduler.floor.habits import Habits, learn
from scheduler.floor.pace import SPEECHES, Pace
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
    floor = _with_lengths(floor)
    waiting = [floor.turns[slot] for slot in floor.queue]
    habits = learn(floor.past, floor.turns)
    pace = _pace(floor, waiting, habits)
    ahead = Ahead(pace, habits, rest_of_now(floor, sitting, now, pace, habits))
    walk = _Walk(sitting, now, ahead)
    if floor.opened_at is None:
        walk.at_least(sitting.starts_at)
    for at, turn in enumerate(waiting):
        walk.call(turn, at_once=at == 0 and floor.current is None)
    return walk.forecast()


def _with_lengths(floor: Floor) -> Floor:
    """Others' records may allot nobody any seconds, or as good as no end: such speakers get what is usual here."""
    speeches = {slot: turn for slot, turn in floor.turns.items() if turn.kind in SPEECHES}
    odd = [turn for turn in speeches.values() if not 0 < turn.seconds <= _LONGEST]
    if not odd:
        return floor
    told = sorted(turn.seconds for turn in speeches.values() if 0 < turn.seconds <= _LONGEST)
    usual = told[len(told) // 2] if told else _USUAL
    running = floor.current
    if running is not None and not 0 < running.seconds <= _LONGEST:
        running = replace(running, seconds=usual)
    return replace(floor, turns={**floor.turns, **{t.slot: replace(t, seconds=usual) for t in odd}}, current=running)


_USUAL, _LONGEST = 180, 6 * 3600


def _pace(floor: Floor, waiting: list[Turn], habits: Habits) -> Pace:
    heard = []
    for past in floor.past:
        turn = floor.turns[past.slot]
        if past.status == "spoken" and turn.kind in SPEECHES:
            spoken = past.spoken if past.started_at else max(past.latency - habits.latency(turn.mode).value, 1.0)
            heard.append((spoken, turn.seconds, turn.category, turn.mode))
    running = [floor.turns[each.slot] for each in (floor.current, floor.interrupted) if each]
    return Pace(heard, [(turn.category, turn.mode) for turn in (*running, *waiting)])


Moments = tuple[datetime, datetime, datetime]


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
        queue, before = [], (self._now, self._now, self._now)
        for at, call in enumerate(self._calls):
            early, middle, late = before = self._moments(call, before, later=at >= cut)
            later = at >= cut and call.turn.kind not in INTERLUDES
            queue.append(Expected(call.turn.slot, middle, early, late, self._not_before(call, early), later))
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

    def _moments(self, call: _Call, before: Moments, *, later: bool) -> Moments:
        """On the clock of this meeting, or of the next: there if she is too late here, each of the three by itself."""
        goes_on, (early, _, late) = self._sitting.next_meeting, call.quantiles
        here = [self._moment(each) for each in call.quantiles]
        if goes_on is not None and call.turn.kind not in INTERLUDES:
            last, start = self._close - self._ahead.length(call.turn), goes_on.goes_on_at
            behind = (self._cut or last) if later else last
            here = [
                there if no_more else each
                for each, no_more, there in zip(
                    here,
                    (later and early > last, later, late > last),
                    (_carried(start, each - behind) for each in call.quantiles),
                    strict=True,
                )
            ]
        early_at, middle_at, late_at = (max(each, least) for each, least in zip(here, before, strict=True))
        return early_at, max(middle_at, early_at), max(late_at, middle_at)

    def _not_before(self, call: _Call, early: datetime) -> datetime | None:
        """The next meeting's part, unless she may yet be heard here."""
        goes_on = self._sitting.next_meeting
        if goes_on is not None and early >= goes_on.goes_on_at:
            return goes_on.goes_on_at
        return None if call.least is None else self._moment(call.least)

    def _moment(self, seconds: float) -> datetime:
        return self._now + timedelta(milliseconds=round(seconds * 1000))


def _carried(goes_on_at: datetime, behind: float) -> datetime:
    """A call that this meeting does not hear any more: so many seconds behind where the next one goes on."""
    return goes_on_at + timedelta(milliseconds=round(max(behind, 0.0) * 1000))
