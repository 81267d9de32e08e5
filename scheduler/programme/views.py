"""What leaves this room: frozen values with the contract's names. They are the answers as they stand."""

from dataclasses import dataclass
from datetime import datetime

from scheduler.programme.deadlines import DeadlineView


@dataclass(frozen=True, slots=True)
class BodyView:
    """A body: public."""

    id: str
    code: str
    name: str
    description: str | None
    version: int


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session; `body` is a code, `starts_on` and `ends_on` are dates in `timezone`.

    `meetings_count` counts its cancelled meetings too.
    """

    id: str
    code: str
    body: str
    title: str
    timezone: str
    starts_on: str
    ends_on: str
    kind: str
    format: str
    city: str | None
    venue: str | None
    description: str | None
    deadlines: tuple[DeadlineView, ...]
    reply_seconds: tuple[int, ...]
    status: str
    version: int
    meetings_count: int


@dataclass(frozen=True, slots=True)
class ItemView:
    """An agenda item; `session` is a code, `parent` another item's id. `position` is its place on the agenda."""

    id: str
    number: str
    title: str
    parent: str | None
    status: str
    session: str
    position: int
    started_at: datetime | None
    ended_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class MeetingView:
    """A meeting; `session` is a code, `items` are ids. `date`, `start` and `end` are wall clocks in `timezone`.

    `join_url` is None for a reader who may not have it, `status` cancelled also where the session is.
    """

    id: str
    session: str
    number: int
    title: str
    date: str
    start: str
    end: str
    fold: int | None
    timezone: str
    starts_at: datetime
    ends_at: datetime
    room: str | None
    format: str
    languages: tuple[str, ...]
    items: tuple[str, ...]
    remote_budget_seconds: int | None
    remote_booked_seconds: int
    end_if_exceeded: str | None
    webcast_url: str | None
    join_url: str | None
    links_for: str
    replies: str
    status: str
    version: int
