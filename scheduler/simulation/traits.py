"""One meeting's own traits, and its printed list of speakers: drawn once, before it begins."""

from dataclasses import dataclass
from random import Random

from scheduler.simulation.kinds import Kind, Range

_LEAST, _MOST = 10, 60
_CATEGORIES = ("member_state", "observer_state", "igo", "ngo", "academia", "private_sector")
_ALLOTTED = (120, 180, 180, 240, 300, 420)
_GROUP_SPREAD, _STALL, _COMES_BACK = 0.06, (90, 280), (0.0, 0.6)
_HEAVY, _UNKNOWN, _IN_ORDER, _VIDEO, _AFAR = 0.4, 0.1, 0.6, 0.05, (0.0, 0.6)


@dataclass(frozen=True, slots=True)
class Place:
    """Who is on the list: what the meeting knows of her, in the record's words."""

    slot: str
    category: str | None
    mode: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Traits:
    """What is true of a meeting and what only an oracle knows; seconds, shares and chances.

    `groups` multiplies the pace of a category. `heavy`: the speeches are log-logistic, not gamma.
    """

    pace: float
    groups: dict[str | None, float]
    evenness: float
    heavy: bool
    drift: float
    cut: float | None
    opening: float
    slow_turns: int
    gap: float
    gap_evenness: float
    wait: float
    wait_remote: float
    bad_link: float
    stall: float
    stall_seconds: float
    order: float
    halt: float
    absence: float
    absence_again: float
    comes_back: float


def draw(kind: Kind, dice: Random) -> Traits:
    """The traits of one meeting of this kind."""

    def some(given: Range) -> float:
        return dice.uniform(*given)

    return Traits(
        pace=some(kind.pace),
        groups={each: dice.uniform(1 - _GROUP_SPREAD, 1 + _GROUP_SPREAD) for each in (*_CATEGORIES, None)},
        evenness=some(kind.evenness),
        heavy=dice.random() < _HEAVY,
        drift=some(kind.drift),
        cut=some(kind.cut) if kind.cut else None,
        opening=some(kind.opening),
        slow_turns=kind.slow_turns,
        gap=some(kind.gap),
        gap_evenness=some(kind.gap_evenness),
        wait=some(kind.wait),
        wait_remote=some(kind.wait_remote),
        bad_link=some(kind.bad_link),
        stall=some(kind.stall),
        stall_seconds=some(_STALL),
        order=some(kind.order),
        halt=some(kind.halt),
        absence=some(kind.absence),
        absence_again=some(kind.absence_again),
        comes_back=some(_COMES_BACK),
    )


def places(dice: Random) -> list[Place]:
    """A list of 10 to 60 speakers: categories one after the other or mixed, with their seconds, in the room or not."""
    number = dice.randint(_LEAST, _MOST)
    known = dice.random() > _UNKNOWN
    groups: list[str | None] = [*dice.sample(_CATEGORIES, dice.randint(1, len(_CATEGORIES)))] if known else [None]
    members = [dice.choice(groups) for _ in range(number)]
    if dice.random() < _IN_ORDER:
        members.sort(key=groups.index)
    seconds = {group: dice.choice(_ALLOTTED) for group in groups}
    afar = dice.uniform(*_AFAR)
    return [
        Place(f"s{at}", group, "video" if dice.random() < _VIDEO else _mode(dice, afar), seconds[group])
        for at, group in enumerate(members, 1)
    ]


def _mode(dice: Random, afar: float) -> str:
    return "remote" if dice.random() < afar else "in_person"
