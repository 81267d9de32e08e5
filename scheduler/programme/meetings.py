"""Meetings: the secretariat adds them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select

from scheduler.clock.zones import ZONE_DATA
from scheduler.errors import AlreadyExists, Fault, Meaningless, Refusal
from scheduler.ids import new_id
from scheduler.journal.entries import Author, append
from scheduler.people.permission import Act, Actor, require
from scheduler.people.reader import Reader
from scheduler.programme import rules
from scheduler.programme.queries import meeting_view
from scheduler.programme.records import (
    MeetingRecord,
    SessionRecord,
    items_of,
    known_session,
    values,
)
from scheduler.programme.tables import Meeting
from scheduler.programme.views import MeetingView
from scheduler.storage.columns import Instant, table
from scheduler.storage.connection import Connection, Prepared, UniqueTaken
from scheduler.storage.writer import Tx

_m = table(Meeting).c
_LAST_NUMBER = Prepared(select(func.coalesce(func.max(_m.number), 0)).where(_m.session_id == bindparam("session")))
_MEANWHILE = Prepared(
    select(_m.id, _m.number, _m.room, _m.starts_at, _m.ends_at, _m.status).where(
        _m.session_id == bindparam("session"),
        # none lasts longer than this, so that the index finds the few that may be meanwhile
        _m.starts_at > bindparam("earliest", type_=Instant()),
        _m.starts_at < bindparam("ends_at", type_=Instant()),
        _m.ends_at > bindparam("starts_at", type_=Instant()),
    )
)
TAKEN = "The session has a meeting of this number already. Choose another, or none for the next."


@dataclass(frozen=True, slots=True)
class NewMeeting:
    """What is said of a meeting when it is added: `date`, `start`, `end` are wall clocks of `timezone`, `items` ids.

    What is None of `number`, `timezone` and `format` is the next, and the session's.
    """

    title: str
    date: str
    start: str
    end: str
    fold: int | None = None
    number: int | None = None
    timezone: str | None = None
    room: str | None = None
    format: str | None = None
    languages: Sequence[str] = ()
    items: Sequence[str] = ()
    remote_budget_seconds: int | None = None
    end_if_exceeded: str | None = None
    webcast_url: str | None = None
    join_url: str | None = None
    links_for: str = "accredited"
    replies: str = "after_list"
    status: str = "scheduled"


def add(tx: Tx, actor: Actor, session_reference: str, new: NewMeeting) -> MeetingView:
    """Adds one meeting. The session's secretariat may.

    Raises:
        NotFound, Forbidden: there is no such session that she may know of; she may not.
        Meaningless, OutsideSession, UnknownTimezone and kinds of local time: at the field named.
        OverlappingMeeting: the room is taken meanwhile (`meetings`).
        AlreadyExists: the session has a meeting of this number already.
    """
    session, role = _permitted(tx.conn, actor, session_reference)
    return meeting_view(session, _added(tx, Author(actor.id, role), session, new), Reader(actor))


def add_all(tx: Tx, actor: Actor, session_reference: str, new: Sequence[NewMeeting]) -> list[MeetingView]:
    """Adds meetings, all or none. Raises as `add`; fields are named like `3.start`, and `index` tells which it was."""
    session, role = _permitted(tx.conn, actor, session_reference)
    by, reader, views = Author(actor.id, role), Reader(actor), []
    for index, each in enumerate(new):
        try:
            views.append(meeting_view(session, _added(tx, by, session, each), reader))
        except Refusal as refusal:
            faults = tuple(Fault(f"{index}.{fault.field}", fault.message) for fault in refusal.faults)
            raise type(refusal)(refusal.sentence, faults=faults, index=index, **refusal.data) from refusal
    return views


def _permitted(conn: Connection, actor: Actor, session_reference: str) -> tuple[SessionRecord, str]:
    session = known_session(conn, Reader(actor), session_reference)
    return session, require(actor, Act.RUN_PROGRAMME, session.scopes())


def _added(tx: Tx, by: Author, session: SessionRecord, new: NewMeeting) -> MeetingRecord:
    record = _first(tx, session, new)
    rules.require_inside(record.date, session.starts_on, session.ends_on)
    if record.items:
        require_items(tx.conn, session, record.items)
    require_room(tx.conn, record)
    try:
        tx.conn.insert(Meeting, **values(record))
    except UniqueTaken as taken:
        raise AlreadyExists(TAKEN) from taken
    append(tx, "meeting.created", ("meeting", record.id), by, session.audience(record.id))
    return record


def _first(tx: Tx, session: SessionRecord, new: NewMeeting) -> MeetingRecord:
    timezone = session.timezone if new.timezone is None else new.timezone
    starts_at, ends_at = rules.sitting(new.date, new.start, new.end, timezone, new.fold)
    shown_at = tx.now.replace(microsecond=0)
    return MeetingRecord(
        id=new_id(),
        session_id=session.id,
        number=new.number or tx.conn.all(_LAST_NUMBER, session=session.id)[0][0] + 1,
        timezone=timezone,
        starts_at=starts_at,
        ends_at=ends_at,
        zone_data=ZONE_DATA,
        format=new.format or session.format,
        languages=list(new.languages),
        items=list(new.items),
        remote_booked_seconds=0,
        created_at=tx.now,
        sequence=0,
        shown_at=shown_at,
        status_sequence=0,
        named_at=shown_at,
        links_sequence=0,
        links_shown_at=shown_at,
        version=1,
        **{name: getattr(new, name) for name in _PLAIN},
    )


_PLAIN = (
    *("title", "date", "start", "end", "fold", "room", "remote_budget_seconds", "end_if_exceeded"),
    *("webcast_url", "join_url", "links_for", "replies", "status"),
)


def require_items(conn: Connection, session: SessionRecord, items: Sequence[str]) -> None:
    """Raises Meaningless where one is no agenda item of the session."""
    missing = set(items) - {each.id for each in items_of(conn, session.id)}
    if missing:
        raise Meaningless(
            "These are not all agenda items of this session. Give the ids of its own items.", field="items"
        )


def require_room(conn: Connection, record: MeetingRecord) -> None:
    """Raises OverlappingMeeting where another meeting of the session has its room meanwhile."""
    if record.room is not None and record.status != "cancelled":
        meanwhile = conn.all(
            _MEANWHILE,
            session=record.session_id,
            earliest=record.starts_at - rules.LONGEST,
            starts_at=record.starts_at,
            ends_at=record.ends_at,
        )
        rules.require_room(_booked(record), [rules.Booked(*row) for row in meanwhile])


def _booked(record: MeetingRecord) -> rules.Booked:
    return rules.Booked(record.id, record.number, record.room, record.starts_at, record.ends_at, record.status)
