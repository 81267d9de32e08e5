"""Decisions about the programme on plain values: no row, no clock, no database."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from scheduler.clock.zones import parse_date, parse_time, stretch, zone
from scheduler.errors import Meaningless, NotAllowedNow, OutsideSession, OverlappingMeeting

LONGEST = timedelta(hours=12)
_DAY_MINUTES = 24 * 60
_SESSION_STATUS = {
    "draft": ("published",),
    "published": ("cancelled",),
    "cancelled": ("published",),
}
_MEETING_STATUS = {"scheduled": ("cancelled",), "cancelled": ("scheduled",)}

RUNNING = frozenset({"in_progress", "suspended"})
"""What a meeting is while its clock runs."""
SESSION_SEQUENCED = frozenset({"status", "city", "venue"})
"""What of a session counts as time, place or status of its meetings' calendar entries."""
SESSION_SHOWN = SESSION_SEQUENCED | {"code", "title"}
"""What of a session its meetings' calendar entries show."""
SESSION_NAMED = frozenset({"status", "code", "title"})
"""What of a session its deadlines' calendar entries show."""
MEETING_SEQUENCED = frozenset({"starts_at", "ends_at", "timezone", "room", "format", "status"})
MEETING_SHOWN = MEETING_SEQUENCED | {"number", "title", "languages", "items", "webcast_url"}
MEETING_NAMED = frozenset({"status", "title"})
"""What of a meeting the calendar entries of its lists' deadlines show."""
MEETING_LINKS = frozenset({"join_url", "links_for"})
"""What of a meeting only those entries show that carry join links."""
MEETING_TIME = frozenset({"date", "start", "end", "fold", "timezone"})
ITEM_SHOWN = frozenset({"number", "title"})


def require_days(starts_on: str, ends_on: str) -> None:
    """Raises Meaningless where one is no date, or where the end is before the start."""
    if parse_date(ends_on, field="ends_on") < parse_date(starts_on, field="starts_on"):
        raise Meaningless("A session ends on the day it starts or later.", field="ends_on")


def require_inside(day: str, starts_on: str, ends_on: str) -> None:
    """Raises OutsideSession where a meeting's date is not one of the session's days (ISO texts order as dates do)."""
    if not starts_on <= day <= ends_on:
        raise OutsideSession(
            f"The session goes from {starts_on} to {ends_on}. Choose a day of it, or change its dates first.",
            field="date",
        )


def sitting(day: str, start: str, end: str, zone_name: str, fold: int | None) -> tuple[datetime, datetime]:
    """The instants (aware UTC) at which a meeting written on its place's clock starts and ends.

    Raises:
        Meaningless: no date, no time, or longer than 12 hours.
        UnknownTimezone, LocalTimeSkipped, LocalTimeAmbiguous: as `clock.zones.stretch`.
    """
    zone(zone_name)
    on, first, last = parse_date(day, field="date"), parse_time(start, field="start"), parse_time(end, field="end")
    starts_at, ends_at = stretch(on, first, last, zone_name, fold)
    if ends_at - starts_at > LONGEST:
        raise Meaningless("A meeting lasts 12 hours at most. Divide it into several.", field="end")
    return starts_at, ends_at


@dataclass(frozen=True, slots=True)
class Booked:
    """A meeting as a room knows it."""

    id: str
    number: int
    room: str | None
    starts_at: datetime
    ends_at: datetime
    status: str


def require_room(meeting: Booked, others: Collection[Booked]) -> None:
    """Raises OverlappingMeeting where another meeting that is not cancelled is in the same named room meanwhile."""
    if meeting.room is None or meeting.status == "cancelled":
        return
    taken = [other for other in others if _in_the_way(other, meeting)]
    if taken:
        numbers = ", ".join(str(other.number) for other in taken)
        raise OverlappingMeeting(
            f"{meeting.room} is taken meanwhile by meeting {numbers} of the session. Choose another time or room.",
            meetings=[other.id for other in taken],
        )


def _in_the_way(other: Booked, meeting: Booked) -> bool:
    return (
        other.id != meeting.id
        and other.room == meeting.room
        and other.status != "cancelled"
        and other.starts_at < meeting.ends_at
        and meeting.starts_at < other.ends_at
    )


def require_session_status(before: str, after: str) -> None:
    """Raises NotAllowedNow, with what is allowed, where a session cannot turn from one status into the other."""
    allowed = _SESSION_STATUS[before]
    if after not in (before, *allowed):
        raise NotAllowedNow(f"A {before} session can only become {allowed[0]}.", allowed=list(allowed))


def require_meeting_status(before: str, after: str) -> None:
    """Raises NotAllowedNow, with what is allowed, where the secretariat cannot turn a meeting's status into another."""
    allowed = _MEETING_STATUS.get(before, ())
    if after not in (before, *allowed):
        raise NotAllowedNow(
            f"This meeting is {before}. From here on only its chair changes that.", allowed=list(allowed)
        )


def require_movable(status: str, fields: Collection[str]) -> None:
    """Raises NotAllowedNow where a meeting has begun and so keeps its times, but for the end while it goes on."""
    times = MEETING_TIME.intersection(fields)
    if status == "closed" and times:
        raise NotAllowedNow("This meeting is over; its times stay as they were.", allowed=[])
    if status in RUNNING and times - {"end"}:
        raise NotAllowedNow("This meeting has begun. Only its end can still be changed.", allowed=["end"])


def shifted(clock: str, before: str, after: str) -> str:
    """The wall clock (`HH:MM`) that lies as far after `after` as `clock` lies after `before`."""
    minutes = (_minutes(clock) - _minutes(before) + _minutes(after)) % _DAY_MINUTES
    return f"{minutes // 60:02}:{minutes % 60:02}"


def moved_day(day: str, days: int) -> str:
    """The date so many days later. Raises Meaningless (field `starts_on`) outside the calendar that dates may have."""
    try:
        moved = (date.fromisoformat(day) + timedelta(days=days)).isoformat()
    except OverflowError:
        moved = ""
    return parse_date(moved, field="starts_on").isoformat()


def item_times(
    status: str, started_at: datetime | None, ended_at: datetime | None, now: datetime
) -> tuple[datetime | None, datetime | None]:
    """When an agenda item started and ended, as it turns `status` now."""
    if status == "pending":
        return None, None
    if status == "started":
        return started_at or now, None
    return started_at or now, ended_at or now


def require_no_circle(item: str, parent: str, parents: Mapping[str, str | None]) -> None:
    """Raises Meaningless where `parent` stands below `item`; `parents` tells of each item of the session its own."""
    above: str | None = parent
    while above is not None:
        if above == item:
            raise Meaningless("An agenda item cannot stand below itself.", field="parent")
        above = parents.get(above)


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:5])
