"""How long until what is going on now is over: a speech, a wait, a pause, a suspension. Pure."""

from dataclasses import dataclass
from datetime import datetime
from math import exp, log

from scheduler.floor.habits import LONG_DEVIATION, Habits, Wait
from scheduler.floor.pace import SPEECHES, Pace
from scheduler.floor.record import Sitting
from scheduler.floor.spread import Spread, exponential, mixed, normal, rest_of_log_normal
from scheduler.floor.states import Floor
from scheduler.floor.turns import INTERLUDES, Running, Turn

OPENING, DELAY_SHARE = 120.0, 0.5
FIRST_CALL, FIRST_CALL_DEVIATION = 45.0, 1.0
SUSPENSION, SUSPENSION_DEVIATION = 600.0, 0.8
PAUSE, PAUSE_DEVIATION = 30.0, 1.0
INTERLUDE_DEVIATION = 0.15


@dataclass(frozen=True, slots=True)
class Rest:
    """The rest of what is on, as weighted spreads; `speech` seconds of it follow the meeting's pace, at `places`."""

    parts: tuple[tuple[float, Spread], ...]
    speech: float = 0.0
    places: tuple[int, ...] = ()


def rest_of_now(floor: Floor, sitting: Sitting, now: datetime, pace: Pace, habits: Habits) -> Rest:
    """Until the running turn ends; where none runs, until the next one is called."""
    wait = Spread()
    if floor.halted_since is not None:
        wait = rest_of_log_normal(log(SUSPENSION), SUSPENSION_DEVIATION**2, (now - floor.halted_since).total_seconds())
    if floor.current is None:
        return _until_call(floor, sitting, now, habits, wait)
    running, turn = floor.current, floor.turns[floor.current.slot]
    if running.started_at is None:
        return _called(floor, running, turn, now, (pace, habits, wait))
    if floor.interrupted is not None:
        order = rest_of_log_normal(habits.long_level, LONG_DEVIATION**2, running.elapsed(now))
        cut_short = floor.turns[floor.interrupted.slot]
        own = _speech(floor.interrupted, cut_short, floor.interrupted.spoken, pace)
        return Rest(((1.0, wait.plus(order).plus(own)),), own.mean, _places(cut_short, pace))
    if running.since is None and running.paused_at is not None and floor.halted_since is None:
        wait = rest_of_log_normal(log(PAUSE), PAUSE_DEVIATION**2, (now - running.paused_at).total_seconds())
    rest = _speech(running, turn, running.elapsed(now), pace)
    return Rest(((1.0, wait.plus(rest)),), rest.mean, _places(turn, pace))


def _until_call(floor: Floor, sitting: Sitting, now: datetime, habits: Habits, wait: Spread) -> Rest:
    if floor.opened_at is None:
        delay = (now - sitting.starts_at).total_seconds()
        opening = exponential(OPENING + DELAY_SHARE * max(delay, 0.0))
        first = rest_of_log_normal(log(FIRST_CALL), FIRST_CALL_DEVIATION**2, 0.0)
        return Rest(((1.0, Spread(max(-delay, 0.0)).plus(opening).plus(first)),))
    if not floor.past:
        age = (now - floor.opened_at).total_seconds() - floor.halted_until(now)
        return Rest(((1.0, wait.plus(rest_of_log_normal(log(FIRST_CALL), FIRST_CALL_DEVIATION**2, age))),))
    before = floor.past[-1]
    age = max(0.0, (now - before.ended_at).total_seconds() - (floor.halted_until(now) - before.halted))
    chance = _grown_long(age, habits)
    long = rest_of_log_normal(habits.long_level, LONG_DEVIATION**2, age)
    usual = _left(habits.changeover, age)
    return Rest(((1 - chance, wait.plus(usual)), (chance, wait.plus(long))))


def _grown_long(age: float, habits: Habits) -> float:
    """How likely a gap that has lasted so long is a long interruption."""
    chance = habits.long_chance.mean
    if age <= 0:
        return chance
    long = chance * normal((habits.long_level - log(age)) / LONG_DEVIATION)
    usual = (1 - chance) * exp(-age / habits.changeover.value)
    return long / (long + usual) if long + usual > 0 else 1.0


def _called(floor: Floor, running: Running, turn: Turn, now: datetime, known: tuple[Pace, Habits, Spread]) -> Rest:
    """She begins, or the longer she lets wait the likelier is found absent."""
    pace, habits, wait = known
    elapsed = max(0.0, (now - running.called_at).total_seconds() - (floor.halted_until(now) - running.halted))
    unsaid = 0.0 if habits.starts_told and turn.kind in SPEECHES else elapsed
    speech = _speech(running, turn, unsaid, pace)
    if turn.kind not in SPEECHES:
        return Rest(((1.0, wait.plus(speech)),))
    latency, absence = habits.latency(turn.mode), habits.absence
    absent = habits.absent(turn) * exp(-elapsed / absence.value)
    begins = exp(-elapsed / latency.value) if latency.value else 1.0
    present = (1 - habits.absent(turn)) * begins
    chance = absent / (absent + present) if absent + present > 0 else 1.0
    whole = mixed(_left(latency, elapsed).plus(speech), _left(absence, elapsed), chance)
    return Rest(((1.0, wait.plus(whole)),), (1 - chance) * speech.mean, _places(turn, pace))


def _left(wait: Wait, elapsed: float) -> Spread:
    """What is left of a wait; once it has begun, as if it did not age."""
    return wait.spread if elapsed <= 0 else exponential(wait.value)


def _speech(running: Running, turn: Turn, elapsed: float, pace: Pace) -> Spread:
    if turn.kind in INTERLUDES:
        return rest_of_log_normal(log(max(running.seconds, 1)), INTERLUDE_DEVIATION**2, elapsed)
    if turn.kind == "point_of_order":
        return rest_of_log_normal(log(max(running.seconds, 1)), LONG_DEVIATION**2, elapsed)
    return pace.rest(running.seconds, turn.category, turn.mode, elapsed)


def _places(turn: Turn, pace: Pace) -> tuple[int, ...]:
    return pace.places(turn.category, turn.mode) if turn.kind in SPEECHES else ()
