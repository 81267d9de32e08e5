"""Where turns come to lie around what stays: called turns, panels, breaks. Pure; seconds from the meeting's start."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """What stays: a turn, panel or break that was `called` exactly where it is, another panel or break if it can.

    One that was not called begins where it is or, where a turn runs over that, right behind the turn.
    """

    id: str
    starts_after: int
    seconds: int
    called: bool = False

    @property
    def ends_after(self) -> int:
        """Its end."""
        return self.starts_after + self.seconds


@dataclass(frozen=True, slots=True)
class Laid:
    """Where a turn, a panel or a break lies."""

    id: str
    starts_after: int
    seconds: int

    @property
    def ends_after(self) -> int:
        """Its end."""
        return self.starts_after + self.seconds


def room(standing: Iterable[Standing], first: int, end: int, gap: int) -> int:
    """The seconds that turns, and the gaps between them, have from `first` to `end`."""
    left, at = end - first, first
    for each in _by_start(standing):
        if not each.called:
            left -= each.seconds + gap
        elif each.ends_after + gap > at:
            left -= each.ends_after + gap - max(each.starts_after, at)
            at = each.ends_after + gap
    return max(0, left)


def lay_out(turns: Sequence[tuple[str, int]], standing: Sequence[Standing], first: int, gap: int) -> list[Laid]:
    """The turns, of each its id and seconds, in their order from `first` on, `gap` apart, and what stays among them."""
    called = deque(_by_start(each for each in standing if each.called))
    waiting = deque(_by_start(each for each in standing if not each.called))
    laid = [Laid(each.id, each.starts_after, each.seconds) for each in called]
    at = first

    def put(id_: str, seconds: int, earliest: int) -> int:
        start = _clear(earliest, seconds, called, gap)
        laid.append(Laid(id_, start, seconds))
        return start + seconds + gap

    for id_, seconds in turns:
        while waiting and waiting[0].starts_after <= at:
            stays = waiting.popleft()
            at = put(stays.id, stays.seconds, at)
        at = put(id_, seconds, at)
    for stays in waiting:
        at = put(stays.id, stays.seconds, max(at, stays.starts_after))
    return sorted(laid, key=lambda each: (each.starts_after, each.ends_after, each.id))


def _clear(at: int, seconds: int, called: deque[Standing], gap: int) -> int:
    """The first moment from `at` on with so many seconds before the next called one; those passed are forgotten."""
    while called and at + seconds + gap > called[0].starts_after:
        at = max(at, called.popleft().ends_after + gap)
    return at


def _by_start(standing: Iterable[Standing]) -> list[Standing]:
    return sorted(standing, key=lambda each: (each.starts_after, each.id))
