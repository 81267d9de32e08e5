"""What leaves this room: frozen values with the contract's names. They are the answers as they stand."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from typing_extensions import TypedDict

from scheduler.clock.written import Written
from scheduler.people.views import Named


@dataclass(frozen=True, slots=True)
class ClosesWhen:
    """A list that closes as an agenda item is `started` or `ended`."""

    item: str
    state: str


@dataclass(frozen=True, slots=True)
class Window:
    """The part of the meeting that a list has, as wall clocks `HH:MM` of the meeting's zone.

    `fold` is set where `start`, or else `end`, exists twice that day.
    """

    start: str
    end: str
    fold: int | None


@dataclass(frozen=True, slots=True)
class PolicyOptions:
    """What a policy may be told: an `order` of groups of categories, and `steps` down in seconds."""

    order: tuple[tuple[str, ...], ...]
    steps: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Draw:
    """What is public of a list's draw: the SHA-256 of its seed, committed to before, and the seed once it is drawn."""

    commitment: str | None
    seed: str | None


@dataclass(frozen=True, slots=True)
class Counts:
    """Of its turns for speakers: all `slots`, `free` and `booked` ones; of its inscriptions the rest."""

    slots: int
    free: int
    booked: int
    pending: int
    allotted: int
    waiting: int


@dataclass(frozen=True, slots=True)
class WaitingView:
    """Somebody who waits for a place in a full list, in the order of `position`; `before` others are to come first.

    `slot` is what is or was offered to her (None in a queue), or what she has `taken`; until `offered_until` it is
    hers to take. `before` is None once she waits no more.
    """

    id: str
    list: str
    position: int
    person: Named
    mode: str
    slot: str | None
    offered_until: datetime | None
    status: str
    organisation: Named | None
    before: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ListView:
    """A list of speakers: public where its session is. `status` is that of the moment of asking.

    `seconds_left`: of a queue, how long a turn may be that is put at its end; of a timed list, what is free in all.
    A queue without a window of its own begins where the turns of the lists before it end, and `window` says where.
    """

    id: str
    meeting: str
    item: str | None
    position: int
    title: str
    allocation: str
    status: str
    opens_at: datetime | None
    opens_as: Written | None
    closes_at: datetime | None
    closes_as: Written | None
    closes_when: ClosesWhen | None
    modes: tuple[str, ...]
    policy: str
    policy_options: PolicyOptions
    seconds_default: int
    seconds_by_category: dict[str, int]
    window: Window
    slot_seconds: int | None
    gap_seconds: int
    capacity: int | None
    one_per_organisation: bool
    version: int
    counts: Counts
    seconds_left: int
    draw: Draw | None


@dataclass(frozen=True, slots=True)
class ReservedFor:
    """Whom a slot is kept for; all that is set must fit. `organisation` is an id."""

    category: str | None
    mode: str | None
    organisation: str | None


@dataclass(frozen=True, slots=True)
class SlotView:
    """A stretch of speaking time, with who holds it: public. `starts_at` and `ends_at` are derived from the meeting."""

    id: str
    list: str
    position: int
    kind: str
    title: str | None
    seconds: int
    starts_at: datetime
    ends_at: datetime
    reserved_for: ReservedFor | None
    inscription: str | None
    speaker: Named | None
    organisation: Named | None
    mode: str | None
    status: str
    version: int


@dataclass(frozen=True, slots=True)
class Warned:
    """Something that was accepted and yet should be looked at: a code for programs, a sentence for her."""

    code: str
    message: str


SwapView = TypedDict("SwapView", {"with": str, "slot": str, "proposed_by": Literal["me", "them"]})
"""An open proposal: `with` which other inscription, for its `slot`, and which of the two sides proposed it."""


@dataclass(frozen=True, slots=True)
class InscriptionView:
    """An inscription. Some of it is for who may read it in full, and null to all others.

    That is `topic`, `seconds_requested`, `delivered_by` and `swap`.
    """

    id: str
    list: str
    slot: str | None
    person: Named
    organisation: Named | None
    category: str | None
    mode: str
    language: str | None
    topic: str | None
    on_behalf_of: str | None
    delivered_by: str | None
    seconds_requested: int | None
    status: str
    created_at: datetime
    version: int
    warnings: tuple[Warned, ...]
    swap: SwapView | None = None
