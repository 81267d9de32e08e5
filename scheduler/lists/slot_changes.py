"""What happened to slots, out of the journal: for those who look at a list while others book."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from scheduler.journal.entries import Entry
from scheduler.journal.tables import JournalEntry
from scheduler.lists.place import list_
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared

_j = table(JournalEntry).c
_OF_MEETING = Prepared(
    select(_j.id, _j.data)
    .select_from(table(JournalEntry).join(list_, list_.c.meeting_id == _j.meeting_id))
    .where(list_.c.id == bindparam("list"), _j.id > bindparam("after"))
    .order_by(_j.id)
    .limit(bindparam("limit"))
)


@dataclass(frozen=True, slots=True)
class SlotChange:
    """From entry `number` on, the slot has this status; `withdrawn` where it went."""

    number: int
    list: str
    slot: str
    status: str


def slot_change(number: int, data: dict[str, str] | None) -> SlotChange | None:
    """What an entry tells of a slot by its data, None for nothing."""
    if data is None or not data.keys() >= {"list", "slot", "status"}:
        return None
    return SlotChange(number, data["list"], data["slot"], data["status"])


def told_by(entry: Entry) -> SlotChange | None:
    """The same of a whole entry."""
    return slot_change(entry.id, entry.data)


def changes_after(conn: Connection, list_id: str, after: int, limit: int = 500) -> tuple[list[SlotChange], int | None]:
    """What happened to a list's slots behind entry `after`, in order, and behind which entry to read on; None: no more.

    So many entries of the list's meeting are looked through at a time.
    """
    rows = conn.all(_OF_MEETING, list=list_id, after=after, limit=limit)
    told = (slot_change(number, data) for number, data in rows)
    return [each for each in told if each and each.list == list_id], rows[-1][0] if len(rows) == limit else None
