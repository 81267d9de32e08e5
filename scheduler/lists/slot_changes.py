"""What happened to slots, out of the journal: for those who look at a list while others book."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from scheduler.journal.entries import Entry
from scheduler.journal.tables import JournalEntry
from scheduler.lists.place import list_
from scheduler.lists.queries import slot
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared

_j = table(JournalEntry).c
_OF_MEETING = Prepared(
    select(_j.id, _j.kind, _j.meeting_id, _j.data)
    .select_from(table(JournalEntry).join(list_, list_.c.meeting_id == _j.meeting_id))
    .where(list_.c.id == bindparam("list"), _j.id > bindparam("after"))
    .order_by(_j.id)
    .limit(bindparam("limit"))
)
_STANDING = Prepared(
    select(slot.c.list_id, slot.c.id, slot.c.status)
    .where(slot.c.meeting_id == bindparam("meeting"))
    .order_by(slot.c.list_id, slot.c.position, slot.c.id)
)


@dataclass(frozen=True, slots=True)
class SlotChange:
    """From entry `number` on, the slot has this status; `withdrawn` where it went. It may also have moved."""

    number: int
    list: str
    slot: str
    status: str


def tells(entry: Entry) -> bool:
    """Whether an entry tells of slots."""
    return _starts_elsewhere(entry.kind, entry.data) or bool(_told(entry.id, entry.data))


def told_by(conn: Connection, entries: Iterable[Entry]) -> list[SlotChange]:
    """What entries tell of slots, in order.

    A meeting that starts at another time takes all its slots along in one entry: each is told, as it stands now.
    """
    rows = [(entry.id, entry.kind, entry.audience.meeting, entry.data) for entry in entries]
    return [change for row in rows for change in _changes(conn, *row)]


def changes_after(conn: Connection, list_id: str, after: int, limit: int = 500) -> tuple[list[SlotChange], int | None]:
    """What happened to a list's slots behind entry `after`, in order, and behind which entry to read on; None: no more.

    So many entries of the list's meeting are looked through at a time.
    """
    rows = conn.all(_OF_MEETING, list=list_id, after=after, limit=limit)
    told = [change for row in rows for change in _changes(conn, *row) if change.list == list_id]
    return told, rows[-1][0] if len(rows) == limit else None


def _changes(
    conn: Connection, number: int, kind: str, meeting: str | None, data: Mapping[str, Any] | None
) -> list[SlotChange]:
    if _starts_elsewhere(kind, data):
        return [SlotChange(number, *row) for row in conn.all(_STANDING, meeting=meeting)]
    return _told(number, data)


def _told(number: int, data: Mapping[str, Any] | None) -> list[SlotChange]:
    """The slot that an entry is about, or all whose status a command of the floor changed."""
    said = [] if data is None else data.get("slots", [data])
    return [
        SlotChange(number, each["list"], each["slot"], each["status"])
        for each in said
        if each.keys() >= {"list", "slot", "status"}
    ]


def _starts_elsewhere(kind: str, data: Mapping[str, Any] | None) -> bool:
    return kind == "meeting.moved" and data is not None and data["before"]["starts_at"] != data["after"]["starts_at"]
