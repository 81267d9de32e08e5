"""Appending to the journal: every act leaves its entries in the transaction that makes the change."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, literal_column, select, update

from scheduler.journal.tables import JournalCounter, JournalEntry
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.engine import announce
from scheduler.storage.writer import Tx


@dataclass(frozen=True, slots=True)
class Author:
    """Who made a change: the person (None: the clock or the operator) and the role in which it was allowed."""

    person: str | None
    role: str


CLOCK = Author(None, "clock")


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may read an entry, by ids, and what it touches.

    Everyone if `public`; else who runs or chairs the body or session, the focal points of the organisation, and the
    person. The whole service's secretariat reads all.
    """

    public: bool = False
    body: str | None = None
    session: str | None = None
    meeting: str | None = None
    organisation: str | None = None
    person: str | None = None


@dataclass(slots=True)
class Entry:
    """One change. `id` is 0 until its batch is written. `data` is for followers, never shown to readers."""

    at: datetime
    kind: str
    subject_type: str
    subject_id: str
    by: Author
    audience: Audience
    data: dict[str, Any] | None = None
    meeting_number: int | None = None
    id: int = field(default=0)


def append(
    tx: Tx,
    kind: str,
    subject: tuple[str, str],
    by: Author,
    audience: Audience,
    *,
    meeting_number: int | None = None,
    **data: Any,
) -> None:
    """Leaves an entry: `kind` as in `meeting.moved`, `subject` is (type, id). Its number comes with the commit."""
    tx.notes.append(Entry(tx.now, kind, *subject, by, audience, data or None, meeting_number))


_table = table(JournalEntry)
_counter = table(JournalCounter)
_LOCK_ROW = Prepared(select(_counter.c.last).where(_counter.c.id == literal_column("1")).with_for_update())
_MOVE_COUNTER = Prepared(
    update(_counter)
    .where(_counter.c.id == literal_column("1"))
    .values(last=_counter.c.last + bindparam("by"))
    .returning(_counter.c.last)
)


class JournalLedger:
    """The journal's part of each batch: locks the counter row, numbers and writes the entries, tells the listeners.

    Locking one row first gives commit order = number order over all processes, so that no cursor can pass an entry that
    commits late, and it keeps two writers from deadlocking.
    """

    def __init__(self) -> None:
        self._listeners: list[Callable[[list[Entry]], None]] = []

    def listen(self, listener: Callable[[list[Entry]], None]) -> None:
        """Calls `listener` with the entries of each batch of this process, after its commit and before its answers."""
        self._listeners.append(listener)

    def open(self, conn: Connection) -> None:
        """Locks the counter row."""
        conn.soon(_LOCK_ROW.compiled(conn.dialect).sql)

    def close(self, conn: Connection, notes: list[Entry]) -> None:
        """Numbers and writes what the batch's acts left."""
        if not notes:
            return
        moved = conn.first(_MOVE_COUNTER, by=len(notes))
        if moved is None:
            raise RuntimeError("the journal has no counter row: run `rostrum migrate`")
        for number, entry in enumerate(notes, moved[0] - len(notes) + 1):
            entry.id = number
        conn.insert_many(JournalEntry, [_row(entry) for entry in notes])
        announce(conn, notes[-1].id)

    def committed(self, notes: list[Entry]) -> None:
        """Tells the listeners."""
        if notes:
            for listener in self._listeners:
                listener(notes)


def _row(entry: Entry) -> dict[str, Any]:
    to = entry.audience
    return {
        "id": entry.id,
        "at": entry.at,
        "kind": entry.kind,
        "subject_type": entry.subject_type,
        "subject_id": entry.subject_id,
        "by_person": entry.by.person,
        "by_role": entry.by.role,
        "public": to.public,
        "body_id": to.body,
        "session_id": to.session,
        "meeting_id": to.meeting,
        "organisation_id": to.organisation,
        "person_id": to.person,
        "meeting_number": entry.meeting_number,
        "data": entry.data,
    }
