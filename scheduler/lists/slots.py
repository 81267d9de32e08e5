"""The one place that decides planned starts: turns laid out in a list's window. Pure.

All times are seconds from the meeting's start. A published turn of a timed list is a promise: it moves only because of
what is put before it, taken out or made longer. In a queue the order is the promise: each turn is planned right behind
the one before it. Turns never overlap, `gap` seconds lie between two, and nothing is squeezed in behind the window's
end.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

MOST_SLOTS = 1_000


@dataclass(frozen=True, slots=True)
class Turn:
    """A slot as far as planning goes. `spare` is a free one for a speaker: it may go where there is no room for it.

    `called`: its turn has come, so that in a queue it stays where it was planned.
    """

    id: str
    starts_after: int
    seconds: int
    spare: bool
    called: bool = False

    @property
    def ends_after(self) -> int:
        """Its end, in seconds from the meeting's start."""
        return self.starts_after + self.seconds


@dataclass(frozen=True, slots=True)
class Plan:
    """Turns as they would stand: those that `fit`, the free ones that would have to go, and those that cannot."""

    fit: tuple[Turn, ...]
    go: tuple[Turn, ...]
    stuck: tuple[Turn, ...]


def room_for(length: int, seconds: int, gap: int) -> int:
    """How many turns of `seconds`, `gap` apart, fit in `length` seconds."""
    return max(0, (length + gap) // (seconds + gap))


def starts(first: int, end: int, seconds: int, gap: int) -> list[int]:
    """The starts of as many turns as fit from `first` to `end`."""
    return [first + number * (seconds + gap) for number in range(room_for(end - first, seconds, gap))]


def pushed(turns: Sequence[Turn], gap: int) -> list[Turn]:
    """The turns in their order, each where it wants to be or, if that is later, `gap` after the one before it."""
    placed: list[Turn] = []
    for turn in turns:
        earliest = placed[-1].ends_after + gap if placed else turn.starts_after
        placed.append(turn if turn.starts_after >= earliest else replace(turn, starts_after=earliest))
    return placed


def shifted(turns: Sequence[Turn], by: int) -> list[Turn]:
    """Turns that want to be `by` seconds later (negative: earlier)."""
    return [replace(turn, starts_after=turn.starts_after + by) for turn in turns]


def plan(before: Sequence[Turn], after: Sequence[Turn], by: int, gap: int, end: int) -> Plan:
    """What becomes of a list when the turns in `after` move by `by` seconds, those in `before` staying."""
    return until(pushed([*before, *shifted(after, by)], gap), end)


def until(turns: Sequence[Turn], end: int) -> Plan:
    """The turns sorted by whether they are over by `end`."""
    late = [turn for turn in turns if turn.ends_after > end]
    return Plan(
        fit=tuple(turn for turn in turns if turn.ends_after <= end),
        go=tuple(turn for turn in late if turn.spare),
        stuck=tuple(turn for turn in late if not turn.spare),
    )


def packed(turns: Sequence[Turn], first: int, gap: int) -> list[Turn]:
    """The turns in their order, from `first` on without holes."""
    return pushed([replace(turn, starts_after=first) for turn in turns], gap)


def queued(turns: Sequence[Turn], first: int, gap: int) -> list[Turn]:
    """The turns of a queue in their order, one right behind the other from `first` on.

    One that was called keeps its start; what it takes is counted where it stands in the order.
    """
    placed: list[Turn] = []
    at = first
    for turn in turns:
        placed.append(turn if turn.called else replace(turn, starts_after=at))
        at = (max(at, turn.starts_after) if turn.called else at) + turn.seconds + gap
    return placed


def moved_behind(turns: Sequence[Turn], moved: str, after: str | None) -> list[Turn]:
    """The turns with the one called `moved` (an id) behind `after`, or before all whose turn has not come yet."""
    rest = [turn for turn in turns if turn.id != moved]
    at = next((number for number, turn in enumerate(rest, 1) if turn.id == after), 0)
    at = max(at, waiting_from(rest))
    return [*rest[:at], *(turn for turn in turns if turn.id == moved), *rest[at:]]


def waiting_from(turns: Sequence[Turn]) -> int:
    """How many turns at the front have been called: nothing is put before them any more."""
    return next((number for number, turn in enumerate(turns) if not turn.called), len(turns))


def budget(window: tuple[int, int], gap: int, last: int | None, following: int | None) -> int:
    """The seconds that a queue's turns may take in all, gaps included.

    `window` is from and to, `last` the end of its last turn, `following` that of the last turn of the later lists that
    follow it within the same window; None where there is none.
    """
    first, end = window
    if following is None:
        return end - first
    return end - first - (following - last if last is not None else following - first + gap)


def seconds_left(window: tuple[int, int], gap: int, last: int | None, following: int | None) -> int:
    """How long a turn may be that is put at the end of a queue. Of what is given as in `budget`."""
    taken = last - window[0] + gap if last is not None else 0
    return max(0, budget(window, gap, last, following) - taken)
