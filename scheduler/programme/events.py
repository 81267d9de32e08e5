"""What a calendar may show of the programme: frozen values, already cut to the feed's readers."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """What every calendar entry has, whatever it shows.

    `id` is the uuid before the @ of its UID. `starts_at` and `ends_at` are aware UTC, `timezone` the IANA zone whose
    wall clock was decided. `sequence` and `changed_at` (whole seconds) count only what this feed's readers may see.
    """

    id: str
    timezone: str
    starts_at: datetime
    ends_at: datetime
    cancelled: bool
    sequence: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class MeetingEvent(CalendarEvent):
    """A meeting. `items` are labels such as "5 Criminalization"; `join_url` is None where it may not be shown."""

    number: int
    title: str
    session_code: str
    session_title: str
    city: str | None
    venue: str | None
    room: str | None
    format: str
    languages: tuple[str, ...]
    items: tuple[str, ...]
    webcast_url: str | None
    join_url: str | None


@dataclass(frozen=True, slots=True)
class DeadlineEvent(CalendarEvent):
    """A moment (`starts_at` == `ends_at`): a list `opens` or `closes`, or a deadline of the session (`deadline`)."""

    what: str
    title: str
    meeting_id: str | None
    meeting_title: str | None
    list_id: str | None
    session_code: str
    session_title: str
