"""The queue of a floor: who waits, who has had her turn, and what people other than the chair change of it. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from scheduler.floor.states import Floor
from scheduler.floor.turns import Event, Past, Turn


def _ready(floor: Floor, event: Event) -> Floor:
    return _turn_changed(floor, event.slot, ready=bool(event.ready))


def _ask_ready(floor: Floor, event: Event) -> Floor:
    return _turn_changed(floor, event.slot, asked_ready_at=event.at)


def _move(floor: Floor, event: Event) -> Floor:
    if event.slot not in floor.queue:
        return floor
    if event.seconds is not None:
        floor = _turn_changed(floor, event.slot, seconds=event.seconds)
    rest = tuple(slot for slot in floor.queue if slot != event.slot)
    if event.after in rest:
        at = rest.index(event.after) + 1
    elif event.to == "front":
        at = _front_of_list(floor, event.slot, rest)
    else:
        at = 0
    return replace(floor, queue=(*rest[:at], event.slot, *rest[at:]))


def _front_of_list(floor: Floor, slot: str, rest: tuple[str, ...]) -> int:
    group = floor.turns[slot].group
    same = (at for at, other in enumerate(rest) if floor.turns[other].group == group)
    return next(same, floor.queue.index(slot))


def _add(floor: Floor, event: Event) -> Floor:
    turn = event.turn
    running = [each.slot for each in (floor.current, floor.interrupted) if each]
    if turn is None or turn.slot in {*floor.queue, *floor.absent, *floor.deferred, *running}:
        return floor
    if event.after in floor.queue:
        at = floor.queue.index(event.after) + 1
    elif turn.order is not None:
        at = _by_order(floor, turn.order)
    else:
        at = min(max(turn.position - first_waiting(floor), 0), len(floor.queue))
    queue = (*floor.queue[:at], turn.slot, *floor.queue[at:])
    return replace(floor, turns={**floor.turns, turn.slot: turn}, queue=queue)


def first_waiting(floor: Floor) -> int:
    """The position of the first who waits: one behind all who were called."""
    return len(done(floor)) + (floor.current is not None) + (floor.interrupted is not None) + 1


def _by_order(floor: Floor, order: tuple[int, int]) -> int:
    """Before the first that stands behind her in the lists, else before the rights of reply, which no list has."""
    for at, slot in enumerate(floor.queue):
        turn = floor.turns[slot]
        if turn.kind == "right_of_reply" or (turn.order is not None and turn.order > order):
            return at
    return len(floor.queue)


def _withdraw(floor: Floor, event: Event) -> Floor:
    if event.slot not in {*floor.queue, *floor.absent, *floor.deferred}:
        return floor
    return taken_out(floor, event.slot)


def _change(floor: Floor, event: Event) -> Floor:
    fields = dict(event.changes or {}) | ({} if event.seconds is None else {"seconds": event.seconds})
    return _turn_changed(floor, event.slot, **fields) if fields else floor


def _turn_changed(floor: Floor, slot: str | None, **fields: Any) -> Floor:
    if slot is None or slot not in floor.turns:
        return floor
    return replace(floor, turns={**floor.turns, slot: replace(floor.turns[slot], **fields)})


def taken_out(floor: Floor, slot: str) -> Floor:
    """Without this slot among those who wait, were absent or were put off."""
    return replace(
        floor,
        queue=tuple(other for other in floor.queue if other != slot),
        absent=tuple(other for other in floor.absent if other != slot),
        deferred=tuple(other for other in floor.deferred if other != slot),
    )


def done(floor: Floor) -> tuple[Past, ...]:
    """What came of each slot that has left the queue, in the order of the calls: spoken, or absent and not yet back."""
    waiting = {*floor.queue, *floor.deferred, *floor.carried}
    if floor.current is not None:
        waiting.add(floor.current.slot)
    if floor.interrupted is not None:
        waiting.add(floor.interrupted.slot)
    last = {past.slot: past for past in floor.past if past.status != "deferred" and past.slot not in waiting}
    return tuple(sorted(last.values(), key=lambda past: past.called_at))


def end_of_group(queue: tuple[str, ...], turns: Mapping[str, Turn], slot: str) -> int:
    """Where in the queue the end of her group is: behind the last of her list and category who still waits.

    Where none is left, behind the last statement, before rights of reply.
    """
    own = turns[slot]
    for alike in (
        lambda turn: (turn.group, turn.category, turn.kind) == (own.group, own.category, own.kind),
        lambda turn: turn.kind == own.kind,
    ):
        last = max((at for at, other in enumerate(queue) if alike(turns[other])), default=None)
        if last is not None:
            return last + 1
    return 0 if own.kind != "right_of_reply" else len(queue)


CHANGES: Mapping[str, Callable[[Floor, Event], Floor]] = {
    "ready": _ready,
    "ask_ready": _ask_ready,
    "move": _move,
    "add": _add,
    "withdraw": _withdraw,
    "change": _change,
}
"""What each change that is no command makes of the floor."""
