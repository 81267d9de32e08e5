"""What a meeting's new length does to what hangs on it: free slots past its end go, booked ones forbid it."""

from sqlalchemy import bindparam, select, update

from scheduler.errors import NotAllowedNow
from scheduler.journal.entries import Author
from scheduler.lists import arranging
from scheduler.lists.place import known_meeting, list_
from scheduler.lists.queries import slot
from scheduler.lists.queues import settle
from scheduler.lists.rules import NOBODYS
from scheduler.lists.slot_queries import slot_views
from scheduler.lists.slots import until
from scheduler.lists.views import SlotView
from scheduler.people.permission import Actor
from scheduler.people.reader import Reader
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.writer import Tx

_LISTS = Prepared(select(list_.c.id).where(list_.c.meeting_id == bindparam("meeting")).order_by(list_.c.position))
_HELD_PAST = Prepared(
    select(slot.c.id)
    .where(
        slot.c.meeting_id == bindparam("meeting"),
        *(slot.c.status != status for status in sorted(NOBODYS)),
        slot.c.starts_after + slot.c.seconds > bindparam("length"),
    )
    .order_by(slot.c.starts_after, slot.c.id)
)
_CLIP = Prepared(
    update(list_)
    .where(
        list_.c.meeting_id == bindparam("meeting"),
        list_.c.window_start < bindparam("length"),
        list_.c.window_end > bindparam("length"),
        list_.c.window_follows.is_(False),
    )
    .values(window_end=bindparam("length"), version=list_.c.version + 1)
)


def held_past(conn: Connection, meeting_id: str, length: int) -> list[SlotView]:
    """The booked slots, panels and breaks that would end after `length` seconds of the meeting."""
    return slot_views(conn, [row[0] for row in conn.all(_HELD_PAST, meeting=meeting_id, length=length)])


def fit(tx: Tx, by: Author, actor: Actor, meeting_id: str, length: int) -> None:
    """Makes the meeting's lists fit in `length` seconds: part of moving it, permission asked there.

    Free slots past the end go, and so does what windows have there; a longer meeting leaves more to the queues that
    have no window of their own.

    Raises:
        NotAllowedNow: somebody holds a slot past the end (`slots`, their ids).
    """
    held = held_past(tx.conn, meeting_id, length)
    if held:
        raise NotAllowedNow(
            "The meeting would end before the turns in `slots`. Move or withdraw them first.",
            slots=[slot.id for slot in held],
        )
    place = known_meeting(tx.conn, Reader(actor), meeting_id)
    for (list_id,) in tx.conn.all(_LISTS, meeting=meeting_id):
        rows = arranging.rows_of(tx.conn, list_id)
        gone = {turn.id for turn in until([arranging.turn_of(row) for row in rows], length).go}
        arranging.remove(tx, by, place, [row for row in rows if row["id"] in gone])
    tx.conn.run(_CLIP, meeting=meeting_id, length=length)
    settle(tx, by, place, {}, length=length)
