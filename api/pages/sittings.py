"""Meetings and their lists as pages show them: on the viewer's clock, with what one can do about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from api.pages.times import Seen, Times
from scheduler.lists import queries as lists
from scheduler.lists.views import ListView
from scheduler.people.reader import Reader
from scheduler.programme.events import MeetingEvent
from scheduler.programme.views import SessionView
from scheduler.storage.connection import Connection

_MOST_LISTS = 20


@dataclass(frozen=True, slots=True)
class List:
    """A list of speakers at this moment. `turns` says what comes next: opens, closes or nothing."""

    view: ListView
    meeting: MeetingEvent
    turns: str
    when: Seen | None
    left: str
    at: datetime | None

    @property
    def queue(self) -> bool:
        """Whether the chair allots its turns."""
        return self.view.allocation == "queue"

    @property
    def full(self) -> bool:
        """Whether there is nothing to ask for now but to wait for a place."""
        counts, capacity = self.view.counts, self.view.capacity
        taken = counts.pending + counts.allotted
        return (capacity is not None and taken >= capacity) or not (self.queue or counts.free)


@dataclass(frozen=True, slots=True)
class Sitting:
    """A meeting as a row."""

    meeting: MeetingEvent
    when: Seen
    left: str
    lists: list[List]


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline of a session that is still to come; `of` is the session's title."""

    of: str
    title: str
    when: Seen
    left: str
    at: datetime


def sitting(times: Times, meeting: MeetingEvent, of_it: Sequence[List] = ()) -> Sitting:
    """A meeting, with these of its lists."""
    seen = times.stretch(meeting.starts_at, meeting.ends_at, meeting.timezone, meeting.city)
    return Sitting(meeting, seen, times.until(meeting.starts_at), list(of_it))


def lists_of(conn: Connection, reader: Reader, times: Times, meeting: MeetingEvent) -> list[List]:
    """The lists of a meeting as they stand now."""
    found = lists.lists_of_meeting(conn, reader, meeting.id, times.now, after=None, limit=_MOST_LISTS)
    return [as_list(times, view, meeting) for view, _ in found]


def as_list(times: Times, view: ListView, meeting: MeetingEvent) -> List:
    """A list as it stands now."""
    turns, at, written = "", None, None
    if view.status == "open" and view.closes_at:
        turns, at, written = "closes", view.closes_at, view.closes_as
    elif view.status == "pending" and view.opens_at and view.opens_at > times.now:
        turns, at, written = "opens", view.opens_at, view.opens_as
    seen = times.moment(at, written, meeting.timezone, meeting.city) if at else None
    return List(view, meeting, turns, seen, times.until(at) if at else "", at)


def deadlines(times: Times, session: SessionView) -> list[Deadline]:
    """The session's own deadlines that are still to come."""
    return [
        Deadline(
            session.title,
            each["title"],
            times.moment(each["at"], each["as"], session.timezone, session.city),
            times.until(each["at"]),
            each["at"],
        )
        for each in session.deadlines
        if each["at"] > times.now
    ]


def by_time(found: Sequence[List | Deadline]) -> list[List | Deadline]:
    """What turns soonest first; lists that nothing is known of come last."""
    return sorted(found, key=lambda each: (each.at is None, each.at.timestamp() if each.at else 0.0))
