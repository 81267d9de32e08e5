"""The whole file: VCALENDAR around its zones and entries, the same bytes for the same content, with its validators."""

from collections.abc import Iterable, Mapping
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

_order, _data, _digest, _changed_at = map(attrgetter, ("order", "data", "digest", "changed_at"))


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


def assemble(header: Header, zones: Mapping[str, bytes], entries: Iterable[Entry]) -> Document:
    """The feed of these entries, with those of `zones` (by name, their VTIMEZONE) that one of them needs."""
    ordered = sorted(entries, key=_order)
    last_modified = max([header.changed_at, *map(_changed_at, ordered)]).replace(microsecond=0)
    needed = sorted({entry.timezone for entry in ordered if not entry.in_utc})
    head = b"".join([_head(header, last_modified), *(zones[name] for name in needed)])
    # The entries' digests stand for them: hashing a long feed again would cost more than joining it.
    digest = blake2b(b"".join([head, *map(_digest, ordered)]), digest_size=16)
    return Document(b"".join([head, *map(_data, ordered), _END]), f'"{digest.hexdigest()}"', last_modified)


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
