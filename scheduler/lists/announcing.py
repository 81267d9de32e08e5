"""What opened and closed lists other than a hand, told in the journal: each passed deadline once, and what acts did."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from scheduler.journal.entries import CLOCK, Author, append
from scheduler.lists import offering
from scheduler.lists.place import PLACE, TIMING, Place, Row, Rows, list_, place_of, standing, timing_of
from scheduler.lists.rules import next_change, status_at
from scheduler.lists.tables import SpeakersList
from scheduler.people.permission import Act, Actor, require
from scheduler.storage.columns import Instant
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.writer import Tx

ENTRY = {"open": "list.opened", "closed": "list.closed"}
_MOMENT = timedelta(microseconds=1)
_LISTS = select(list_.c.id, list_.c.due_at, *PLACE, *TIMING).select_from(standing(list_))
_DUE = Rows(
    _LISTS.where(list_.c.due_at <= bindparam("now", type_=Instant()))
    .order_by(list_.c.due_at, list_.c.id)
    .limit(bindparam("limit"))
)
_WITH_ITEM = Rows(_LISTS.where(list_.c.closes_item_id == bindparam("item")).order_by(list_.c.id))
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
        before, after = status_at(timing, due - _MOMENT), status_at(timing, due)
        tell_turned(tx, CLOCK, place, row["id"], before=before, after=after)
        due = next_change(timing, due)


def tell_turned(tx: Tx, by: Author, place: Place, list_id: str, *, before: str, after: str) -> None:
    """Tells that a list opened or closed, where it did. The lists of what is cancelled rest."""
    alive = "cancelled" not in {place.meeting_status, place.session_status}
    if alive and before != after and after in ENTRY:
        append(tx, ENTRY[after], ("list", list_id), by, place.audience(), list=list_id)
        offering.turned(tx, list_id, after)


def closing_with(conn: Connection, item_id: str) -> list[Row]:
    """The lists that close with an agenda item, as they stand, for `tell_item`."""
    return _WITH_ITEM.all(conn, item=item_id)


def tell_item(tx: Tx, actor: Actor, item_id: str, stood: list[Row]) -> None:
    """Tells which lists closed, or opened again, because their agenda item changed; `stood` is how they were."""
    for was, now in zip(stood, closing_with(tx.conn, item_id), strict=True):
        place = place_of(now)
        if was["due_at"] is not None and was["due_at"] <= tx.now:
            announce(tx, place, was)
            tx.conn.update(SpeakersList, now["id"], due_at=next_change(timing_of(now), tx.now))
        by = Author(actor.id, require(actor, Act.RUN_PROGRAMME, place.scopes()))
        before, after = status_at(timing_of(was), tx.now), status_at(timing_of(now), tx.now)
        tell_turned(tx, by, place, now["id"], before=before, after=after)
