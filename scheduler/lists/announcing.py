"""What the clock did to lists, told in the journal: each passed deadline once."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from scheduler.journal.entries import CLOCK, append
from scheduler.lists.place import PLACE, TIMING, Place, Row, Rows, list_, place_of, standing, timing_of
from scheduler.lists.rules import next_change, status_at
from scheduler.lists.tables import SpeakersList
from scheduler.storage.columns import Instant
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.writer import Tx

ENTRY = {"open": "list.opened", "closed": "list.closed"}
_MOMENT = timedelta(microseconds=1)
_DUE = Rows(
    select(list_.c.id, list_.c.due_at, *PLACE, *TIMING)
    .select_from(standing(list_))
    .where(list_.c.due_at <= bindparam("now", type_=Instant()))
    .order_by(list_.c.due_at, list_.c.id)
    .limit(bindparam("limit"))
)
_NEXT = Prepared(select(list_.c.id).where(list_.c.due_at <= bindparam("now", type_=Instant())).limit(1))


def due(conn: Connection, now: datetime) -> bool:
    """Whether the clock did something that the journal does not tell of yet."""
    return conn.first(_NEXT, now=now) is not None


def announce_due(tx: Tx, *, limit: int = 100) -> int:
    """Tells of the lists that the clock opened or closed since it was last told; call again while it is `limit`.

    Entries are `list.opened` and `list.closed` by the clock. Returns how many lists were due.
    """
    rows = _DUE.all(tx.conn, now=tx.now, limit=limit)
    for row in rows:
        announce(tx, place_of(row), row)
        tx.conn.update(SpeakersList, row["id"], due_at=next_change(timing_of(row), tx.now))
    return len(rows)


def announce(tx: Tx, place: Place, row: Row) -> None:
    """Tells what the clock did to one list and is not told yet; acts that change its deadlines do so first.

    The caller moves `due_at` on.
    """
    due, timing = row["due_at"], timing_of(row)
    while due is not None and due <= tx.now:
        status = status_at(timing, due)
        alive = "cancelled" not in {place.meeting_status, place.session_status}
        if alive and status != status_at(timing, due - _MOMENT):
            append(tx, ENTRY[status], ("list", row["id"]), CLOCK, place.audience(), list=row["id"])
        due = next_change(timing, due)
