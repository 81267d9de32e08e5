"""What the floor is made of: turns, the events that befall them, and what has come of each call. Pure values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

INTERLUDES = frozenset({"panel", "break"})


@dataclass(frozen=True, slots=True)
class Turn:
    """A slot as the floor sees it; `seconds` as allotted before anything was extended.

    `group` is the list she stands in, `item` the agenda item that it is about, `order` the list's position and hers in
    it. `speaker` and `organisation` are passed on as they came, to be shown.
    """

    slot: str
    position: int
    kind: str
    seconds: int
    category: str | None = None
    mode: str | None = None
    ready: bool = False
    asked_ready_at: datetime | None = None
    speaker: Any = None
    organisation: Any = None
    title: str | None = None
    group: str | None = None
    planned_start: datetime | None = None
    item: str | None = None
    order: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened on the floor: a command of the chair's, or a change that shows in the queue.

    `turn` is the new one that `add`, `point_of_order` and `right_of_reply` bring, `changes` are members of a turn that
    `change` makes others. `to` is where `defer` puts her; in `move`, `front`: the first of her list, unless behind
    `after`.
    """

    at: datetime
    command: str
    slot: str | None = None
    seconds: int | None = None
    to: str | None = None
    after: str | None = None
    ready: bool | None = None
    carry: bool = True
    text: str | None = None
    turn: Turn | None = None
    changes: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """The turn that has the floor. It speaks since `since`; None: not started, or paused.

    `seconds` has what was extended in it, `spoken` what was spoken before `since`, `halted` the seconds for which the
    meeting had been suspended when she was called.
    """

    slot: str
    called_at: datetime
    seconds: int
    halted: float = 0.0
    gap: float | None = None
    started_at: datetime | None = None
    latency: float = 0.0
    since: datetime | None = None
    paused_at: datetime | None = None
    spoken: float = 0.0

    def elapsed(self, now: datetime) -> float:
        """Seconds spoken until now."""
        return self.spoken + ((now - self.since).total_seconds() if self.since else 0.0)


@dataclass(frozen=True, slots=True)
class Past:
    """What came of a call: `spoken`, `absent` or `deferred`.

    `gap` is the seconds from the end of the turn before to the call, None where there was none to count from;
    `latency` those from the call to the first word, or until she was given up. Suspended time is in neither.
    `halted` is for how long the meeting had been suspended when it ended, `seconds` what she had, extended or not.
    """

    slot: str
    status: str
    called_at: datetime
    ended_at: datetime
    gap: float | None
    latency: float
    halted: float
    seconds: int
    started_at: datetime | None = None
    spoken: float = 0.0


@dataclass(frozen=True, slots=True)
class Notice:
    """What the chair told all who wait."""

    text: str
    at: datetime
