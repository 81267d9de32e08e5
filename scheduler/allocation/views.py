"""What leaves this room: frozen values with the contract's names. They are the answers as they stand."""

from dataclasses import dataclass

from scheduler.lists.views import SlotView


@dataclass(frozen=True, slots=True)
class AllottedSlot(SlotView):
    """A slot as it stands after the allocation; `id` null where that is only looked at."""

    id: str | None  # type: ignore[assignment]  # -- the same members as a slot's, but for a slot that may not be yet


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a speaker has this turn and these seconds. `rule` is for programs; `slot` null where it is only looked at.

    `seconds_asked` null: no particular time.
    """

    inscription: str
    slot: str | None
    seconds_asked: int | None
    seconds_given: int
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Who was given no turn, and why."""

    inscription: str
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Tally:
    """So many slots, so many seconds together."""

    slots: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Totals:
    """What was allotted of `budget_seconds`, which the gaps between turns count against too.

    Turns that had been called are not in it: the budget is of what is left.
    """

    seconds: int
    budget_seconds: int
    remote_seconds: int
    by_category: dict[str, Tally]
    by_mode: dict[str, Tally]


@dataclass(frozen=True, slots=True)
class AllocationView:
    """An allocation: all the list's slots, who was left out, and why everybody got what she got.

    `version` is the list's; `seed` the one that a draw went by, else null.
    """

    slots: tuple[AllottedSlot, ...]
    left_out: tuple[LeftOut, ...]
    totals: Totals
    reasons: tuple[Reason, ...]
    version: int
    seed: str | None
