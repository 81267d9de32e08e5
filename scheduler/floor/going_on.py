"""Where what is left of a meeting goes on: the session's next meeting on the same agenda item."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, func, select

from scheduler.floor.record import NextMeeting
from scheduler.floor.states import Floor
from scheduler.floor.turns import INTERLUDES
from scheduler.lists.place import Rows, list_
from scheduler.lists.queries import slot
from scheduler.programme.records import MeetingRecord, meetings_of
from scheduler.storage.connection import Connection

_LISTS = Rows(
    select(
        *list_.c,
        select(func.max(slot.c.starts_after + slot.c.seconds))
        .where(slot.c.list_id == list_.c.id)
        .scalar_subquery()
        .label("last_end"),
    )
    .where(list_.c.meeting_id == bindparam("meeting"))
    .order_by(list_.c.position, list_.c.id)
)
_FIRST_TURNS = Rows(
    select(slot.c.kind, slot.c.starts_after, slot.c.seconds)
    .where(slot.c.list_id == bindparam("list"))
    .order_by(slot.c.position, slot.c.id)
)


def items_left(floor: Floor, of: MeetingRecord) -> frozenset[str]:
    """The agenda items of those who still wait, or were carried over; the meeting's own where no list names one."""
    left = [*floor.queue, *floor.deferred, *floor.carried]
    waiting = {floor.turns[slot_id].item for slot_id in left if floor.turns[slot_id].kind not in INTERLUDES}
    return frozenset(item for item in waiting if item) or frozenset(of.items)


def next_on(conn: Connection, of: MeetingRecord, items: Collection[str]) -> MeetingRecord | None:
    """The session's next meeting on one of these agenda items that takes place and is not over; None: there is none."""
    wanted = set(items)
    for other in meetings_of(conn, of.session_id):
        later = (other.starts_at, other.id) > (of.starts_at, of.id)
        if later and other.status not in {"cancelled", "closed"} and wanted & set(other.items):
            return other
    return None


def lists_of(conn: Connection, meeting_id: str) -> list[dict[str, Any]]:
    """The rows of a meeting's lists in order, each with `last_end`, the end of its last turn."""
    return _LISTS.all(conn, meeting=meeting_id)


def goes_on(conn: Connection, floor: Floor, of: MeetingRecord) -> NextMeeting | None:
    """The next meeting, and when its own panels and the lists before leave room for what is left of this one."""
    following = next_on(conn, of, items_left(floor, of))
    if following is None:
        return None
    after = min(_room_after(conn, following, items_left(floor, of)), following.seconds)
    return NextMeeting(
        following.starts_at, following.ends_at, following.starts_at + timedelta(seconds=after), following.id
    )


def _room_after(conn: Connection, following: MeetingRecord, items: Collection[str]) -> int:
    lists = lists_of(conn, following.id)
    for row in lists:
        if row["item_id"] in items and row["allocation"] == "queue":
            return _behind_interludes(conn, row)
    return max((row["last_end"] or row["window_start"] for row in lists), default=0)


def _behind_interludes(conn: Connection, row: dict[str, Any]) -> int:
    """The start of a list's window, or the end of the panels and breaks that come first in it."""
    after: int = row["window_start"]
    for turn in _FIRST_TURNS.all(conn, list=row["id"]):
        if turn["kind"] not in INTERLUDES:
            break
        after = max(after, turn["starts_after"] + turn["seconds"])
    return after
