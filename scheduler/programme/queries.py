"""Reads of the programme: views cut to what the reader may see. Lists come in their order, after a sort key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, ColumnElement, bindparam, false, func, or_, select, tuple_

from scheduler.errors import NotFound
from scheduler.ids import is_id
from scheduler.people.permission import Act, Scopes
from scheduler.people.reader import Reader
from scheduler.programme.deadlines import shown
from scheduler.programme.records import (
    BodyRecord,
    ItemRecord,
    MeetingRecord,
    SessionRecord,
    columns,
    known_body,
    known_item,
    known_session,
)
from scheduler.programme.tables import Body, Item, Meeting, Session
from scheduler.programme.views import BodyView, ItemView, MeetingView, SessionView
from scheduler.storage.columns import Instant, table
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.many import among

Stretch = tuple[datetime, datetime, str]
"""From the first start to the last end (aware UTC), and the venue's zone: what `?tz=` shows on another clock."""

_b, _s, _i, _m = (table(model).c for model in (Body, Session, Item, Meeting))
_COUNT = select(func.count()).where(_m.session_id == _s.id).correlate(table(Session)).scalar_subquery()
_SESSION_COLUMNS: list[ColumnElement[Any]] = [
    *(_s.id, _s.code, _b.code.label("body"), _s.title, _s.timezone, _s.starts_on, _s.ends_on, _s.kind, _s.format),
    *(_s.city, _s.venue, _s.description, _s.deadlines, _s.reply_seconds, _s.status, _s.version),
    _COUNT.label("meetings_count"),
]
_DEADLINES, _REPLY_SECONDS = 12, 13
_SEARCHED = (_s.title, _s.code, _s.city, _s.venue)
_SESSION_FROM = table(Session).join(table(Body), _b.id == _s.body_id)
_SESSION = Prepared(select(*_SESSION_COLUMNS).select_from(_SESSION_FROM).where(_s.id == bindparam("session")))
_STRETCHES = Prepared(
    select(_m.session_id, func.min(_m.starts_at), func.max(_m.ends_at))
    .where(among(_m.session_id, "sessions"), _m.status != "cancelled")
    .group_by(_m.session_id)
)
_MEETING_COLUMNS: list[Column[Any]] = [
    *(_m.id, _s.code, _m.number, _m.title, _m.date, _m.start, _m.end, _m.fold, _m.timezone, _m.starts_at, _m.ends_at),
    *(_m.room, _m.format, _m.languages, _m["items"], _m.remote_budget_seconds, _m.remote_booked_seconds),
    *(_m.end_if_exceeded, _m.webcast_url, _m.join_url, _m.links_for, _m.replies, _m.status, _m.version),
]
_LANGUAGES, _ITEMS, _JOIN_URL, _LINKS_FOR, _STATUS = 13, 14, 19, 20, 22
_MEETING = Prepared(
    select(*_MEETING_COLUMNS, _s.id.label("session_id"), _s.body_id, _s.status.label("session_status"))
    .select_from(table(Meeting).join(table(Session), _s.id == _m.session_id))
    .where(_m.id == bindparam("meeting"))
)
_BODIES = select(_b.id, _b.code, _b.name, _b.description, _b.version).order_by(_b.code).limit(bindparam("limit"))
_FIRST_BODIES = Prepared(_BODIES)
_MORE_BODIES = Prepared(_BODIES.where(_b.code > bindparam("after")))


@dataclass(frozen=True, slots=True)
class SessionFilter:
    """Which sessions: of a body (code or id), with a day from `first` to `last`, of a kind, with `q` in a text."""

    body: str | None = None
    first: str | None = None
    last: str | None = None
    kind: str | None = None
    q: str | None = None


def bodies(conn: Connection, *, after: str | None = None, limit: int = 50) -> list[BodyView]:
    """Bodies by code, for everybody, after a code."""
    if after is None:
        return [BodyView(*row) for row in conn.all(_FIRST_BODIES, limit=limit)]
    return [BodyView(*row) for row in conn.all(_MORE_BODIES, after=after, limit=limit)]


def body(conn: Connection, reference: str) -> BodyView:
    """One body by id or code, for everybody. Raises NotFound."""
    return body_view(known_body(conn, reference))


def body_view(record: BodyRecord) -> BodyView:
    """A body's row as it is read."""
    return BodyView(record.id, record.code, record.name, record.description, record.version)


def sessions(
    conn: Connection,
    reader: Reader,
    which: SessionFilter = SessionFilter(),
    *,
    after: tuple[str, str] | None = None,
    limit: int = 50,
) -> list[SessionView]:
    """Sessions by `starts_on`, after a (starts_on, id): the published and cancelled ones, and drafts that are hers."""
    drafts = _drafts(reader)
    set_ = frozenset(name for name in ("body", "first", "last", "kind", "q") if getattr(which, name) is not None)
    statement = _sessions(set_, after is not None, "all" if drafts is None else "some" if drafts else "none")
    rows = conn.all(
        statement,
        body=which.body,
        first=which.first,
        last=which.last,
        kind=which.kind,
        q=None if which.q is None else _pattern(which.q),
        after_day=after and after[0],
        after_id=after and after[1],
        drafts=drafts,
        limit=limit,
    )
    return [_session_view(row) for row in rows]


def session(conn: Connection, reader: Reader, reference: str) -> SessionView:
    """One session by id or code. Raises NotFound, also for a draft that is not hers."""
    return session_view(conn, known_session(conn, reader, reference).id)


def session_view(conn: Connection, session_id: str) -> SessionView:
    """A session as it is read, for an act that knows it."""
    return _session_view(conn.all(_SESSION, session=session_id)[0])


def stretches(conn: Connection, shown: Sequence[SessionView]) -> dict[str, Stretch]:
    """Of each session that has a meeting: from its first start to its last end. Cancelled meetings do not count."""
    zones = {each.id: each.timezone for each in shown}
    rows = conn.all(_STRETCHES, sessions=list(zones))
    return {id_: (first, last, zones[id_]) for id_, first, last in rows}


def items(
    conn: Connection, reader: Reader, session_reference: str, *, after: tuple[int, str] | None = None, limit: int = 50
) -> list[ItemView]:
    """The agenda items of a session in their order, after a (position, id). Raises NotFound."""
    found = known_session(conn, reader, session_reference)
    rows = conn.all(
        _items(after is not None),
        session=found.id,
        after_position=after and after[0],
        after_id=after and after[1],
        limit=limit,
    )
    return [item_view(found, ItemRecord(*row)) for row in rows]


def item(conn: Connection, reader: Reader, item_id: str) -> ItemView:
    """One agenda item. Raises NotFound."""
    return item_view(*known_item(conn, reader, item_id))


def item_view(of: SessionRecord, record: ItemRecord) -> ItemView:
    """An agenda item's row as it is read."""
    return ItemView(
        id=record.id,
        number=record.number,
        title=record.title,
        parent=record.parent_id,
        status=record.status,
        session=of.code,
        position=record.position,
        started_at=_whole(record.started_at),
        ended_at=_whole(record.ended_at),
        version=record.version,
    )


def meetings(
    conn: Connection,
    reader: Reader,
    session_reference: str,
    *,
    after: tuple[datetime, str] | None = None,
    limit: int = 50,
) -> list[MeetingView]:
    """The meetings of a session by `starts_at`, after a (starts_at, id). Raises NotFound."""
    found = known_session(conn, reader, session_reference)
    rows = conn.all(
        _meetings(after is not None),
        session=found.id,
        after_at=after and after[0],
        after_id=after and after[1],
        limit=limit,
    )
    return [
        _meeting_view((row[0], found.code, *row[1:]), found.id, found.body_id, found.status, reader) for row in rows
    ]


def meeting(conn: Connection, reader: Reader, meeting_id: str) -> MeetingView:
    """One meeting. Raises NotFound, also where its session is a draft that is not hers."""
    row = conn.first(_MEETING, meeting=meeting_id) if is_id(meeting_id) else None
    if row is None or not reader.sees_session(row[-2], row[-3], row[-1]):
        raise NotFound("There is no such meeting.")
    return _meeting_view(row[:-3], row[-3], row[-2], row[-1], reader)


def meeting_view(of: SessionRecord, record: MeetingRecord, reader: Reader) -> MeetingView:
    """A meeting's row as it is read; the row may be one that is only planned."""
    cells = [of.code if column is _s.code else getattr(record, column.name) for column in _MEETING_COLUMNS]
    return _meeting_view(cells, of.id, of.body_id, of.status, reader)


def _meeting_view(
    row: Sequence[Any], session_id: str, body_id: str, session_status: str, reader: Reader
) -> MeetingView:
    cells = list(row)
    cells[_LANGUAGES], cells[_ITEMS] = tuple(cells[_LANGUAGES]), tuple(cells[_ITEMS])
    if not reader.sees_link(body_id, session_id, cells[0], cells[_LINKS_FOR]):
        cells[_JOIN_URL] = None
    if session_status == "cancelled":
        cells[_STATUS] = "cancelled"
    return MeetingView(*cells)


def _session_view(row: Sequence[Any]) -> SessionView:
    cells = list(row)
    cells[_DEADLINES], cells[_REPLY_SECONDS] = shown(cells[_DEADLINES]), tuple(cells[_REPLY_SECONDS])
    return SessionView(*cells)


def _drafts(reader: Reader) -> list[str] | None:
    """Ids of the bodies and sessions whose drafts she may know of; None: of all."""
    if reader.actor is None:
        return []
    if reader.may(Act.READ_DRAFT, Scopes()):
        return None
    scopes = {(grant.scope_type, grant.scope_id) for grant in reader.actor.grants}
    return [
        id_
        for kind, id_ in scopes
        if id_ is not None and reader.may(Act.READ_DRAFT, Scopes(**{kind: id_} if kind in {"body", "session"} else {}))
    ]


def _pattern(text: str) -> str:
    for special in "\\%_":
        text = text.replace(special, f"\\{special}")
    return f"%{text}%"


@lru_cache(maxsize=256)
def _sessions(filters: frozenset[str], after: bool, drafts: str) -> Prepared:
    """The page of sessions under these filters; `drafts` is all, some or none."""
    conditions: dict[str, ColumnElement[bool]] = {
        "body": or_(_b.code == bindparam("body"), _b.id == bindparam("body")),
        "first": _s.ends_on >= bindparam("first"),
        "last": _s.starts_on <= bindparam("last"),
        "kind": _s.kind == bindparam("kind"),
        "q": or_(*(func.lower(text).like(func.lower(bindparam("q")), escape="\\") for text in _SEARCHED)),
    }
    where = [condition for name, condition in conditions.items() if name in filters]
    if after:
        where.append(tuple_(_s.starts_on, _s.id) > tuple_(bindparam("after_day"), bindparam("after_id")))
    if drafts != "all":
        hers = or_(among(_s.id, "drafts"), among(_s.body_id, "drafts")) if drafts == "some" else false()
        where.append(or_(_s.status != "draft", hers))
    return Prepared(
        select(*_SESSION_COLUMNS)
        .select_from(_SESSION_FROM)
        .where(*where)
        .order_by(_s.starts_on, _s.id)
        .limit(bindparam("limit"))
    )


@lru_cache(maxsize=2)
def _items(after: bool) -> Prepared:
    page = select(*columns(Item, ItemRecord)).where(_i.session_id == bindparam("session"))
    if after:
        page = page.where(tuple_(_i.position, _i.id) > tuple_(bindparam("after_position"), bindparam("after_id")))
    return Prepared(page.order_by(_i.position, _i.id).limit(bindparam("limit")))


@lru_cache(maxsize=2)
def _meetings(after: bool) -> Prepared:
    own = (column for column in _MEETING_COLUMNS if column is not _s.code)
    page = select(*own).where(_m.session_id == bindparam("session"))
    if after:
        here = tuple_(bindparam("after_at", type_=Instant()), bindparam("after_id"))
        page = page.where(tuple_(_m.starts_at, _m.id) > here)
    return Prepared(page.order_by(_m.starts_at, _m.id).limit(bindparam("limit")))


def _whole(moment: datetime | None) -> datetime | None:
    return moment.replace(microsecond=0) if moment else None
