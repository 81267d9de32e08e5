"""Reading the journal in order: by cursor for followers, by watching for caches."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import bindparam, func, select

from scheduler.journal.entries import Audience, Author, Entry
from scheduler.journal.tables import JournalCounter, JournalCursor, JournalEntry
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.engine import Database, hear
from scheduler.storage.writer import Tx

log = logging.getLogger(__name__)

_j = table(JournalEntry).c
_AFTER = Prepared(
    select(
        _j.id, _j.at, _j.kind, _j.subject_type, _j.subject_id, _j.by_person, _j.by_role,
        _j.public, _j.body_id, _j.session_id, _j.meeting_id, _j.organisation_id, _j.person_id,
        _j.data, _j.meeting_number,
    ).where(_j.id > bindparam("after")).order_by(_j.id).limit(bindparam("limit"))
)  # fmt: skip
_LAST = Prepared(select(table(JournalCounter).c.last).where(table(JournalCounter).c.id == 1))
_POSITIONS = Prepared(
    select(table(JournalCursor).c.id, table(JournalCursor).c.position).order_by(table(JournalCursor).c.id)
)
_UNREAD = Prepared(select(func.count(), func.min(_j.at)).where(_j.id > bindparam("after")))
_NEWEST = Prepared(select(_j.at).order_by(_j.id.desc()).limit(1))
_POSITION = Prepared(select(table(JournalCursor).c.position).where(table(JournalCursor).c.id == bindparam("name")))


def entries_after(conn: Connection, after: int, limit: int) -> list[Entry]:
    """The next entries in order, each whole; what commits later has a higher number."""
    return [
        Entry(row[1], row[2], row[3], row[4], Author(row[5], row[6]), Audience(*row[7:13]), row[13], row[14], row[0])
        for row in conn.all(_AFTER, after=after, limit=limit)
    ]


def last_number(conn: Connection) -> int:
    """The number of the newest entry, 0 for none."""
    row = conn.first(_LAST)
    return int(row[0]) if row else 0


def follower_positions(conn: Connection) -> dict[str, int]:
    """How far each follower has read, by name."""
    return {row[0]: row[1] for row in conn.all(_POSITIONS)}


def unread(conn: Connection, name: str) -> tuple[int, datetime | None]:
    """How many entries a follower has not read, and the moment of the oldest of them."""
    count, oldest = conn.all(_UNREAD, after=follower_positions(conn).get(name, 0))[0]
    return int(count), oldest


def newest_at(conn: Connection) -> datetime | None:
    """The moment of the newest entry; None: there is none."""
    row = conn.first(_NEWEST)
    return row[0] if row else None


def follow(tx: Tx, name: str, do: Callable[[Tx, list[Entry]], None], *, limit: int = 500) -> int:
    """One step of a follower: hands it the entries after its cursor and moves the cursor in the same transaction.

    So each entry is done once, whatever fails. Returns how many there were; call again while it is `limit`.
    """
    row = tx.conn.first(_POSITION, name=name)
    position = int(row[0]) if row else 0
    entries = entries_after(tx.conn, position, limit)
    if not entries:
        return 0
    do(tx, entries)
    if row is None:
        tx.conn.insert(JournalCursor, id=name, position=entries[-1].id)
    else:
        tx.conn.update(JournalCursor, name, position=entries[-1].id)
    return len(entries)


class Watcher:
    """Tells the listeners of a process about the entries of the others: within a quarter of a second, or sooner.

    On PostgreSQL the commit of another process wakes it, by a notification that holds a number and nothing else.

    A process knows its own entries from its writer; the watcher may see them too, so listeners must bear hearing twice.
    """

    EVERY_SECONDS = 0.2

    def __init__(self, database: Database) -> None:
        self._database = database
        self._listeners: list[Callable[[list[Entry]], None]] = []
        self._seen = 0
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="journal-watcher", daemon=True)

    def listen(self, listener: Callable[[list[Entry]], None]) -> None:
        """Calls `listener` in the watcher's thread with each run of new entries, in order."""
        self._listeners.append(listener)

    def knows(self, own: list[Entry]) -> None:
        """A listener of the process's own commits: what follows on what was seen need not be read again."""
        with self._lock:
            if own[0].id == self._seen + 1:
                self._seen = own[-1].id

    def start(self) -> None:
        """Starts from the journal's present end."""
        conn = self._database.connect(reading=True)
        self._seen = last_number(conn)
        conn.close()
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _watch(self) -> None:
        conn: Connection | None = None
        while not self._stop.is_set():
            try:
                conn = conn or hear(self._database.connect(reading=True))
                self._look(conn)
                self._database.wait_for_news(conn, self._stop, self.EVERY_SECONDS)
            except Exception as error:  # noqa: BLE001  -- a lost database comes back; the watcher must outlive it
                log.warning("the journal cannot be watched at the moment: %s", type(error).__name__)
                conn = None
                self._stop.wait(self.EVERY_SECONDS)
        if conn is not None:
            conn.close()

    def _look(self, conn: Connection) -> None:
        while last_number(conn) > self._seen:
            entries = entries_after(conn, self._seen, 1_000)
            if not entries:
                return
            with self._lock:
                self._seen = max(self._seen, entries[-1].id)
            for listener in self._listeners:
                listener(entries)
