"""What calendars show of the programme: published sessions and cancelled ones, past meetings too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, or_, select

from scheduler.people.reader import PUBLIC, Reader
from scheduler.programme.deadlines import moment
from scheduler.programme.events import DeadlineEvent, MeetingEvent
from scheduler.programme.tables import Body, Item, Meeting, Session
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared

_b, _s, _i, _m = (table(model).c for model in (Body, Session, Item, Meeting))
_ALL_MEETINGS = (
    select(
        *(_m.id, _m.timezone, _m.starts_at, _m.ends_at, _m.number, _m.title, _s.code, _s.title, _s.city, _s.venue),
        *(_m.room, _m.format, _m.languages, _m["items"], _m.webcast_url, _m.join_url, _m.links_for),
        *(_m.status, _m.sequence, _m.shown_at, _m.links_sequence, _m.links_shown_at),
        *(_s.id, _s.body_id, _s.status, _s.sequence, _s.shown_at),
    )
    .select_from(table(Meeting).join(table(Session), _s.id == _m.session_id).join(table(Body), _b.id == _s.body_id))
    .order_by(_m.starts_at, _m.id)
)
_MEETINGS = _ALL_MEETINGS.where(_s.status != "draft")
_ITEMS = select(_i.id, _i.number, _i.title, _i.shown_at).select_from(
    table(Item).join(table(Session), _s.id == _i.session_id).join(table(Body), _b.id == _s.body_id)
)
_CONDITIONS: dict[str, ColumnElement[bool]] = {
    "session": or_(_s.id == bindparam("session"), _s.code == bindparam("session")),
    "body": or_(_b.id == bindparam("body"), _b.code == bindparam("body")),
    "kind": _s.kind == bindparam("kind"),
}
_ONE = Prepared(_MEETINGS.where(_m.id == bindparam("meeting")))
_DEADLINES = Prepared(
    select(
        *(_s.body_id, _s.id, _s.status),
        *(_s.code, _s.title, _s.timezone, _s.status_sequence, _s.named_at, _s.deadlines),
    ).where(_CONDITIONS["session"])
)

_Labels = dict[str, tuple[str, datetime]]


@dataclass(frozen=True, slots=True)
class OfferedMeeting:
    """A meeting's event `whole`, with its join link, and `plain`, without; `withheld` where she may not have it."""

    whole: MeetingEvent
    plain: MeetingEvent
    withheld: bool


def meeting_events(
    conn: Connection,
    *,
    session: str | None = None,
    body: str | None = None,
    kind: str | None = None,
    item: str | None = None,
    links: bool = False,
) -> list[MeetingEvent]:
    """The meetings of published and cancelled sessions, by (starts_at, id).

    Of a session or body (code or id), of a kind of session, on an agenda item (its id). With `links` their join links
    are in them, and counted; `offered_meetings` tells which of them a reader may have.
    """
    chosen = {"session": session, "body": body, "kind": kind}
    labels = _labels(conn, **chosen)
    return [_event(row, labels, links=links) for row in _rows(conn, _MEETINGS, chosen, item)]


def one_meeting_event(conn: Connection, meeting: str, *, links: bool = False) -> MeetingEvent | None:
    """The event of one meeting (its id); None where no calendar shows it."""
    rows = conn.all(_ONE, meeting=meeting)
    if not rows:
        return None
    return _event(rows[0], _labels(conn, session=rows[0][_SESSION_AT]), links=links)


def offered_meetings(
    conn: Connection,
    reader: Reader,
    *,
    session: str | None = None,
    body: str | None = None,
    kind: str | None = None,
    item: str | None = None,
) -> list[OfferedMeeting]:
    """The same events with and without their links, and whether this reader may have the link.

    Those of drafts too, where she may know of them.
    """
    chosen = {"session": session, "body": body, "kind": kind}
    labels = _labels(conn, **chosen)
    rows = _rows(conn, _ALL_MEETINGS, chosen, item)
    return [_offered(row, labels, reader) for row in rows if reader.sees_session(*_place(row))]


def session_deadlines(conn: Connection, session: str, reader: Reader = PUBLIC) -> list[DeadlineEvent]:
    """The deadlines of a session (code or id) that the reader may know of, earliest first."""
    events = [
        DeadlineEvent(
            id=kept["id"],
            timezone=kept["as"]["timezone"] if isinstance(kept["as"], dict) else timezone,
            starts_at=moment(kept["at"]),
            ends_at=moment(kept["at"]),
            cancelled=status == "cancelled",
            sequence=sequence + kept["sequence"],
            changed_at=max(named_at, moment(kept["shown_at"])),
            what="deadline",
            title=kept["title"],
            meeting_id=None,
            meeting_title=None,
            list_id=None,
            session_code=code,
            session_title=title,
        )
        for of_body, id_, status, *about in conn.all(_DEADLINES, session=session)
        if reader.sees_session(of_body, id_, status)
        for code, title, timezone, sequence, named_at, deadlines in [about]
        for kept in deadlines
    ]
    return sorted(events, key=lambda event: (event.starts_at, event.id))


_ITEMS_AT, _SESSION_AT = 13, 22


def _rows(
    conn: Connection, statement: Select[Any], chosen: dict[str, str | None], item: str | None
) -> list[tuple[Any, ...]]:
    rows = conn.all(_filtered(statement, _set(chosen)), **chosen)
    return rows if item is None else [row for row in rows if item in row[_ITEMS_AT]]


def _place(row: Sequence[Any]) -> tuple[str, str, str]:
    """Of the meeting's session: its body, its id and its status."""
    return row[_SESSION_AT + 1], row[_SESSION_AT], row[_SESSION_AT + 2]


def _offered(row: Sequence[Any], labels: _Labels, reader: Reader) -> OfferedMeeting:
    withheld = not reader.sees_link(row[_SESSION_AT + 1], row[_SESSION_AT], row[0], row[_ITEMS_AT + 3])
    return OfferedMeeting(_event(row, labels, links=True), _event(row, labels, links=False), withheld)


def _event(row: Sequence[Any], labels: _Labels, *, links: bool) -> MeetingEvent:
    id_, timezone, starts_at, ends_at, *about = row[:_ITEMS_AT]
    items, webcast_url, join_url, _, status, *counters = row[_ITEMS_AT:]
    sequence, shown_at, links_sequence, links_shown_at, _, _, session_status, *of_session = counters
    number, title, code, session_title, city, venue, room, format_, languages = about
    shown = [labels[item] for item in items if item in labels]
    moments = (shown_at, of_session[1], *(at for _, at in shown))
    return MeetingEvent(
        id=id_,
        timezone=timezone,
        starts_at=starts_at,
        ends_at=ends_at,
        cancelled="cancelled" in {status, session_status},
        sequence=sequence + of_session[0] + (links_sequence if links else 0),
        changed_at=max(*moments, links_shown_at) if links else max(moments),
        number=number,
        title=title,
        session_code=code,
        session_title=session_title,
        city=city,
        venue=venue,
        room=room,
        format=format_,
        languages=tuple(languages),
        items=tuple(label for label, _ in shown),
        webcast_url=webcast_url,
        join_url=join_url if links else None,
    )


def _labels(conn: Connection, **chosen: str | None) -> _Labels:
    """Of each agenda item: how calendars name it, and when that last changed."""
    rows = conn.all(_filtered(_ITEMS, _set(chosen)), **chosen)
    return {id_: (f"{number} {title}", shown_at) for id_, number, title, shown_at in rows}


def _set(chosen: dict[str, str | None]) -> frozenset[str]:
    return frozenset(name for name, value in chosen.items() if value is not None)


@lru_cache(maxsize=32)
def _filtered(statement: Select[Any], names: frozenset[str]) -> Prepared:
    return Prepared(statement.where(*(_CONDITIONS[name] for name in sorted(names))))
