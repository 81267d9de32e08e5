"""The writer: one thread a process through which every change goes.

An act is a plain function of a `Tx`. It runs in a savepoint: permission, rules, rows and journal entries are one. Up to
64 acts share a commit, and each is answered after the COMMIT that holds it, so an answer never runs ahead of the data.
"""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any, Generic, Protocol, TypeVar

from scheduler.clock.now import Clock
from scheduler.errors import Busy, Refusal
from scheduler.storage.connection import Connection, UniqueTaken
from scheduler.storage.engine import Database, out_of_reach

T = TypeVar("T")
log = logging.getLogger(__name__)

MOST_ACTS = 64
MOST_WAITING = 4_000
_RUN_AGAIN = frozenset({"40P01", "40001"})
"""PostgreSQL's deadlock and serialization failure: the whole batch is run again."""
_NO_DATABASE = "The database takes no changes at the moment. Try again in a few seconds."


@dataclass(slots=True)
class Tx:
    """What an act works with: the connection, the moment of the act (aware UTC), and the notes it leaves.

    `settled` is what the installation's settings say to acts, by name; `alone` whether the batch is this act's own.
    """

    conn: Connection
    now: datetime
    notes: list[Any] = field(default_factory=list)
    settled: Mapping[str, int] = field(default_factory=dict)
    alone: bool = False

    def require_alone(self) -> None:
        """For an act that reads what the journal has: raises RuntimeError where others may share its batch."""
        if not self.alone:
            raise RuntimeError("this act reads the journal, which has nothing of its batch yet: run it `alone=True`")


class Ledger(Protocol):
    """The journal's hands in the writer. It stands above storage, so it is handed in."""

    def open(self, conn: Connection) -> None:
        """First in each batch: takes the lock that orders the batches of all processes."""

    def close(self, conn: Connection, notes: list[Any]) -> None:
        """Last in each batch: writes the notes of its acts."""

    def committed(self, notes: list[Any]) -> None:
        """After the commit, before anyone is answered."""


Together = Callable[[Tx, list[Any]], list[Any]]
"""An act for many at once: wishes in, for each its outcome or the Refusal that it meets."""


@dataclass(slots=True)
class _Waiting(Generic[T]):
    answer: Future[T] | asyncio.Future[T]
    loop: asyncio.AbstractEventLoop | None
    act: Callable[[Tx], T] | None = None
    together: Together | None = None
    wish: Any = None
    alone: bool = False
    outcome: Any = None
    error: BaseException | None = None


class Writer:
    """Owns the process's one writing connection. `close()` finishes what waits and ends the thread."""

    def __init__(
        self, database: Database, clock: Clock, ledger: Ledger, settled: Mapping[str, int] | None = None
    ) -> None:
        self._database = database
        self._clock = clock
        self._ledger = ledger
        self._settled = settled or {}
        self._queue: queue.SimpleQueue[_Waiting[Any] | None] = queue.SimpleQueue()
        self._conn: Connection | None = None
        self._held: _Waiting[Any] | None = None
        self._closing = False
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    def tx(self, conn: Connection) -> Tx:
        """What an act would work with now, on `conn`: for one that is only rehearsed, outside the writer."""
        return Tx(conn, self._clock.now(), settled=self._settled)

    async def act(self, act: Callable[[Tx], T], *, alone: bool = False) -> T:
        """Runs an act and answers after its commit. `alone`: a long act, in a batch of its own.

        Raises what the act refuses with, and Busy when 4,000 wait. The act goes on when its caller hangs up.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        self._put(_Waiting(answer, loop, act, alone=alone))
        return await answer

    async def act_together(self, together: Together, wish: Any) -> Any:
        """Runs an act that many wish for at the same moment: those of a batch are decided by one call of `together`.

        It sees the wishes in the order in which they came, so the outcome is the same as one by one, but it can read
        and write for all of them in a few statements. Raises the Refusal that this wish meets, and Busy.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Any] = loop.create_future()
        self._put(_Waiting(answer, loop, together=together, wish=wish))
        return await answer

    def act_now(self, act: Callable[[Tx], T], *, alone: bool = False) -> T:
        """The same for a caller without an event loop (commands, the worker's thread); blocks until committed."""
        answer: Future[T] = Future()
        self._put(_Waiting(answer, None, act, alone=alone))
        return answer.result()

    def waiting(self) -> int:
        """How many acts wait."""
        return self._queue.qsize()

    def close(self) -> None:
        """Runs what waits, then closes the connection."""
        if not self._closing:
            self._closing = True
            self._queue.put(None)
            self._thread.join()

    def _put(self, waiting: _Waiting[Any]) -> None:
        if self._closing or self._queue.qsize() >= MOST_WAITING:
            raise Busy("The service has more to write than it can at the moment. Try again in a second.", retry_after=1)
        self._queue.put(waiting)

    def _work(self) -> None:
        while (batch := self._batch()) is not None:
            try:
                self._commit(batch)
            except Exception as error:  # noqa: BLE001  -- whatever it is, each act gets a second chance of its own
                log.warning("a batch of %d acts is run again one by one: %s", len(batch), type(error).__name__)
                self._drop_connection()
                self._one_by_one(batch)
            _answer(batch)
        self._drop_connection()

    def _batch(self) -> list[_Waiting[Any]] | None:
        """The next acts, in order: as many as wait, at most 64; an act that wants to be alone is."""
        first = self._held or self._queue.get()
        self._held = None
        if first is None:
            return None
        batch = [first]
        while not first.alone and len(batch) < MOST_ACTS:
            try:
                more = self._queue.get_nowait()
            except queue.Empty:
                break
            if more is None:
                self._queue.put(None)
                break
            if more.alone:
                self._held = more
                break
            batch.append(more)
        return batch

    def _commit(self, batch: list[_Waiting[Any]]) -> None:
        conn = self._conn = self._conn or self._database.connect()
        notes: list[Any] = []
        with self._database.turn():
            conn.soon(self._database.begin)
            try:
                self._ledger.open(conn)
                for together, run in groupby(batch, key=lambda waiting: waiting.together):
                    if together is None:
                        for waiting in run:
                            self._run(waiting, waiting.act, conn, notes)
                    else:
                        self._run_together(list(run), together, conn, notes)
                self._ledger.close(conn, notes)
                conn.sql("COMMIT")
            except BaseException:
                # A full disk ends the transaction by itself; why is to be told, not that nothing is left to undo.
                with suppress(Exception):
                    conn.sql("ROLLBACK")
                raise
        self._ledger.committed(notes)

    def _run_together(self, run: list[_Waiting[Any]], together: Together, conn: Connection, notes: list[Any]) -> None:
        whole = _Waiting[list[Any]](Future(), None)
        self._run(whole, lambda tx: together(tx, [waiting.wish for waiting in run]), conn, notes)
        if whole.error is not None:
            # A constraint or a mistake of one wish must not cost the others theirs.
            for waiting in run:
                self._run(waiting, partial(_alone, together, waiting.wish), conn, notes)
            return
        for waiting, outcome in zip(run, whole.outcome, strict=True):
            refused = isinstance(outcome, Refusal)
            waiting.outcome, waiting.error = (None, outcome) if refused else (outcome, None)

    def _run(self, waiting: _Waiting[Any], act: Callable[[Tx], Any] | None, conn: Connection, notes: list[Any]) -> None:
        tx = self.tx(conn)
        tx.alone = waiting.alone
        conn.soon("SAVEPOINT act")
        try:
            waiting.outcome, waiting.error = act(tx) if act else None, None
        except (Refusal, UniqueTaken) as refusal:
            conn.sql("ROLLBACK TO act")
            waiting.error = refusal
        except Exception as error:
            # Out of reach it has no transaction any more, and so none of the acts before in this batch either.
            if getattr(error, "sqlstate", None) in _RUN_AGAIN or out_of_reach(error):
                raise
            conn.sql("ROLLBACK TO act")
            waiting.error = error
        else:
            notes.extend(tx.notes)
        conn.soon("RELEASE act")

    def _one_by_one(self, batch: list[_Waiting[Any]]) -> None:
        """After an error of the COMMIT itself (a deadlock, a lost connection): a transaction for each act."""
        for waiting in batch:
            try:
                self._commit([waiting])
            except Exception as error:
                log.exception("an act could not be committed")
                waiting.error = Busy(_NO_DATABASE, retry_after=5) if out_of_reach(error) else error
                self._drop_connection()

    def _drop_connection(self) -> None:
        conn, self._conn = self._conn, None
        if conn is not None:
            try:
                conn.close()
            except Exception as error:  # noqa: BLE001  -- it is being given up anyway
                log.info("closing a broken connection: %s", error)


def _answer(batch: list[_Waiting[Any]]) -> None:
    """Wakes all callers of a batch, those of one loop by one call."""
    loops: dict[asyncio.AbstractEventLoop, list[_Waiting[Any]]] = {}
    for waiting in batch:
        if waiting.loop is None:
            _settle(waiting)
        else:
            loops.setdefault(waiting.loop, []).append(waiting)
    for loop, of_loop in loops.items():
        try:
            loop.call_soon_threadsafe(_settle_all, of_loop)
        except RuntimeError:
            log.info("%d callers went away with their loop; their acts are committed", len(of_loop))


def _alone(together: Together, wish: Any, tx: Tx) -> Any:
    outcome = together(tx, [wish])[0]
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


def _settle_all(batch: list[_Waiting[Any]]) -> None:
    for waiting in batch:
        if not waiting.answer.done():
            _settle(waiting)


def _settle(waiting: _Waiting[Any]) -> None:
    if waiting.error is not None:
        waiting.answer.set_exception(waiting.error)
    else:
        waiting.answer.set_result(waiting.outcome)
