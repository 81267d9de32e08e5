"""How each turn that waits looks from one moment of a meeting that sits: who is before it, when it comes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from scheduler.floor.forecast import Expected, forecast
from scheduler.floor.pace import SPEECHES
from scheduler.floor.record import Sitting
from scheduler.floor.rules import how_sure
from scheduler.floor.states import Floor
from scheduler.floor.turns import INTERLUDES, Running, Turn

_PUT_OFF = frozenset({"absent", "defer"})


@dataclass(frozen=True, slots=True)
class Outlook:
    """One speaker's turn (`person` her id) that waits.

    Attributes:
        before: how many speakers come before her, with the one who has the floor; panels and breaks are not counted.
        on_deck: nothing and nobody waits before her.
        put_off: how often the chair has deferred her or marked her absent, which begins her waiting anew.
        expected: when she is called.
    """

    turn: Turn
    person: str
    before: int
    on_deck: bool
    put_off: int
    expected: Expected


def outlooks(floor: Floor, sitting: Sitting, now: datetime) -> dict[str, Outlook]:
    """By slot, in the order of the queue; last those who wait for the next meeting: deferred, or left at the close."""
    put_off = _put_off(floor)
    speaking = sum(_speaks(floor, running) for running in (floor.current, floor.interrupted))
    found, before = dict[str, Outlook](), speaking
    for at, expected in enumerate(forecast(floor, sitting, now).queue):
        turn = floor.turns[expected.slot]
        if turn.speaker is not None:
            of = put_off.get(turn.slot, 0)
            found[turn.slot] = Outlook(turn, turn.speaker, before, at == 0, of, expected)
        before += turn.kind not in INTERLUDES
    following = sitting.next_meeting
    elsewhere = floor.deferred if floor.closed_at is None else floor.carried
    for turn in (floor.turns[slot] for slot in elsewhere):
        if turn.speaker is not None and following is not None:
            on = following.goes_on_at
            there = Expected(turn.slot, on, on, on, on, in_next_meeting=True)
            found[turn.slot] = Outlook(turn, turn.speaker, before, on_deck=False, put_off=0, expected=there)
    return found


def nobody_has_spoken(floor: Floor) -> bool:
    """Whether this meeting has shown nothing yet of how long its speakers take."""
    speeches = sum(past.status == "spoken" and floor.turns[past.slot].kind in SPEECHES for past in floor.past)
    return how_sure(speeches) == "unknown"


def remote_seconds(floor: Floor, now: datetime) -> float:
    """Remote speaking time used so far."""
    used = sum(past.spoken for past in floor.past if floor.turns[past.slot].mode == "remote")
    running = (each for each in (floor.current, floor.interrupted) if each)
    return used + sum(each.elapsed(now) for each in running if floor.turns[each.slot].mode == "remote")


def _speaks(floor: Floor, running: Running | None) -> bool:
    return running is not None and floor.turns[running.slot].kind not in INTERLUDES


def _put_off(floor: Floor) -> Mapping[str, int]:
    """What was taken back does not count: it is not in the trail."""
    found: dict[str, int] = {}
    for event in floor.trail:
        if event.command in _PUT_OFF and event.slot is not None:
            found[event.slot] = found.get(event.slot, 0) + 1
    return found
