"""What became of each second of a meeting, and of each turn, out of the events that nobody took back. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from scheduler.floor.fold import apply
from scheduler.floor.states import Floor, moment
from scheduler.floor.turns import Past, Turn


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one moment to another the floor was so.

    `what` is `between` two turns, `called` (and not begun), `speaking`, `paused`, `point_of_order` or `suspended`;
    `slot` is who had the floor.
    """

    starts_at: datetime
    ends_at: datetime
    what: str
    slot: str | None

    @property
    def seconds(self) -> float:
        """How long it was."""
        return (self.ends_at - self.starts_at).total_seconds()


@dataclass(frozen=True, slots=True)
class Told:
    """A turn and what came of it: `spoken`, `absent`, `speaking`, `called`, `waiting`, `deferred`, `carried`, `left`.

    `left` is who waited at the close and was carried nowhere. `past` is her last call that has ended.
    """

    turn: Turn
    status: str
    past: Past | None


def account(floor: Floor, now: datetime) -> list[Stretch]:
    """All stretches from the opening to the close, or to `now`, without a gap; none before it opens."""
    if floor.base is None or floor.opened_at is None:
        return []
    stretches: list[Stretch] = []
    state, since = floor.base, floor.opened_at
    for event in floor.trail:
        _lengthen(stretches, state, since, event.at)
        state, since = apply(state, event), event.at
    if floor.closed_at is None:
        _lengthen(stretches, state, since, now)
    return stretches


def told(floor: Floor) -> list[Told]:
    """All turns in the order in which they were called, then those who were not."""
    past = {each.slot: each for each in floor.past if each.status != "deferred"}
    found = [Told(floor.turns[slot], status, past.get(slot)) for slot, status in _statuses(floor, past)]
    called = [each for each in found if each.past is not None]
    return sorted(called, key=_called_at) + [each for each in found if each.past is None]


def _called_at(told_: Told) -> datetime:
    if told_.past is None:
        raise ValueError("she was not called")
    return told_.past.called_at


def _statuses(floor: Floor, past: dict[str, Past]) -> Iterator[tuple[str, str]]:
    running = {
        each.slot: "called" if each.started_at is None else "speaking"
        for each in (floor.interrupted, floor.current)
        if each
    }
    waiting = {*floor.queue}
    for slot in floor.turns:
        if slot in running:
            yield slot, running[slot]
        elif slot in waiting:
            yield slot, "waiting"
        elif slot in floor.carried:
            yield slot, "carried"
        elif slot in floor.deferred:
            yield slot, "deferred"
        elif slot in past or slot in floor.absent:
            yield slot, past[slot].status if slot in past else "absent"
        elif floor.status == "closed" and slot in floor.left:
            yield slot, "left"


def _lengthen(stretches: list[Stretch], state: Floor, since: datetime, until: datetime) -> None:
    what, slot = _what(state)
    if until <= since:
        return
    last = stretches[-1] if stretches else None
    if last is not None and (last.what, last.slot) == (what, slot):
        stretches[-1] = Stretch(last.starts_at, until, what, slot)
    else:
        stretches.append(Stretch(since, until, what, slot))


def _what(state: Floor) -> tuple[str, str | None]:
    now = moment(state)
    if now in {"suspended", "between", "closed", "not_open"} or state.current is None:
        return now, None
    slot = state.current.slot
    if state.current.started_at is not None and state.current.since is None:
        return "paused", slot
    kind = state.turns[slot].kind
    return ("point_of_order" if kind == "point_of_order" else now), slot
