"""From events to feeds, whatever kind they are of."""

from collections.abc import Callable, Collection
from dataclasses import replace

from calendars import deadlines, meetings, private, slots
from calendars.document import Document, Header, assemble, published
from calendars.entries import Entry, Variant, write
from calendars.zones import vtimezone, years
from scheduler.lists.events import SlotEvent
from scheduler.programme.events import CalendarEvent, DeadlineEvent, MeetingEvent


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


def described(timed: Collection[CalendarEvent | Entry]) -> dict[str, bytes]:
    """The zones of a feed that one VTIMEZONE describes in all its years, by name. Events of the others are in UTC."""
    if not timed:
        return {}
    starts = [each.starts_at for each in timed]
    first, last = years(min(starts), max(starts))
    names = {each.timezone for each in timed}
    return {name: zone for name in names if (zone := vtimezone(name, first, last))}


def feed(
    header: Header,
    events: Collection[CalendarEvent],
    variant: Variant,
    render: Callable[[CalendarEvent, Variant], Entry] = entry,
) -> Document:
    """The feed of these events. `render` may answer from what it kept by (event, variant), instead of `entry`."""
    zones, in_utc = described(events), replace(variant, utc=True)
    return assemble(header, zones, [render(event, variant if event.timezone in zones else in_utc) for event in events])


def attachment(event: CalendarEvent, variant: Variant, organizer: str) -> bytes:
    """The file beside a reminder mail: one entry with METHOD:PUBLISH, its UID the feed's.

    `organizer` is the sender's bare address: it is no invitation, and an answer to it goes nowhere else.
    """
    zones = described([event])
    return published(zones, entry(event, replace(variant, utc=event.timezone not in zones, organizer=organizer)))
