"""The writing by hand held against the `icalendar` library: what it builds and what it reads."""

from datetime import UTC
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event, vUri

from calendars import deadlines, meetings, slots
from calendars.document import Header
from calendars.entries import Said, Variant
from calendars.feeds import described, entry, feed, spread
from calendars.words import words
from scheduler.lists.events import SlotEvent
from scheduler.programme.events import CalendarEvent, DeadlineEvent, MeetingEvent
from tests.calendars.hostile import EVENTS, VARIANTS
from tests.calendars.zone_reader import renamed
from tests.makers.events import CHANGED_AT
from tests.scheduler.clock.judges import tzdata_zone

HEADER = Header(name="A calendar", description="About it", url="https://rostrum.example.org/", changed_at=CHANGED_AT)

PROPERTIES = {
    *("SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "UID", "SEQUENCE", "CATEGORIES", "CONFERENCE", "DESCRIPTION"),
    *("LAST-MODIFIED", "LOCATION", "STATUS", "TRANSP", "URL"),
}


def unfolded(written: bytes) -> bytes:
    return written.replace(b"\r\n ", b"")


def said_by(event: CalendarEvent, variant: Variant) -> Said:
    match event:
        case SlotEvent():
            return slots.said(event, variant)
        case MeetingEvent():
            return meetings.said(event, variant)
        case DeadlineEvent():
            return deadlines.said(event, variant)
    raise TypeError(event)


def by_library(event: CalendarEvent, variant: Variant, *, in_utc: bool) -> bytes:
    said, known = said_by(event, variant), words(variant.language)
    zone = UTC if in_utc else tzdata_zone(event.timezone)
    made = Event()
    made.add("summary", known.cancelled.format(title=said.title) if event.cancelled else said.title)
    made.add("dtstart", event.starts_at.astimezone(zone))
    made.add("dtend", said.ends_at.astimezone(zone))
    made.add("dtstamp", event.changed_at)
    made.add("last-modified", event.changed_at)
    made.add("uid", f"{event.id}@{variant.host}")
    made.add("sequence", event.sequence)
    made.add("categories", said.categories)
    made.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    made.add("transp", "OPAQUE" if said.busy and not event.cancelled else "TRANSPARENT")
    made.add("url", said.page)
    if said.join:
        label: Any = {"VALUE": "URI", "FEATURE": ["VIDEO", "AUDIO"], "LABEL": known.join_label}
        made.add("conference", vUri(said.join), parameters=label)
    if details := "\n".join(filter(None, said.details)):
        made.add("description", details)
    if said.place:
        made.add("location", said.place)
    written: bytes = made.to_ical()
    return written


@given(EVENTS, VARIANTS)
def test_entry_is_what_the_library_builds(event: CalendarEvent, variant: Variant) -> None:
    written = entry(event, variant)

    assert unfolded(written.data) == unfolded(by_library(event, variant, in_utc=written.in_utc))


@given(st.lists(EVENTS, max_size=5), VARIANTS)
def test_feed_read_and_written_again_by_the_library_is_the_same(events: list[CalendarEvent], variant: Variant) -> None:
    body = feed(HEADER, events, variant).body

    assert unfolded(Calendar.from_ical(body).to_ical()) == unfolded(body)


@given(EVENTS, VARIANTS)
def test_entry_holds_no_property_but_ours(event: CalendarEvent, variant: Variant) -> None:
    (read,) = Calendar.from_ical(feed(HEADER, [event], variant).body).walk("VEVENT")

    assert set(read) - PROPERTIES == set()
    assert read.subcomponents == []
    assert read.errors == []


@given(st.lists(EVENTS, min_size=1, max_size=5), VARIANTS)
def test_times_read_back_by_the_vtimezone_alone(events: list[CalendarEvent], variant: Variant) -> None:
    read: list[Any] = renamed(feed(HEADER, events, variant).body).walk("VEVENT")
    expected = sorted((event.starts_at, said_by(event, variant).ends_at) for event in events)

    assert sorted((each["DTSTART"].dt.astimezone(UTC), each["DTEND"].dt.astimezone(UTC)) for each in read) == expected


@given(EVENTS)
def test_clock_is_the_venues_where_it_can_be(event: CalendarEvent) -> None:
    zone = tzdata_zone(event.timezone)
    shown = [at.astimezone(zone) for at in (event.starts_at, event.ends_at)]
    twice = any(at.astimezone(zone).replace(fold=1 - at.fold).utcoffset() != at.utcoffset() for at in shown)
    expected = twice or not described([spread([event])]).tell(event)

    (read,) = Calendar.from_ical(feed(HEADER, [event], Variant("h", "https://b.example")).body).walk("VEVENT")

    assert (read["DTSTART"].params.get("TZID") is None) == expected
