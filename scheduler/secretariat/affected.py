"""Who is affected by a change that is only planned, and what it does to their clocks. Pure."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from scheduler.clock.civil import Viewer, view
from scheduler.clock.zones import local
from scheduler.secretariat.letters import Stretch, Wording, text

Turn = tuple[Stretch | None, Stretch | None]
"""When something is held before a change and after it; None: not at all."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is told. `quiet` are her quiet hours, from and to on her clock, both `HH:MM`."""

    id: str
    timezone: str
    language: str
    quiet: tuple[str, str] | None
    booked: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """How many private feeds show what changes, and how many webhooks are told of it."""

    feeds: int
    webhooks: int


@dataclass(frozen=True, slots=True)
class LetterView:
    """What people of a time zone and language will read."""

    timezone: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class ZoneView:
    """How many people of a zone are affected, and when it is on their clock before and after; null: not at all."""

    timezone: str
    people: int
    before: Viewer | None
    after: Viewer | None


@dataclass(frozen=True, slots=True)
class Affected:
    """The consequences of a change that was not made. It writes nothing and tells nobody.

    `people` are the `booked` and the other `accredited` ones. `quiet_then` of them would be told within their quiet
    hours. For `becomes_night` of them something that was not starts between 00:00 and 06:00 on their clock.
    """

    people: int
    booked: int
    accredited: int
    feeds: int
    webhooks: int
    quiet_then: int
    letters: tuple[LetterView, ...]
    becomes_night: int
    no_longer_night: int
    by_timezone: tuple[ZoneView, ...]


def affected(
    people: Collection[Person],
    reach: Reach,
    whole: Turn,
    parts: Sequence[Turn],
    said: Wording | None,
    *,
    told_at: datetime,
) -> Affected:
    """Counts people, zones and letters.

    Args:
        people: who would be told, each once.
        reach: the feeds and webhooks, counted by the rooms that have them.
        whole: what `by_timezone` shows: the meeting, or the session from its first start to its last end.
        parts: the meetings, by which nights are counted: a person counts once where any of them becomes night.
        said: what letters say; None: there are none.
        told_at: when they would be told.
    """
    zones = Counter(person.timezone for person in people)
    nights = {zone: _nights(parts, zone) for zone in zones}
    booked = sum(person.booked for person in people)
    return Affected(
        people=len(people),
        booked=booked,
        accredited=len(people) - booked,
        feeds=reach.feeds,
        webhooks=reach.webhooks,
        quiet_then=sum(_quiet(person, told_at) for person in people),
        letters=_letters(people, said),
        becomes_night=sum(count for zone, count in zones.items() if nights[zone][0]),
        no_longer_night=sum(count for zone, count in zones.items() if nights[zone][1]),
        by_timezone=tuple(
            ZoneView(zone, count, _seen(whole[0], zone), _seen(whole[1], zone)) for zone, count in sorted(zones.items())
        ),
    )


def _letters(people: Collection[Person], said: Wording | None) -> tuple[LetterView, ...]:
    if said is None:
        return ()
    readers = sorted({(person.timezone, person.language) for person in people})
    return tuple(LetterView(zone, language, text(said, zone, language)) for zone, language in readers)


def _nights(parts: Sequence[Turn], zone: str) -> tuple[bool, bool]:
    """Whether any part becomes night in a zone, and whether any that was night no longer is."""
    turns = [(_is_night(before, zone), _is_night(after, zone)) for before, after in parts]
    return any(after and not before for before, after in turns), any(before and not after for before, after in turns)


def _is_night(stretch: Stretch | None, zone: str) -> bool:
    return stretch is not None and view(*stretch, zone).civil == "night"


def _seen(stretch: Stretch | None, zone: str) -> Viewer | None:
    return view(*stretch, zone) if stretch is not None else None


def _quiet(person: Person, at: datetime) -> bool:
    if person.quiet is None:
        return False
    start, end = person.quiet
    clock = f"{local(at, person.timezone):%H:%M}"
    return start <= clock < end if start <= end else clock >= start or clock < end
