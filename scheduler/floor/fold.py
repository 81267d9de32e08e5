"""The fold: a floor and an event make the next floor. Pure, and total: an event that means nothing only counts.

What a chair may do is asked before (`states.check`); a record, also another program's, is replayed as it stands.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from scheduler.floor.queue import CHANGES, end_of_group, taken_out
from scheduler.floor.states import Floor
from scheduler.floor.turns import INTERLUDES, Event, Notice, Past, Running, Turn

EXTENSION = 60


def begin(turns: Iterable[Turn], version: int = 0) -> Floor:
    """The floor as it stands before the next event, its queue in the order of the turns' positions."""
    ordered = sorted(turns, key=lambda turn: turn.position)
    return Floor({turn.slot: turn for turn in ordered}, tuple(turn.slot for turn in ordered), version)


def fold(floor: Floor, events: Iterable[Event]) -> Floor:
    """The floor after all these events."""
    for event in events:
        floor = apply(floor, event)
    return floor


def apply(floor: Floor, event: Event) -> Floor:
    """The floor after one more event; its `version` is one higher whatever came of it."""
    if event.command == "undo":
        after = _undo(floor)
    else:
        after = _EFFECTS[event.command](floor, event)
        if event.command != "open":
            after = replace(after, trail=(*floor.trail, event))
    return replace(after, version=floor.version + 1)


def _undo(floor: Floor) -> Floor:
    """Takes back the chair's last command; what others changed meanwhile stays."""
    last = max((at for at, event in enumerate(floor.trail) if event.command not in CHANGES), default=None)
    if last is None or floor.base is None:
        return floor
    return replace(fold(floor.base, (*floor.trail[:last], *floor.trail[last + 1 :])), base=floor.base)


def _open(floor: Floor, event: Event) -> Floor:
    if floor.status != "scheduled":
        return floor
    opened = replace(floor, status="in_progress", opened_at=event.at, trail=(), base=None)
    return replace(opened, base=opened)


def _call(floor: Floor, event: Event) -> Floor:
    if floor.current is not None:
        floor = _ended(floor, event.at)
        if floor.current is not None:  # the one whom a point of order had interrupted
            floor = _ended(floor, event.at)
    slot = event.slot or next(iter(floor.queue), None)
    if slot is None or slot not in floor.turns:
        return floor
    floor = taken_out(floor, slot)
    halted = floor.halted_until(event.at)
    return replace(
        floor,
        status="in_progress" if floor.status == "scheduled" else floor.status,
        opened_at=floor.opened_at or event.at,
        current=Running(slot, event.at, floor.turns[slot].seconds, halted, _gap(floor, event.at)),
    )


def _gap(floor: Floor, at: datetime) -> float | None:
    """Seconds since the last turn ended; None before any."""
    if not floor.past:
        return None
    before = floor.past[-1]
    return max(0.0, (at - before.ended_at).total_seconds() - (floor.halted_until(at) - before.halted))


def _start(floor: Floor, event: Event) -> Floor:
    if event.slot is not None and (floor.current is None or floor.current.slot != event.slot):
        floor = _call(floor, event)
    running = floor.current
    if running is None or running.started_at is not None:
        return floor
    latency = _waited(floor, running, event.at)
    return replace(floor, current=replace(running, started_at=event.at, since=event.at, latency=latency))


def _pause(floor: Floor, event: Event) -> Floor:
    return replace(floor, current=_paused(floor.current, event.at))


def _resume(floor: Floor, event: Event) -> Floor:
    running = floor.current
    if running is None or running.started_at is None or running.since is not None:
        return floor
    return replace(floor, current=replace(running, since=event.at))


def _extend(floor: Floor, event: Event) -> Floor:
    if floor.current is None:
        return floor
    more = EXTENSION if event.seconds is None else event.seconds
    return replace(floor, current=replace(floor.current, seconds=floor.current.seconds + more))


def _finish(floor: Floor, event: Event) -> Floor:
    return floor if floor.current is None else _ended(floor, event.at)


def _ended(floor: Floor, at: datetime) -> Floor:
    """The current turn is over; whoever was interrupted by it has the floor again."""
    running = floor.current
    if running is None:
        return floor
    latency = running.latency if running.started_at else _waited(floor, running, at)
    past = _past(floor, running, at, "spoken", latency)
    floor = replace(floor, past=(*floor.past, past), current=floor.interrupted, interrupted=None)
    if floor.current is None:
        return floor
    if floor.was_running and floor.status != "suspended":
        floor = replace(floor, current=replace(floor.current, since=at))
    return floor


def _absent(floor: Floor, event: Event) -> Floor:
    slot, floor = _given_up(floor, event, "absent")
    return floor if slot is None else replace(floor, absent=(*floor.absent, slot))


def _defer(floor: Floor, event: Event) -> Floor:
    slot, floor = _given_up(floor, event, "deferred")
    if slot is None:
        return floor
    if event.to == "next_meeting":
        return replace(floor, deferred=(*floor.deferred, slot))
    at = end_of_group(floor.queue, floor.turns, slot)
    return replace(floor, queue=(*floor.queue[:at], slot, *floor.queue[at:]))


def _given_up(floor: Floor, event: Event, status: str) -> tuple[str | None, Floor]:
    """Whom the command means, and the floor without her: the one called, or one who waits or was absent."""
    running = floor.current
    slot = event.slot or (running.slot if running else None)
    if slot is None or slot not in floor.turns:
        return None, floor
    if running is None or running.slot != slot:
        waits = slot in {*floor.queue, *floor.absent, *floor.deferred}
        return (slot if waits else None), taken_out(floor, slot)
    past = _past(floor, running, event.at, status, _waited(floor, running, event.at))
    return slot, replace(floor, past=(*floor.past, past), current=floor.interrupted, interrupted=None)


def _past(floor: Floor, running: Running, at: datetime, status: str, latency: float) -> Past:
    spoken, halted = running.elapsed(at), floor.halted_until(at)
    return Past(
        running.slot, status, running.called_at, at, running.gap, latency, halted, running.seconds,
        running.started_at, spoken,
    )  # fmt: skip


def _point_of_order(floor: Floor, event: Event) -> Floor:
    """GA rules 71 and 113: taken at once, also in the middle of a speech; whoever spoke resumes with what was left."""
    if event.turn is None or event.turn.slot in floor.turns:
        return floor
    if floor.interrupted is not None:
        floor = _ended(floor, event.at)
    slot, running = event.turn.slot, floor.current
    new = Running(slot, event.at, event.turn.seconds, floor.halted_until(event.at), None, event.at, 0.0, event.at)
    return replace(
        floor,
        turns={**floor.turns, slot: event.turn},
        current=new,
        interrupted=_paused(running, event.at),
        was_running=running is not None and running.since is not None,
    )


def _right_of_reply(floor: Floor, event: Event) -> Floor:
    """GA decision 34/401: behind all who wait; where `to` names another meeting, there."""
    turn = event.turn
    if turn is None or turn.slot in floor.turns or event.to is not None:
        return floor
    return replace(floor, turns={**floor.turns, turn.slot: turn}, queue=(*floor.queue, turn.slot))


def _announce(floor: Floor, event: Event) -> Floor:
    return replace(floor, notice=Notice(event.text, event.at) if event.text else None)


def _suspend(floor: Floor, event: Event) -> Floor:
    if floor.status != "in_progress":
        return floor
    return replace(floor, status="suspended", halted_since=event.at, current=_paused(floor.current, event.at))


def _resume_meeting(floor: Floor, event: Event) -> Floor:
    if floor.halted_since is None:
        return floor
    return replace(floor, status="in_progress", halted=floor.halted_until(event.at), halted_since=None)


def _close(floor: Floor, event: Event) -> Floor:
    """What is left goes on where the chair says so; panels and breaks, and who was absent, never do."""
    while floor.current is not None and floor.current.started_at is not None:
        floor = _ended(floor, event.at)
    called = (floor.current.slot,) if floor.current else ()
    left = [slot for slot in (*called, *floor.queue, *floor.deferred) if floor.turns[slot].kind not in INTERLUDES]
    return replace(
        floor,
        status="closed",
        closed_at=event.at,
        queue=(),
        current=None,
        interrupted=None,
        halted=floor.halted_until(event.at),
        halted_since=None,
        carried=tuple(left) if event.carry else (),
        left=() if event.carry else tuple(left),
    )


_EFFECTS: Mapping[str, Callable[[Floor, Event], Floor]] = {
    "open": _open,
    "call": _call,
    "start": _start,
    "pause": _pause,
    "resume": _resume,
    "extend": _extend,
    "finish": _finish,
    "absent": _absent,
    "defer": _defer,
    "point_of_order": _point_of_order,
    "right_of_reply": _right_of_reply,
    "announce": _announce,
    "suspend": _suspend,
    "resume_meeting": _resume_meeting,
    "close": _close,
    **CHANGES,
}


def _paused(running: Running | None, at: datetime) -> Running | None:
    if running is None or running.since is None:
        return running
    return replace(running, spoken=running.elapsed(at), since=None, paused_at=at)


def _waited(floor: Floor, running: Running, at: datetime) -> float:
    halted = floor.halted_until(at) - running.halted
    return max(0.0, (at - running.called_at).total_seconds() - halted)
