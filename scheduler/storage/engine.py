"""The two databases and every difference between them."""

import sqlite3
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

import psycopg
from sqlalchemy import Dialect, create_engine, make_url

from scheduler.storage.connection import Connection
from scheduler.storage.turnstile import Turnstile

_CHANNEL = "rostrum_journal"
_GATHERED_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Database:
    """Where the data is. `file` is the SQLite file, None on PostgreSQL."""

    url: str
    dialect: Dialect
    file: Path | None

    @property
    def embedded(self) -> bool:
        """Whether this is SQLite: reads are quick enough to run on the event loop."""
        return self.file is not None

    def connect(self, *, reading: bool = False) -> Connection:
        """A connection in autocommit; with `reading` it refuses to write."""
        raw: Any = self._sqlite(reading=reading) if self.file is not None else self._postgresql(reading=reading)
        return Connection(raw, self.dialect)

    def turn(self) -> AbstractContextManager[None]:
        """Around BEGIN..COMMIT: lets the processes that share one SQLite file write in turn.

        PostgreSQL needs none: the journal's counter row, locked first in each batch, is the turn.
        """
        return Turnstile(self.file) if self.file is not None else nullcontext()

    def wait_for_news(self, conn: Connection, stop: Event, seconds: float) -> None:
        """Waits so long, or until `stop`; on PostgreSQL only until another process announces something.

        `conn` is kept for this and for reading. On SQLite nobody announces: whoever waits looks again.
        """
        if self.embedded:
            stop.wait(seconds)
        elif any(conn.raw.notifies(timeout=seconds, stop_after=1)):
            # In a rush there is one at each commit, also of this process itself: together they are one look.
            stop.wait(_GATHERED_SECONDS)

    @property
    def begin(self) -> str:
        """The command that begins a writing transaction."""
        return "BEGIN IMMEDIATE" if self.embedded else "BEGIN"

    def _sqlite(self, *, reading: bool) -> sqlite3.Connection:
        raw = sqlite3.connect(str(self.file), isolation_level=None, check_same_thread=False, cached_statements=512)
        # A checkpoint after 32 MB: at the usual 4 every third batch of a rush would wait for one.
        for pragma in (
            "busy_timeout = 10000",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "cache_size = -32000",
            "wal_autocheckpoint = 8000",
            f"query_only = {int(reading)}",
        ):
            raw.execute(f"PRAGMA {pragma}").close()
        return raw

    def _postgresql(self, *, reading: bool) -> psycopg.Connection[Any]:
        address = make_url(self.url).set(drivername="postgresql").render_as_string(hide_password=False)
        raw = psycopg.connect(address, autocommit=True)
        raw.execute("SET TIME ZONE 'UTC'")
        if reading:
            raw.execute("SET default_transaction_read_only = on")
        else:
            # Acts look for single rows, and the plan of a statement is kept: one that was made while a table was small
            # would read it whole at each batch of a rush. What has no index costs as before.
            raw.execute("SET enable_seqscan = off")
            raw.execute("SET jit = off")
        return raw


_NOT_NOW = frozenset(
    {
        *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL),
        *(sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN),
    }
)


def out_of_reach(error: BaseException) -> bool:
    """Whether this is no mistake of ours: the database is locked, full, not to be written, stopped or gone."""
    if isinstance(error, sqlite3.Error):
        # The lower byte is what happened, the others say where.
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in _NOT_NOW
    return isinstance(error, psycopg.OperationalError)


def announce(conn: Connection, number: int) -> None:
    """Tells whoever has called `hear`, with the commit, that the journal has a number. SQLite has no way to do so."""
    if conn.dialect.name == "postgresql":
        conn.soon(f"NOTIFY {_CHANNEL}, '{number}'")


def hear(conn: Connection) -> Connection:
    """The connection, which is told from now on what others announce."""
    if conn.dialect.name == "postgresql":
        conn.sql(f"LISTEN {_CHANNEL}")
    return conn


def database(url: str) -> Database:
    """The database behind a URL: `sqlite:///path` or `postgresql://...`. Raises ValueError for any other."""
    file = file_of(url)
    if file is None:
        return Database(url, create_engine("postgresql+psycopg://").dialect, None)
    file.parent.mkdir(parents=True, exist_ok=True)
    return Database(url, create_engine("sqlite://").dialect, file)


def file_of(url: str) -> Path | None:
    """The SQLite file of a URL, there or not; None on PostgreSQL. Makes nothing. Raises ValueError for any other."""
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    if backend == "sqlite" and parsed.database and parsed.database != ":memory:":
        return Path(parsed.database)
    if backend == "postgresql":
        return None
    raise ValueError(f"ROSTRUM_DATABASE_URL must be sqlite:///FILE or postgresql://..., not {backend}")
