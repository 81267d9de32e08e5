"""A timed list's slots as a grid: an hour of the viewer's clock a row, each slot a chip."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby

from api.delivery.letters.dates import clock_time, on_clock
from api.pages.times import Seen, Times
from scheduler.clock.civil import civil
from scheduler.lists.views import ListView, SlotView
from scheduler.programme.events import MeetingEvent


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the page says of single slots: a person's, the one that is chosen, the one just lost, those near it.

    `swapping`: not free slots are looked for, but others' turns.
    """

    person: str | None = None
    chosen: str | None = None
    lost: str | None = None
    near: Collection[str] = ()
    swapping: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """A slot: its time, and its state in a word (free, taken, mine, chosen, lost, near, other)."""

    slot: SlotView
    time: str
    state: str


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour of the viewer's clock; `venue` is the same on the venue's, None where it shows the same."""

    time: str
    venue: str | None
    night: bool
    free: int
    chips: list[Chip]


@dataclass(frozen=True, slots=True)
class Grid:
    """A list's slots. `night` where all of it is the viewer's night."""

    of: ListView
    meeting: MeetingEvent
    when: Seen
    hours: list[Hour]
    free: int
    slots: int

    @property
    def night(self) -> bool:
        """Whether it begins in her night."""
        return bool(self.hours) and self.hours[0].night and self.when.venue is not None


def grid(times: Times, view: ListView, meeting: MeetingEvent, slots: Sequence[SlotView], said: Chosen) -> Grid:
    """The grid of one list, by position."""
    zone = times.zone or meeting.timezone
    by_hour = groupby(
        sorted(slots, key=lambda slot: slot.starts_at),
        key=lambda slot: on_clock(slot.starts_at, zone).strftime("%Y-%m-%d %H"),
    )
    hours = [_hour(times, meeting, zone, list(of_hour), said) for _, of_hour in by_hour]
    for_speakers = [slot for slot in slots if slot.kind == "statement"]
    return Grid(
        of=view,
        meeting=meeting,
        when=times.stretch(meeting.starts_at, meeting.ends_at, meeting.timezone, meeting.city),
        hours=hours,
        free=sum(slot.status == "free" for slot in for_speakers),
        slots=len(for_speakers),
    )


def _hour(times: Times, meeting: MeetingEvent, zone: str, slots: Sequence[SlotView], said: Chosen) -> Hour:
    first = slots[0].starts_at
    there = on_clock(first, zone)
    on_the_hour = first - (there - there.replace(minute=0, second=0))
    seen = times.stretch(on_the_hour, on_the_hour, meeting.timezone, meeting.city)
    chips = [Chip(slot, clock_time(slot.starts_at, zone), _state(slot, said)) for slot in slots]
    return Hour(
        time=seen.mine.start,
        venue=seen.venue.start if seen.venue else None,
        night=civil(there.time()) == "night" and seen.venue is not None,
        free=sum(chip.state in {"free", "near"} for chip in chips),
        chips=chips,
    )


def _state(slot: SlotView, said: Chosen) -> str:
    if slot.kind != "statement":
        return "interlude"
    if slot.speaker is not None and slot.speaker.id == said.person:
        return "mine"
    return _of_others(slot, said) if said.swapping else _to_book(slot, said)


def _to_book(slot: SlotView, said: Chosen) -> str:
    if slot.id == said.lost:
        return "lost"
    if slot.status != "free":
        return "taken"
    if slot.id == said.chosen:
        return "chosen"
    return "near" if slot.id in said.near else "free"


def _of_others(slot: SlotView, said: Chosen) -> str:
    if slot.status != "booked":
        return "taken"
    return "chosen" if slot.id == said.chosen else "other"
