"""The floor's state, and which command is legal at which moment: the state machine that the docs draw. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scheduler.errors import Meaningless, NotAllowedNow
from scheduler.floor.turns import Event, Notice, Past, Running, Turn

OPENS_BEFORE = timedelta(minutes=60)
REPLIES_EACH = 2

# Whatever may befall a meeting between two speakers; `undo` also needs something to take back.
_ANY_TIME = ("right_of_reply", "announce", "suspend", "close", "undo")
LEGAL: Mapping[str, tuple[str, ...]] = {
    "not_open": ("open", "announce"),
    "between": ("call", "absent", "defer", "point_of_order", *_ANY_TIME),
    "called": ("start", "absent", "defer", "extend", "point_of_order", *_ANY_TIME),
    "speaking": ("finish", "call", "pause", "extend", "absent", "defer", "point_of_order", *_ANY_TIME),
    "paused": ("resume", "finish", "call", "extend", "absent", "defer", "point_of_order", *_ANY_TIME),
    "interrupted": ("finish", "pause", "resume", "extend", *_ANY_TIME),
    "suspended": ("resume_meeting", "announce", "close", "undo"),
    "closed": ("undo",),
}
"""The moments of a meeting, and what the chair may do at each."""

COMMANDS = tuple(dict.fromkeys(command for legal in LEGAL.values() for command in legal))
CHANGES = ("ready", "ask_ready", "move", "add", "withdraw", "change")
"""What else is an event of the floor: what people and other rooms change of its queue."""


@dataclass(frozen=True, slots=True)
class Floor:
    """All that is so on the floor of one meeting after `version` events.

    `trail` are the events since the last `open` that nobody took back, `base` the floor at that `open`: `undo` folds
    the rest of the trail anew. `carried` and `left` are who waited at the close. `halted` counts the seconds of
    suspension, `halted_since` a running one's start.
    """

    turns: Mapping[str, Turn]
    queue: tuple[str, ...]
    version: int = 0
    status: str = "scheduled"
    current: Running | None = None
    interrupted: Running | None = None
    was_running: bool = False
    past: tuple[Past, ...] = ()
    absent: tuple[str, ...] = ()
    deferred: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    notice: Notice | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    halted: float = 0.0
    halted_since: datetime | None = None
    trail: tuple[Event, ...] = field(default=(), repr=False)
    base: "Floor | None" = field(default=None, repr=False)

    def halted_until(self, now: datetime) -> float:
        """Seconds of suspension up to now."""
        return self.halted + ((now - self.halted_since).total_seconds() if self.halted_since else 0.0)


def last_command(floor: Floor) -> Event | None:
    """What `undo` takes back: the last of the chair's commands since the opening; None: nothing."""
    return next((event for event in reversed(floor.trail) if event.command not in CHANGES), None)


def moment(floor: Floor) -> str:
    """Which of the moments of `LEGAL` this is."""
    if floor.status in {"suspended", "closed"}:
        return floor.status
    if floor.status == "scheduled":
        return "not_open"
    if floor.current is None:
        return "between"
    if floor.interrupted is not None:
        return "interrupted"
    if floor.current.started_at is None:
        return "called"
    return "speaking" if floor.current.since else "paused"


def allowed(floor: Floor) -> tuple[str, ...]:
    """The commands that are legal now, in the order of `LEGAL`."""
    return tuple(command for command in LEGAL[moment(floor)] if _possible(floor, command))


def check(floor: Floor, event: Event) -> None:
    """Refuses a command that this moment, or its slot, does not allow.

    Raises:
        NotAllowedNow: with `allowed`.
        Meaningless: it names a slot that is not of this meeting.
    """
    legal = allowed(floor)
    if event.command not in legal:
        raise NotAllowedNow(_why_not(floor, event.command), allowed=list(legal))
    if event.slot is None or event.turn is not None:
        return
    if event.slot not in floor.turns:
        raise Meaningless("This meeting has no such slot. Take one of its queue.", field="slot")
    if event.command in {"call", "absent", "defer"} and event.slot not in _within_reach(floor, event.command):
        raise NotAllowedNow(
            f"The speaker of this slot does not wait, so `{event.command}` means nothing. Take one of the queue.",
            allowed=list(legal),
        )


def _possible(floor: Floor, command: str) -> bool:
    match command:
        case "call":
            return bool(_within_reach(floor, command))
        case "absent" | "defer":
            return bool(_within_reach(floor, command))
        case "pause":
            return floor.current is not None and floor.current.since is not None
        case "resume":
            return floor.current is not None and floor.current.since is None
        case "undo":
            return last_command(floor) is not None
    return True


def _within_reach(floor: Floor, command: str) -> tuple[str, ...]:
    """The slots that the command may name: who waits, who was absent or put off, who was called and has not begun."""
    called = floor.current.slot if floor.current and floor.current.started_at is None else None
    match command:
        case "call":
            return (*floor.queue, *floor.absent, *floor.deferred)
        case "absent":
            return (*floor.queue, *((called,) if called else ()))
    return (*floor.queue, *floor.absent, *((called,) if called else ()))


def _why_not(floor: Floor, command: str) -> str:
    match moment(floor):
        case "not_open":
            return f"The meeting has not been opened, so `{command}` cannot be done. Open it first."
        case "closed":
            return "The meeting is closed. Undo its close if that was a mistake."
        case "suspended":
            return f"The meeting is suspended, so `{command}` cannot be done. Resume it first."
        case "called" if command in {"call", "finish"}:
            return "The speaker who was called has not begun. Start, defer or mark her absent, or undo the call."
        case "interrupted":
            return f"A point of order has the floor, so `{command}` must wait. Finish it first."
    return f"`{command}` cannot be done at this moment."
