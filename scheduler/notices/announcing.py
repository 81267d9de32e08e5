"""Planning `list-opens` and `list-closes`: to people who may speak there and have no place in the list."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, or_, select

from scheduler.lists.place import PLACE, TIMING, Row, Rows, list_, place_of, standing, timing_of
from scheduler.lists.queries import inscription
from scheduler.lists.rules import Timing, status_at
from scheduler.notices import audience
from scheduler.notices.reminders import told_at
from scheduler.notices.stale import Scope
from scheduler.notices.tables import Horizon
from scheduler.notices.telling import Terms
from scheduler.outbox.actions import drop, plan
from scheduler.outbox.views import PlannedDue
from scheduler.storage.columns import Instant, table
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.writer import Tx

BEFORE_CLOSING = timedelta(hours=24)

_h = table(Horizon)
_LIST = select(list_.c.id, *PLACE, *TIMING).select_from(standing(list_))
_ONE = Rows(_LIST.where(list_.c.id == bindparam("list")))
_CLOSING = Rows(
    select(list_.c.id, _h.c.id.label("told_id"), *PLACE, *TIMING)
    .select_from(standing(list_).outerjoin(_h, _h.c.id == list_.c.id))
    .where(
        # `due_at` is the clock's next act on a list, so this reads the few that close soon, by its index.
        list_.c.due_at > bindparam("now", type_=Instant()),
        list_.c.due_at <= bindparam("until", type_=Instant()),
        list_.c.closes_at == list_.c.due_at,
        or_(_h.c.id.is_(None), _h.c.reached != list_.c.closes_at),
    )
    .order_by(list_.c.due_at, list_.c.id)
)
_PLACED = Prepared(
    select(inscription.c.person_id).where(
        and_(inscription.c.list_id == bindparam("list"), inscription.c.status != "withdrawn")
    )
)


def announce_opening(tx: Tx, scope: Scope, terms: Terms) -> None:
    """Plans to tell that a list is open: each person once, however often it is opened."""
    row = _ONE.first(tx.conn, list=scope.list)
    if row is not None and _takes_place(row) and status_at(timing_of(row), tx.now) == "open":
        closes_at = timing_of(row).closes_at
        useless_at = place_of(row).sitting.ends_at if closes_at is None or closes_at <= tx.now else closes_at
        plan(tx, list(_to_all(tx, row, "list-opens", "", useless_at)), terms.host)


def take_back(tx: Tx, list_id: str, *rules: str) -> None:
    """A list closed, or closes at another time: who was not told yet is not told any more."""
    drop(tx, "The list was closed, or closes at another time.", subject_id=list_id, rules=rules)


def closing(conn: Connection, now: datetime) -> list[Row]:
    """Lists that close within a day and are open, where nobody has been told of it yet."""
    rows = _CLOSING.all(conn, now=now, until=now + BEFORE_CLOSING)
    return [row for row in rows if _takes_place(row) and status_at(timing_of(row), now) == "open"]


def announce_closing(tx: Tx, terms: Terms) -> bool:
    """Plans to tell that the next such list closes; whether there was one.

    Where it opened within that day, people were told then when it closes, and are left alone.
    """
    row = next(iter(closing(tx.conn, tx.now)), None)
    if row is None:
        return False
    timing = timing_of(row)
    closes_at = timing.closes_at or tx.now
    if row["told_id"] is None:
        tx.conn.insert(Horizon, id=row["id"], reached=closes_at)
    else:
        tx.conn.update(Horizon, row["id"], reached=closes_at)
    if opened_at(timing, tx.now) <= closes_at - BEFORE_CLOSING:
        revision = f"/{int(closes_at.timestamp())}"
        plan(tx, list(_to_all(tx, row, "list-closes", revision, closes_at)), terms.host)
    return True


def opened_at(timing: Timing, now: datetime) -> datetime:
    """When a list that is open at `now` last opened."""
    by_hand = timing.hand_at if timing.hand_status == "open" else None
    return max(at for at in (timing.opens_at, by_hand) if at is not None and at <= now)


def _takes_place(row: Row) -> bool:
    return row["place_session_status"] == "published" and row["place_meeting_status"] not in {"cancelled", "closed"}


def _to_all(tx: Tx, row: Row, rule: str, revision: str, useless_at: datetime) -> Iterator[PlannedDue]:
    place = place_of(row)
    placed = {found[0] for found in tx.conn.all(_PLACED, list=row["id"])}
    for person, hearer in audience.accredited(tx.conn, [place.session]).get(place.session, {}).items():
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
