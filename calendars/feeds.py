"""From events to feeds, whatever kind they are of."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime

from calendars import deadlines, meetings, private, slots
from calendars.document import Document, Header, assemble, part, published
from calendars.entries import Entry, Variant, write
from calendars.zones import vtimezone, years
from scheduler.lists.events import SlotEvent
from scheduler.programme.events import CalendarEvent, DeadlineEvent, MeetingEvent

_APART = 10


def entry(event: CalendarEvent, variant: Variant) -> Entry:
    """An event as an entry. Nothing but the two decides its bytes. One of no kind is what is left of another."""
    match event:
        case SlotEvent():
            said = slots.said(event, variant)
        case MeetingEvent():
            said = meetings.said(event, variant)
        case DeadlineEvent():
            said = deadlines.said(event, variant)
        case _:
            said = private.said(event, variant)
    return write(event, variant, said)


@dataclass(frozen=True, slots=True)
class Zones:
    """The zones that a feed describes: `data` is the VTIMEZONE by name, `spans` the first and last year it is for."""

    data: dict[str, bytes]
    spans: dict[str, tuple[int, int]]

    def tell(self, event: CalendarEvent | Entry) -> bool:
        """Whether an event's times are on its zone's clock; else they are in UTC."""
        first, last = self.spans.get(event.timezone, (0, 0))
        return first <= event.starts_at.year <= last


@dataclass(frozen=True, slots=True)
class Spread:
    """Where some events lie that start within one year: the first and last start, how many they are, their zones."""

    first: datetime
    last: datetime
    count: int
    zones: frozenset[str]


def spread(timed: Collection[CalendarEvent | Entry]) -> Spread:
    """Where these lie, one at least."""
    starts = [each.starts_at for each in timed]
    return Spread(min(starts), max(starts), len(starts), frozenset(each.timezone for each in timed))


def described(spreads: Collection[Spread]) -> Zones:
    """The zones that one VTIMEZONE describes in all years of a feed, whose events lie there.

    An event that lies more than ten years from the others, such as one with a mistyped year, takes no zone from them:
    where the zone needs another rule by then, that event alone is in UTC.
    """
    if not spreads:
        return Zones({}, {})
    data: dict[str, bytes] = {}
    spans: dict[str, tuple[int, int]] = {}
    names = frozenset[str]().union(*(each.zones for each in spreads))
    whole = years(min(each.first for each in spreads), max(each.last for each in spreads))
    for span in [whole, _most(spreads)] if whole[1] - whole[0] > _APART else [whole]:
        data |= {name: zone for name in names - data.keys() if (zone := vtimezone(name, *span))}
        spans |= dict.fromkeys(data.keys() - spans.keys(), span)
    return Zones(data, spans)


def _most(spreads: Collection[Spread]) -> tuple[int, int]:
    """The years of the most events that lie together, the latest of as many."""
    runs: list[list[Spread]] = []
    for each in sorted(spreads, key=lambda each: each.first):
        if runs and each.first.year - runs[-1][-1].last.year <= _APART:
            runs[-1].append(each)
        else:
            runs.append([each])
    run = max(reversed(runs), key=lambda run: sum(each.count for each in run))
    return years(run[0].first, run[-1].last)


def feed(
    header: Header,
    events: Collection[CalendarEvent],
    variant: Variant,
    render: Callable[[CalendarEvent, Variant], Entry] = entry,
) -> Document:
    """The feed of these events. `render` may answer from what it kept by (event, variant), instead of `entry`."""
    zones, in_utc = described([spread([event]) for event in events]), replace(variant, utc=True)
    entries = [render(event, variant if zones.tell(event) else in_utc) for event in events]
    return assemble(header, zones.data, [part(entries)] if entries else [])


def attachment(event: CalendarEvent, variant: Variant, organizer: str) -> bytes:
    """The file beside a reminder mail: one entry with METHOD:PUBLISH, its UID the feed's.

    `organizer` is the sender's bare address: it is no invitation, and an answer to it goes nowhere else.
    """
    zones = described([spread([event])])
    return published(zones.data, entry(event, replace(variant, utc=not zones.tell(event), organizer=organizer)))
