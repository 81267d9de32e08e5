"""The whole file: VCALENDAR around its zones and entries, the same bytes for the same content, with its validators."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from operator import attrgetter

from calendars.entries import Entry
from calendars.identity import utc
from calendars.text import escaped, folded, paragraphs, phrase, uri

OFTEN = "PT15M"
"""How often one meeting, one session or a private feed is worth asking for again."""

HOURLY = "PT1H"
"""The same for the programme."""

_START = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Rostrum//Calendars//EN\r\nCALSCALE:GREGORIAN\r\n"
_END = b"END:VCALENDAR\r\n"

_order, _data, _digest, _changed_at, _zones = map(attrgetter, ("order", "data", "digest", "changed_at", "zones"))


@dataclass(frozen=True, slots=True)
class Header:
    """What a feed says of itself; `url` is its page.

    `refresh` never depends on the date, or bytes would change unasked. `source` is the feed's own address, None where
    that is a secret: a file is handed on. `changed_at` is when that which is said here, or the choice of what belongs
    to the feed, last changed; it also dates a feed without entries.
    """

    name: str
    description: str
    url: str
    changed_at: datetime
    refresh: str = OFTEN
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A feed and its validators: `etag` is strong and in quotes, `last_modified` in whole seconds and never now."""

    body: bytes
    etag: str
    last_modified: datetime


@dataclass(frozen=True, slots=True)
class Part:
    """Entries that stand one after the other in a feed, joined: their bytes, and their digests, which stand for them.

    `changed_at` is the latest of theirs; `zones` are the names of those whose VTIMEZONE one of them needs.
    """

    data: bytes
    digest: bytes
    changed_at: datetime
    zones: frozenset[str]


def part(entries: Collection[Entry]) -> Part:
    """These entries, one at least, in their order."""
    ordered = sorted(entries, key=_order)
    zones = frozenset(entry.timezone for entry in ordered if not entry.in_utc)
    data, digest = (b"".join(map(of, ordered)) for of in (_data, _digest))
    return Part(data, digest, max(map(_changed_at, ordered)), zones)


def assemble(header: Header, zones: Mapping[str, bytes], parts: Collection[Part]) -> Document:
    """The feed of these parts, earlier ones first, with those of `zones` (by name, their VTIMEZONE) that they need."""
    last_modified = max([header.changed_at, *map(_changed_at, parts)]).replace(microsecond=0)
    needed = sorted(frozenset[str]().union(*map(_zones, parts)))
    head = b"".join([_head(header, last_modified), *(zones[name] for name in needed)])
    # Hashing a long feed again would cost more than joining it.
    digest = blake2b(b"".join([head, *map(_digest, parts)]), digest_size=16)
    return Document(b"".join([head, *map(_data, parts), _END]), f'"{digest.hexdigest()}"', last_modified)


def published(zones: Mapping[str, bytes], entry: Entry) -> bytes:
    """One entry as METHOD:PUBLISH. It must name its one ORGANIZER (RFC 5546 3.2.1)."""
    zone = b"" if entry.in_utc else zones[entry.timezone]
    return b"".join([_START.encode(), b"METHOD:PUBLISH\r\n", zone, entry.data, _END])


def _head(header: Header, last_modified: datetime) -> bytes:
    name, description = escaped(phrase(header.name)), escaped(paragraphs(header.description))
    lines = [
        f"DESCRIPTION:{description}",
        f"X-WR-CALDESC:{description}",
        f"NAME:{name}",
        f"X-WR-CALNAME:{name}",
        f"LAST-MODIFIED:{utc(last_modified)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{header.refresh}",
        *([f"SOURCE;VALUE=URI:{uri(header.source)}"] if header.source else []),
        f"URL:{header.url}",
        f"X-PUBLISHED-TTL:{header.refresh}",
        "",
    ]
    return (_START + "\r\n".join(map(folded, lines))).encode()
