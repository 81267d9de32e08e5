"""The one writer of calendar entries: what a thing shown has to say becomes a VEVENT, by hand.

The properties stand in the order that the `icalendar` library gives them, so that a tool built on it changes no byte.
No METHOD, ATTENDEE, VALARM or RRULE is ever written here.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from calendars.identity import basic, uid, utc
from calendars.text import escaped, folded
from calendars.words import words
from scheduler.clock.zones import local
from scheduler.programme.events import CalendarEvent


@dataclass(frozen=True, slots=True)
class Variant:
    """All that decides an entry's bytes besides its event: entries may be kept by (event, variant).

    `host` stands behind the @ of UIDs, `base_url` (without a slash at its end) before the pages. `utc` writes times in
    UTC, because no yearly rule describes the event's zone in this feed (`zones.vtimezone`). `hers`: a slot is the
    reader's own. `organizer` is a bare mail address, for mail alone.
    """

    host: str
    base_url: str
    language: str = "en"
    utc: bool = False
    hers: bool = False
    organizer: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A VEVENT, ready to be kept and joined; by start, then by id, in the `order` it has in a feed.

    `timezone` is its event's; it needs the VTIMEZONE unless it is written `in_utc`.
    """

    order: str
    data: bytes
    digest: bytes
    starts_at: datetime
    changed_at: datetime
    timezone: str
    in_utc: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What an event of some kind says, in cleaned text. Empty details are left out, and so is an empty place.

    `busy`: whether it takes the reader's time, unless it is cancelled.
    """

    title: str
    categories: tuple[str, ...]
    details: tuple[str, ...]
    place: str
    page: str
    ends_at: datetime
    busy: bool = True
    join: str | None = None


def write(event: CalendarEvent, variant: Variant, said: Said) -> Entry:
    """The entry of an event. A property without a value is left out."""
    in_utc, start, end = _times(event, said.ends_at, utc_only=variant.utc)
    stamp, known = utc(event.changed_at), words(variant.language)
    properties = (
        ("SUMMARY:", escaped(known.cancelled.format(title=said.title) if event.cancelled else said.title)),
        ("DTSTART", start),
        ("DTEND", end),
        ("DTSTAMP:", stamp),
        ("UID:", escaped(uid(event.id, variant.host))),
        ("SEQUENCE:", str(event.sequence)),
        ("CATEGORIES:", ",".join(map(escaped, said.categories))),
        (f"CONFERENCE;FEATURE=VIDEO,AUDIO;LABEL={known.join_label};VALUE=URI:", said.join),
        ("DESCRIPTION:", escaped("\n".join(filter(None, said.details)))),
        ("LAST-MODIFIED:", stamp),
        ("LOCATION:", escaped(said.place)),
        ("ORGANIZER:mailto:", variant.organizer),
        # Some programs show a cancelled entry like any other, so its title says so and it takes nobody's time.
        ("STATUS:", "CANCELLED" if event.cancelled else "CONFIRMED"),
        ("TRANSP:", "OPAQUE" if said.busy and not event.cancelled else "TRANSPARENT"),
        ("URL:", said.page),
    )
    lines = [folded(name + value) for name, value in properties if value]
    data = "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT\r\n"]).encode()
    digest = blake2b(data, digest_size=16).digest()
    order = event.starts_at.isoformat() + event.id
    return Entry(order, data, digest, event.starts_at, event.changed_at, event.timezone, in_utc)


def _times(event: CalendarEvent, ends_at: datetime, *, utc_only: bool) -> tuple[bool, str, str]:
    """Whether they are in UTC, and what follows DTSTART and DTEND."""
    if not utc_only:
        zone = event.timezone
        start, end = local(event.starts_at, zone), local(ends_at, zone)
        # A wall clock that exists twice is always read as the first (RFC 5545 3.3.5): only UTC can say the second.
        if not (_exists_twice(start) or _exists_twice(end)):
            return False, f";TZID={zone}:{basic(start)}", f";TZID={zone}:{basic(end)}"
    return True, f":{utc(event.starts_at)}", f":{utc(ends_at)}"


def _exists_twice(shown: datetime) -> bool:
    return shown.fold == 1 or shown.replace(fold=1).utcoffset() != shown.utcoffset()
