"""How far ahead people are reminded of meetings in which they may speak: of what is near, not of all there is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, select

from scheduler.notices import audience, standings
from scheduler.notices.stale import Scope, mark
from scheduler.notices.tables import Horizon
from scheduler.people.tables import Person
from scheduler.programme.tables import Meeting, Session
from scheduler.storage.columns import Instant, table
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.many import among
from scheduler.storage.writer import Tx

AHEAD = timedelta(days=8)
"""The longest lead time and a day."""

_STEP = timedelta(minutes=10)
_NAME = "meeting-soon"

_m, _s, _h, _p = (table(model).c for model in (Meeting, Session, Horizon, Person))
_HELD = (
    select(_m.id, _m.session_id, _m.starts_at, or_(_m.status == "in_progress", _m.status == "suspended"))
    .select_from(table(Meeting).join(table(Session), _s.id == _m.session_id))
    .where(
        _s.status == "published",
        _m.status != "cancelled",
        _m.status != "closed",
        _m.ends_at > bindparam("now", type_=Instant()),
    )
)
_upto = _m.starts_at <= bindparam("until", type_=Instant())
_AMONG = Prepared(_HELD.where(among(_m.id, "meetings")))
_NEAR = Prepared(_HELD.where(among(_m.session_id, "sessions"), _upto))
_COMING = Prepared(_HELD.where(_m.starts_at > bindparam("reached", type_=Instant()), _upto))
_REACHED = Prepared(select(_h.reached).where(_h.id == _NAME))
_PEOPLE = Prepared(select(_p.id).where(_p.organisation_id == bindparam("organisation"), _p.erased.is_(False)))


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting that takes place and is not over. `near`: everybody who may speak there is reminded of it.

    `sits`: it was opened, so that its floor says when its speakers are reminded.
    """

    id: str
    session: str
    starts_at: datetime
    near: bool
    sits: bool


def held(tx: Tx, scope: Scope) -> dict[str, Held]:
    """The meetings, by id, of which people in a scope are reminded: those with their turns, and those that are near."""
    until = reached(tx.conn)
    if scope.meeting is not None:
        rows = tx.conn.all(_AMONG, meetings=[scope.meeting], now=tx.now)
    else:
        own = list({turn.meeting for turn in standings.turns_of(tx.conn, scope)})
        sessions = audience.sessions_of(tx.conn, str(scope.person))
        rows = tx.conn.all(_AMONG, meetings=own, now=tx.now)
        rows += tx.conn.all(_NEAR, sessions=sessions, until=until or tx.now, now=tx.now)
    return {
        id_: Held(id_, session, starts_at, until is not None and starts_at <= until, bool(sits))
        for id_, session, starts_at, sits in rows
    }


def spread(tx: Tx, scope: Scope) -> None:
    """Has the reminders looked at of what a wide scope holds, one by one.

    Of a session: of each meeting that is near or has speakers; of an organisation: of each of its people.
    """
    if scope.organisation is not None:
        people = tx.conn.all(_PEOPLE, organisation=scope.organisation)
        mark(tx, [Scope("reminders", scope.position, person=row[0]) for row in people])
        return
    near = tx.conn.all(_NEAR, sessions=[scope.session], until=reached(tx.conn) or tx.now, now=tx.now)
    spoken = {turn.meeting for turn in standings.turns_of(tx.conn, scope)}
    meetings = sorted({row[0] for row in near} | spoken)
    mark(tx, [Scope("reminders", scope.position, meeting=id_) for id_ in meetings])


def behind(conn: Connection, now: datetime) -> bool:
    """Whether meetings may have come near whose reminders are not planned."""
    until = reached(conn)
    return until is None or now + AHEAD - until > _STEP


def advance(tx: Tx) -> None:
    """Has the reminders looked at of the meetings that came near."""
    before, until = reached(tx.conn), tx.now + AHEAD
    if before is None:
        tx.conn.insert(Horizon, id=_NAME, reached=until)
    else:
        tx.conn.update(Horizon, _NAME, reached=until)
    coming = tx.conn.all(_COMING, reached=before or tx.now, until=until, now=tx.now)
    mark(tx, [Scope("reminders", 0, meeting=row[0]) for row in sorted(coming)])


def reached(conn: Connection) -> datetime | None:
    """Up to which start meetings are near; None: the worker has not run yet."""
    row = conn.first(_REACHED)
    return row[0] if row else None
