"""How meetings and turns stand, and how they stood when notices last looked."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, delete, select

from scheduler.lists.queries import inscription, slot
from scheduler.notices.changes import Standing
from scheduler.notices.stale import Scope
from scheduler.notices.tables import Known
from scheduler.programme.tables import Meeting, Session
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.many import among
from scheduler.storage.writer import Tx

_k, _m, _s = table(Known).c, table(Meeting).c, table(Session).c
_KNOWN = select(_k.id, _k.session_id, _k.meeting_id, _k.person_id, _k.starts_at, _k.ends_at, _k.room, _k.cancelled)
_MEETINGS = (
    select(_m.id, _m.session_id, _m.starts_at, _m.ends_at, _m.room, _m.status, _s.status.label("session_status"))
    .select_from(table(Meeting).join(table(Session), _s.id == _m.session_id))
    .where(_s.status != "draft")
)
_TURNS = (
    select(
        inscription.c.id,
        inscription.c.person_id,
        slot.c.starts_after,
        slot.c.seconds,
        _m.id.label("meeting_id"),
        _m.session_id,
        _m.starts_at,
        _m.room,
        _m.status,
        _s.status.label("session_status"),
    )
    .select_from(
        inscription.join(slot, slot.c.inscription_id == inscription.c.id)
        .join(table(Meeting), _m.id == inscription.c.meeting_id)
        .join(table(Session), _s.id == _m.session_id)
    )
    .where(inscription.c.status != "withdrawn", _s.status != "draft")
)


def _by_scope(statement: Select[Any], columns: dict[str, ColumnElement[Any]]) -> dict[str, Prepared]:
    return {name: Prepared(statement.where(column == bindparam("of"))) for name, column in columns.items()}


_KNOWN_BY = _by_scope(_KNOWN, {"session": _k.session_id, "meeting": _k.meeting_id, "inscription": _k.id})
_MEETINGS_BY = _by_scope(_MEETINGS, {"session": _m.session_id, "meeting": _m.id})
_TURNS_BY = _by_scope(
    _TURNS,
    {
        "session": inscription.c.session_id,
        "meeting": inscription.c.meeting_id,
        "inscription": inscription.c.id,
        "person": inscription.c.person_id,
    },
)
_MEETINGS_AMONG = Prepared(_MEETINGS.where(among(_m.id, "ids")))
_TURNS_AMONG = Prepared(_TURNS.where(among(inscription.c.id, "ids")))
_FORGET = Prepared(delete(table(Known)).where(among(_k.id, "ids")))


def known(conn: Connection, scope: Scope) -> dict[str, Standing]:
    """How a session's, a meeting's or an inscription's scope stood when notices last looked, by id."""
    name, of = _narrowest(scope)
    return {row[0]: Standing(*row) for row in conn.all(_KNOWN_BY[name], of=of)}


def present(conn: Connection, scope: Scope) -> dict[str, Standing]:
    """How it stands now, drafts left out; an inscription's scope holds her turn alone."""
    name, of = _narrowest(scope)
    meetings = conn.all(_MEETINGS_BY[name], of=of) if name in _MEETINGS_BY else []
    return _standings(meetings, conn.all(_TURNS_BY[name], of=of))


def standing(conn: Connection, ids: Collection[str]) -> dict[str, Standing]:
    """How these meetings and turns stand now; turns that were withdrawn are not there."""
    wanted = list(ids)
    return _standings(conn.all(_MEETINGS_AMONG, ids=wanted), conn.all(_TURNS_AMONG, ids=wanted))


def turns_of(conn: Connection, scope: Scope) -> list[Standing]:
    """The turns of a session, of a meeting, of a person, or of a person in a meeting."""
    if scope.person is not None:
        turns = [_turn(row) for row in conn.all(_TURNS_BY["person"], of=scope.person)]
        return [turn for turn in turns if scope.meeting in {None, turn.meeting}]
    name, of = ("session", scope.session) if scope.meeting is None else ("meeting", scope.meeting)
    return [_turn(row) for row in conn.all(_TURNS_BY[name], of=of)]


def keep(tx: Tx, standings: Iterable[Standing], gone: Collection[str] = ()) -> None:
    """Notes that notices have looked at these, and that what is `gone` is no more."""
    rows = {each.id: each for each in standings}
    if gone or rows:
        tx.conn.run(_FORGET, ids=[*gone, *rows])
    tx.conn.insert_many(
        Known,
        [
            {
                "id": each.id,
                "session_id": each.session,
                "meeting_id": each.meeting,
                "person_id": each.person,
                "starts_at": each.starts_at,
                "ends_at": each.ends_at,
                "room": each.room,
                "cancelled": each.cancelled,
            }
            for each in rows.values()
        ],
    )


def _narrowest(scope: Scope) -> tuple[str, str]:
    if scope.inscription is not None:
        return "inscription", scope.inscription
    if scope.meeting is not None:
        return "meeting", scope.meeting
    return "session", str(scope.session)


def _standings(meetings: Iterable[tuple[Any, ...]], turns: Iterable[tuple[Any, ...]]) -> dict[str, Standing]:
    found = [
        Standing(id_, session, id_, None, starts_at, ends_at, room, "cancelled" in statuses)
        for id_, session, starts_at, ends_at, room, *statuses in meetings
    ]
    return {each.id: each for each in [*found, *map(_turn, turns)]}


def _turn(row: tuple[Any, ...]) -> Standing:
    id_, person, after, seconds, meeting, session, meeting_starts_at, room = row[:8]
    starts_at = meeting_starts_at + timedelta(seconds=after)
    ends_at = starts_at + timedelta(seconds=seconds)
    return Standing(id_, session, meeting, person, starts_at, ends_at, room, "cancelled" in row[8:10])
