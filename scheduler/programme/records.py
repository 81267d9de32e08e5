"""The rows of the programme as frozen values, which acts plan with and write back. They stay in the scheduler."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlmodel import SQLModel

from scheduler.errors import NotFound
from scheduler.ids import is_code, is_id
from scheduler.journal.entries import Audience
from scheduler.people.permission import Scopes
from scheduler.people.reader import Reader
from scheduler.programme.tables import Body, Item, Meeting, Session
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared


@dataclass(frozen=True, slots=True)
class BodyRecord:
    """A row of `body`."""

    id: str
    code: str
    name: str
    description: str | None
    created_at: datetime
    shown_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A row of `session`."""

    id: str
    code: str
    body_id: str
    title: str
    timezone: str
    starts_on: str
    ends_on: str
    kind: str
    format: str
    city: str | None
    venue: str | None
    description: str | None
    deadlines: list[dict[str, Any]]
    reply_seconds: list[int]
    status: str
    created_at: datetime
    sequence: int
    shown_at: datetime
    status_sequence: int
    named_at: datetime
    version: int

    def scopes(self) -> Scopes:
        """Where an act on it takes place."""
        return Scopes(body=self.body_id, session=self.id)

    def audience(self, meeting: str | None = None, *, public: bool = True) -> Audience:
        """Who may read a journal entry about it or a meeting of it; the public none about a draft."""
        return Audience(public=public and self.status != "draft", body=self.body_id, session=self.id, meeting=meeting)


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """A row of `item`."""

    id: str
    session_id: str
    position: int
    number: str
    title: str
    parent_id: str | None
    status: str
    started_at: datetime | None
    ended_at: datetime | None
    shown_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class MeetingRecord:
    """A row of `meeting`."""

    id: str
    session_id: str
    number: int
    title: str
    date: str
    start: str
    end: str
    fold: int | None
    timezone: str
    starts_at: datetime
    ends_at: datetime
    zone_data: str
    room: str | None
    format: str
    languages: list[str]
    items: list[str]
    remote_budget_seconds: int | None
    remote_booked_seconds: int
    end_if_exceeded: str | None
    webcast_url: str | None
    join_url: str | None
    links_for: str
    replies: str
    status: str
    created_at: datetime
    sequence: int
    shown_at: datetime
    status_sequence: int
    named_at: datetime
    links_sequence: int
    links_shown_at: datetime
    version: int

    @property
    def seconds(self) -> int:
        """How long it is planned to last."""
        return int((self.ends_at - self.starts_at).total_seconds())


Record = BodyRecord | SessionRecord | ItemRecord | MeetingRecord


def columns(model: type[SQLModel], record: type[Record]) -> list[Any]:
    """The columns of a table in the order of a record's fields."""
    return [table(model).c[field.name] for field in fields(record)]


def values(record: Record) -> dict[str, Any]:
    """The columns of a record's row."""
    return {field.name: getattr(record, field.name) for field in fields(record)}


def altered(before: Record, after: Record) -> dict[str, Any]:
    """The columns that differ, with their values after."""
    was = values(before)
    return {name: value for name, value in values(after).items() if value != was[name]}


_b, _s, _i, _m = (table(model).c for model in (Body, Session, Item, Meeting))
_BODY = select(*columns(Body, BodyRecord))
_BODY_BY_ID = Prepared(_BODY.where(_b.id == bindparam("ref")))
_BODY_BY_CODE = Prepared(_BODY.where(_b.code == bindparam("ref")))
_SESSION = select(*columns(Session, SessionRecord))
_SESSION_BY_ID = Prepared(_SESSION.where(_s.id == bindparam("ref")))
_SESSION_BY_CODE = Prepared(_SESSION.where(_s.code == bindparam("ref")))
_ITEM = Prepared(select(*columns(Item, ItemRecord)).where(_i.id == bindparam("id")))
_ITEMS = Prepared(
    select(*columns(Item, ItemRecord)).where(_i.session_id == bindparam("session")).order_by(_i.position, _i.id)
)
_MEETING = Prepared(select(*columns(Meeting, MeetingRecord)).where(_m.id == bindparam("id")))
_MEETINGS = Prepared(
    select(*columns(Meeting, MeetingRecord)).where(_m.session_id == bindparam("session")).order_by(_m.starts_at, _m.id)
)
_LAST_SHOWN = Prepared(
    select(
        select(func.max(_m.shown_at)).where(_m.session_id == bindparam("session")).scalar_subquery(),
        select(func.max(_m.links_shown_at)).where(_m.session_id == bindparam("session")).scalar_subquery(),
        select(func.max(_i.shown_at)).where(_i.session_id == bindparam("session")).scalar_subquery(),
    )
)

_NUMBER = Prepared(
    update(table(Meeting))
    .where(_m.id == bindparam("meeting"))
    .values(floor_version=_m.floor_version + bindparam("more"))
    .returning(_m.floor_version)
)


def next_numbers(conn: Connection, meeting: str, count: int = 1) -> range:
    """The next numbers that journal entries have in a meeting (its id), for changes of what its floor shows.

    Whoever takes them leaves an entry for each: the floor's version is the last one.
    """
    last = conn.all(_NUMBER, meeting=meeting, more=count)[0][0]
    return range(last - count + 1, last + 1)


def find_body(conn: Connection, reference: str) -> BodyRecord | None:
    """A body by its id or code."""
    row = _referred(conn, reference, _BODY_BY_ID, _BODY_BY_CODE)
    return BodyRecord(*row) if row else None


def known_body(conn: Connection, reference: str) -> BodyRecord:
    """A body by its id or code. Raises NotFound."""
    found = find_body(conn, reference)
    if found is None:
        raise NotFound("There is no such body.")
    return found


def known_session(conn: Connection, reader: Reader, reference: str) -> SessionRecord:
    """A session by its id or code. Raises NotFound, also for a draft that this reader may not know of."""
    found = _seen(conn, reader, reference)
    if found is None:
        raise NotFound("There is no such session.")
    return found


def known_item(conn: Connection, reader: Reader, item: str) -> tuple[SessionRecord, ItemRecord]:
    """An agenda item and its session. Raises NotFound, as `known_session`."""
    if is_id(item) and (row := conn.first(_ITEM, id=item)):
        found = ItemRecord(*row)
        if session := _seen(conn, reader, found.session_id):
            return session, found
    raise NotFound("There is no such agenda item.")


def known_meeting(conn: Connection, reader: Reader, meeting: str) -> tuple[SessionRecord, MeetingRecord]:
    """A meeting and its session. Raises NotFound, as `known_session`."""
    if is_id(meeting) and (row := conn.first(_MEETING, id=meeting)):
        found = MeetingRecord(*row)
        if session := _seen(conn, reader, found.session_id):
            return session, found
    raise NotFound("There is no such meeting.")


def items_of(conn: Connection, session: str) -> list[ItemRecord]:
    """All agenda items of a session (its id), in their order."""
    return [ItemRecord(*row) for row in conn.all(_ITEMS, session=session)]


def meetings_of(conn: Connection, session: str) -> list[MeetingRecord]:
    """All meetings of a session (its id), in their order."""
    return [MeetingRecord(*row) for row in conn.all(_MEETINGS, session=session)]


def last_shown(conn: Connection, session: SessionRecord) -> datetime:
    """When last something changed that calendars show of a session, its agenda items and its meetings."""
    (moments,) = conn.all(_LAST_SHOWN, session=session.id)
    newest: datetime = max([session.shown_at, *filter(None, moments)])
    return newest


def _seen(conn: Connection, reader: Reader, reference: str) -> SessionRecord | None:
    row = _referred(conn, reference, _SESSION_BY_ID, _SESSION_BY_CODE)
    found = SessionRecord(*row) if row else None
    return found if found and reader.sees_session(found.body_id, found.id, found.status) else None


def _referred(conn: Connection, reference: str, by_id: Prepared, by_code: Prepared) -> tuple[Any, ...] | None:
    if is_id(reference):
        return conn.first(by_id, ref=reference)
    return conn.first(by_code, ref=reference) if is_code(reference) else None
