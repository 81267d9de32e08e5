"""Planning `list-opens` and `list-closes`: to people who may speak there and have no place in the list."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, delete, or_, select

from scheduler.lists.place import PLACE, TIMING, Row, Rows, list_, meeting, place_of, standing, timing_of
from scheduler.lists.queries import inscription
from scheduler.lists.rules import Timing, status_at
from scheduler.notices import audience
from scheduler.notices.reminders import told_at
from scheduler.notices.stale import Scope, mark
from scheduler.notices.tables import Horizon
from scheduler.notices.telling import Terms
from scheduler.outbox.actions import drop, plan
from scheduler.outbox.tables import Due
from scheduler.outbox.views import PlannedDue
from scheduler.storage.columns import Instant, table
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.writer import Tx

BEFORE_CLOSING = timedelta(hours=24)

_h, _d = table(Horizon).c, table(Due).c
_LIST = select(list_.c.id, *PLACE, *TIMING).select_from(standing(list_))
_ONE = Rows(_LIST.where(list_.c.id == bindparam("list")))
_IN_SESSION = Rows(_LIST.where(meeting.c.session_id == bindparam("session")).order_by(list_.c.id))
_CLOSING = Rows(
    select(list_.c.id, _h.id.label("told_id"), *PLACE, *TIMING)
    .select_from(standing(list_).outerjoin(table(Horizon), _h.id == list_.c.id))
    .where(
        # `due_at` is the clock's next act on a list, so this reads the few that close soon, by its index.
        list_.c.due_at > bindparam("now", type_=Instant()),
        list_.c.due_at <= bindparam("until", type_=Instant()),
        list_.c.closes_at == list_.c.due_at,
        or_(_h.id.is_(None), _h.reached != list_.c.closes_at),
    )
    .order_by(list_.c.due_at, list_.c.id)
)
_FORGET = Prepared(delete(table(Horizon)).where(_h.id == bindparam("list")))
_TOLD_SINCE = Prepared(
    select(_d.person_id).where(
        _d.subject_id == bindparam("list"),
        _d.rule == "list-opens",
        _d.status != "dropped",
        _d.due_at > bindparam("since", type_=Instant()),
    )
)
_PLACED = Prepared(
    select(inscription.c.person_id).where(
        and_(inscription.c.list_id == bindparam("list"), inscription.c.status != "withdrawn")
    )
)


def announce_openings(tx: Tx, scope: Scope, terms: Terms) -> None:
    """Plans to tell that lists are open: each person once, however often they are opened.

    A scope names the list, or what made it open to people who may not have heard of it: a meeting or a session that
    takes place after all, an organisation that was accredited, a person who joined one.
    """
    if scope.list is not None:
        _announce_opening(tx, scope, terms)
        return
    sessions = [scope.session] if scope.session is not None else audience.sessions_of(tx.conn, str(scope.person))
    for session in sessions:
        rows = _IN_SESSION.all(tx.conn, session=session)
        open_now = [row for row in rows if _is_open(row, tx.now) and scope.meeting in {None, row["place_meeting"]}]
        mark(tx, [replace(scope, session=session, meeting=None, list=row["id"]) for row in open_now])


def _announce_opening(tx: Tx, scope: Scope, terms: Terms) -> None:
    row = _ONE.first(tx.conn, list=scope.list)
    if row is None or not _is_open(row, tx.now):
        return
    closes_at = timing_of(row).closes_at
    useless_at = place_of(row).sitting.ends_at if closes_at is None or closes_at <= tx.now else closes_at
    whose = {name: of for name, of in (("organisation", scope.organisation), ("person", scope.person)) if of}
    if useless_at > tx.now:
        plan(tx, list(_to_all(tx, row, "list-opens", "", useless_at, **whose)), terms.host)
    if not whose:
        # What was going to be told of its closing may have been taken back since.
        tx.conn.run(_FORGET, list=scope.list)


def take_back(tx: Tx, why: str, list_id: str, *rules: str) -> None:
    """Who was not told of a list yet is not told any more; `announce_openings` plans anew what still holds."""
    drop(tx, why, subject_id=list_id, rules=rules)


def closing(conn: Connection, now: datetime) -> list[Row]:
    """Lists that close within a day and are open, where nobody has been told of it yet."""
    return [row for row in _CLOSING.all(conn, now=now, until=now + BEFORE_CLOSING) if _is_open(row, now)]


def announce_closing(tx: Tx, terms: Terms) -> bool:
    """Plans to tell that the next such list closes; whether there was one.

    Who is told within that day that it is open learns then when it closes, and is left alone.
    """
    row = next(iter(closing(tx.conn, tx.now)), None)
    if row is None:
        return False
    closes_at = timing_of(row).closes_at or tx.now
    if row["told_id"] is None:
        tx.conn.insert(Horizon, id=row["id"], reached=closes_at)
    else:
        tx.conn.update(Horizon, row["id"], reached=closes_at)
    revision = f"/{int(closes_at.timestamp())}"
    told = {found[0] for found in tx.conn.all(_TOLD_SINCE, list=row["id"], since=closes_at - BEFORE_CLOSING)}
    planned = _to_all(tx, row, "list-closes", revision, closes_at)
    plan(tx, [due for due in planned if due.person_id not in told], terms.host)
    return True


def opened_at(timing: Timing, now: datetime) -> datetime:
    """When a list that is open at `now` last opened."""
    by_hand = timing.hand_at if timing.hand_status == "open" else None
    return max(at for at in (timing.opens_at, by_hand) if at is not None and at <= now)


def _is_open(row: Row, now: datetime) -> bool:
    held = row["place_session_status"] == "published" and row["place_meeting_status"] not in {"cancelled", "closed"}
    return held and status_at(timing_of(row), now) == "open"


def _to_all(tx: Tx, row: Row, rule: str, revision: str, useless_at: datetime, **whose: str) -> Iterator[PlannedDue]:
    place = place_of(row)
    placed = {found[0] for found in tx.conn.all(_PLACED, list=row["id"])}
    for person, hearer in audience.accredited(tx.conn, [place.session], **whose).get(place.session, {}).items():
        if person not in placed and rule in hearer.list_rules:
            yield PlannedDue(
                due_key=f"{rule}/{person}/{row['id']}{revision}/mail",
                rule=rule,
                channel="mail",
                subject_type="list",
                subject_id=row["id"],
                due_at=told_at(tx.now, None, hearer.wishes),
                useless_at=useless_at,
                person_id=person,
                meeting_id=place.meeting,
            )
