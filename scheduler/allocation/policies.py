"""In which order people speak: one function a policy. Precedence first, the policy inside it. Pure.

An order of precedence is groups of categories, the first speaks first; what it does not name comes last, together.
`first_come`, `alternating` and `draw` know only the order that a list gives them, `protocol` has one of its own. They
order the same people the same way, however these are handed in.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from scheduler.allocation.seeding import lot

Order = Sequence[Sequence[str]]

Policy = Literal["first_come", "protocol", "alternating", "draw"]
POLICIES: tuple[Policy, ...] = get_args(Policy)

PROTOCOL: Order = (
    ("regional_group",),
    ("member_state",),
    ("observer_state",),
    ("igo", "un_entity"),
    ("ngo_ecosoc", "ngo"),
    ("academia", "private_sector"),
    ("expert",),
)
"""Groups before their members, then states, observers and organisations, as General Assembly practice has it."""

_CYCLE = {category: number for number, category in enumerate(category for rank in PROTOCOL for category in rank)}
_STATES = frozenset({"member_state", "observer_state"})


@dataclass(frozen=True, slots=True)
class Entry:
    """An inscription as far as allotting goes; `asked` is in seconds, None: no particular time.

    `for_group` tells that she speaks on behalf of others. `placed` is the position in the list where a chair put her
    turn by hand; `barred` the rule by which she may not be given one at all.
    """

    id: str
    category: str
    mode: str
    since: datetime
    asked: int | None = None
    for_group: bool = False
    placed: int | None = None
    barred: str | None = None

    @property
    def voice(self) -> str:
        """The category that she speaks as: a state that speaks on behalf of a group gives that group's statement."""
        return "regional_group" if self.for_group and self.category in _STATES else self.category


def ranking(order: Order) -> Callable[[Entry], int]:
    """Gives each her place in an order of precedence, from 0.

    A state that speaks for a group stands where groups do or, where the order has no groups, where states do.
    """
    places = {category: number for number, rank in reversed(list(enumerate(order))) for category in rank}
    return lambda entry: places.get(entry.voice, places.get(entry.category, len(order)))


def first_come(entries: Iterable[Entry], order: Order = ()) -> list[Entry]:
    """By the moment of inscription (General Assembly rules 68 and 109)."""
    rank = ranking(order)
    return sorted(entries, key=lambda entry: (rank(entry), *_came(entry)))


def protocol(entries: Iterable[Entry], order: Order = ()) -> list[Entry]:
    """By precedence, PROTOCOL unless an order is given; among equals statements on behalf of others, then by moment."""
    rank = ranking(order or PROTOCOL)
    return sorted(entries, key=lambda entry: (rank(entry), not speaks_for_many(entry), *_came(entry)))


def alternating(entries: Iterable[Entry], order: Order = ()) -> list[Entry]:
    """Round after round one of each category, the categories in the sequence of PROTOCOL, each by moment."""
    rank, had = ranking(order), Counter[tuple[int, str]]()
    keyed: list[tuple[tuple[int, int, int, str], Entry]] = []
    for entry in first_come(entries, order):
        kind = rank(entry), entry.voice
        keyed.append(((kind[0], had[kind], _CYCLE.get(entry.voice, len(_CYCLE)), entry.voice), entry))
        had[kind] += 1
    return [entry for _, entry in sorted(keyed, key=lambda each: each[0])]


def draw(entries: Iterable[Entry], order: Order = (), seed: str = "") -> list[Entry]:
    """By lot, the least first."""
    rank = ranking(order)
    return sorted(entries, key=lambda entry: (rank(entry), lot(seed, entry.id)))


def ordered(policy: str, entries: Iterable[Entry], order: Order = (), seed: str = "") -> list[Entry]:
    """The entries as one of POLICIES orders them; `seed` is the draw's."""
    if policy == "draw":
        return draw(entries, order, seed)
    return {"first_come": first_come, "protocol": protocol, "alternating": alternating}[policy](entries, order)


def precedence(policy: str, order: Order) -> Order:
    """The order of precedence that a policy goes by, the list's own or none."""
    return order or (PROTOCOL if policy == "protocol" else ())


def speaks_for_many(entry: Entry) -> bool:
    """Whether hers is a group's statement or one on behalf of others."""
    return entry.for_group or entry.category == "regional_group"


def _came(entry: Entry) -> tuple[datetime, str]:
    return entry.since, entry.id
