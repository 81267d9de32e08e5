import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from scheduler.storage.connection import Connection
from scheduler.storage.engine import Database

T = TypeVar("T")


class Reads:
    """Kept read-only connections, each of one thread, in autocommit: every statement sees the newest commit.

    On SQLite a short read (one row, a page of 50) runs on the event loop itself, where it costs less than a thread's
    hand-over; longer ones go to two reader threads. On PostgreSQL, where a read waits for a socket, all do.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._local = threading.local()
        self._kept: list[Connection] = []
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="reader")

    async def short(self, read: Callable[[Connection], T]) -> T:
        """A bounded read, under half a millisecond."""
        return read(self._connection()) if self._database.embedded else await self.long(read)

    async def long(self, read: Callable[[Connection], T]) -> T:
        """Any other read; what it returns may be ready bytes, encoded in the thread."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.now, read)

    def now(self, read: Callable[[Connection], T]) -> T:
        """Reads in the calling thread."""
        try:
            return read(self._connection())
        except Exception:
            if getattr(self._local.connection.raw, "closed", False):
                # A PostgreSQL that was restarted: a fresh connection once, then the error stands.
                self._local.connection = None
                return read(self._connection())
            raise

    def close(self) -> None:
        """Ends the threads and closes their connections."""
        self._threads.shutdown(wait=True)
        for connection in self._kept:
            connection.close()
        self._kept.clear()

    def _connection(self) -> Connection:
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._database.connect(reading=True)
            self._kept.append(connection)
        return connection
