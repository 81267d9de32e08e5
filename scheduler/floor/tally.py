"""Who spoke how long, and at what hour of their own clocks: sums over the turns of records. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import get_args

from scheduler.clock.civil import civil
from scheduler.people.rules import Category, Region

_MODES = ("in_person", "remote", "video")


@dataclass(frozen=True, slots=True)
class Held:
    """A turn that a record tells of: spoken, absent or left waiting at the close.

    `spoken` is in milliseconds. `local_start` is when she began on her own clock, None where she never spoke.
    """

    category: str | None
    region: str | None
    mode: str | None
    organisation: str | None
    planned_seconds: int
    spoken: int
    local_start: datetime | None

    @property
    def at_night(self) -> bool:
        """Whether it began between 00:00 and 06:00 on her clock."""
        return self.local_start is not None and civil(self.local_start.time()) == "night"


@dataclass(frozen=True, slots=True)
class SpokenTime:
    """The time of all whose `key` is the same; `name` is an organisation's.

    `planned_seconds` is what they were given, `actual_seconds` how long they spoke, `turns` how many did.
    """

    key: str | None
    name: str | None
    planned_seconds: int
    actual_seconds: int
    turns: int
    night_turns: int


@dataclass(frozen=True, slots=True)
class TurnMark:
    """A turn that was spoken, on the clock (`HH:MM`) of its speaker."""

    region: str | None
    mode: str | None
    local_start: str

    @property
    def at_night(self) -> bool:
        """Whether it began between 00:00 and 06:00."""
        return civil(time.fromisoformat(self.local_start)) == "night"


@dataclass(frozen=True, slots=True)
class ReportView:
    """Speaking time in a session. Each of the four has all turns: they come to the same sums.

    `meetings` is how many records it was made from. `turns` are in the order of their hours, which tells nothing of
    who spoke when.
    """

    meetings: int
    by_category: tuple[SpokenTime, ...]
    by_region: tuple[SpokenTime, ...]
    by_mode: tuple[SpokenTime, ...]
    by_organisation: tuple[SpokenTime, ...]
    turns: tuple[TurnMark, ...]


def report(meetings: int, held: Sequence[Held], names: dict[str, str]) -> ReportView:
    """The report of the turns of so many meetings; `names` are organisations', by id."""
    of = _names_first(held, names)
    return ReportView(
        meetings=meetings,
        by_category=_sums(held, lambda turn: turn.category, get_args(Category)),
        by_region=_sums(held, lambda turn: turn.region, get_args(Region)),
        by_mode=_sums(held, lambda turn: turn.mode, _MODES),
        by_organisation=_sums(held, lambda turn: turn.organisation, of, names),
        turns=tuple(_marks(held)),
    )


def _names_first(held: Iterable[Held], names: dict[str, str]) -> list[str]:
    """Ids of organisations by their names."""
    ids = {turn.organisation for turn in held if turn.organisation is not None}
    return sorted(ids, key=lambda id_: (names.get(id_, "").casefold(), id_))


def _sums(
    held: Iterable[Held], key: Callable[[Held], str | None], order: Sequence[str], names: dict[str, str] | None = None
) -> tuple[SpokenTime, ...]:
    """One row a key, in this order; what has none comes last."""
    groups: dict[str | None, list[Held]] = defaultdict(list)
    for turn in held:
        groups[key(turn)].append(turn)
    keys = [each for each in (*order, *sorted({*groups} - {*order, None}, key=str), None) if each in groups]
    seconds = whole([sum(turn.spoken for turn in groups[each]) for each in keys])
    return tuple(
        SpokenTime(
            key=each,
            name=names.get(each) if names and each else None,
            planned_seconds=sum(turn.planned_seconds for turn in groups[each]),
            actual_seconds=actual,
            turns=sum(turn.local_start is not None for turn in groups[each]),
            night_turns=sum(turn.at_night for turn in groups[each]),
        )
        for each, actual in zip(keys, seconds, strict=True)
    )


def whole(milliseconds: Sequence[int]) -> list[int]:
    """Whole seconds that come to the rounded sum: each is less than a second off, and as few as can be are not nearest.

    Each rounded alone, they would not add up.
    """
    found = [each // 1000 for each in milliseconds]
    missing = (sum(milliseconds) + 500) // 1000 - sum(found)
    nearest = sorted(range(len(found)), key=lambda at: -(milliseconds[at] % 1000))
    for at in nearest[:missing]:
        found[at] += 1
    return found


def _marks(held: Iterable[Held]) -> list[TurnMark]:
    spoken = [(turn, turn.local_start.time()) for turn in held if turn.local_start is not None]
    in_order = sorted(spoken, key=lambda pair: (_minute(pair[1]), pair[0].region or "", pair[0].mode or ""))
    return [TurnMark(turn.region, turn.mode, f"{at:%H:%M}") for turn, at in in_order]


def _minute(at: time) -> tuple[int, int]:
    return at.hour, at.minute
