import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select

from scheduler.clock.now import SettableClock
from scheduler.errors import Busy, SlotTaken
from scheduler.ids import new_id
from scheduler.journal.entries import CLOCK, Audience, JournalLedger, append
from scheduler.journal.following import entries_after, last_number
from scheduler.people.queries import actor
from scheduler.storage import writer as writer_module
from scheduler.storage.columns import table
from scheduler.storage.connection import UniqueTaken
from scheduler.storage.engine import Database, database
from scheduler.storage.migrate import migrate
from scheduler.storage.reading import Reads
from scheduler.storage.tables import Installation
from scheduler.storage.writer import Tx, Writer
from tests.makers import people

NOW = datetime(2022, 6, 13, 8, tzinfo=UTC)


@pytest.fixture
def base(database_url: str) -> Database:
    return database(database_url)


@pytest.fixture
def ledger() -> JournalLedger:
    return JournalLedger()


@pytest.fixture
def writer(base: Database, ledger: JournalLedger) -> Iterator[Writer]:
    made = Writer(base, SettableClock(NOW), ledger)
    yield made
    made.close()


@pytest.fixture
def reads(base: Database) -> Iterator[Reads]:
    made = Reads(base)
    yield made
    made.close()


def _note(tx: Tx) -> datetime:
    append(tx, "body.created", ("body", new_id()), CLOCK, Audience(public=True))
    return tx.now


def _note_and_refuse(tx: Tx) -> None:
    tx.conn.insert(Installation, id="half", text="a write")
    _note(tx)
    raise SlotTaken("Someone was faster.")


def test_an_act_is_readable_once_it_is_answered(writer: Writer, reads: Reads) -> None:
    moment = writer.act_now(_note)

    assert moment == NOW
    assert [e.id for e in reads.now(lambda conn: entries_after(conn, 0, 10))] == [1]


def test_a_refused_act_leaves_neither_row_nor_entry(writer: Writer, reads: Reads) -> None:
    with pytest.raises(SlotTaken):
        writer.act_now(_note_and_refuse)

    assert reads.now(last_number) == 0
    writer.act_now(lambda tx: tx.conn.insert(Installation, id="half", text="was free"))


async def test_a_refusal_touches_no_other_act_of_its_batch(writer: Writer, reads: Reads) -> None:
    acts = [writer.act(_note_and_refuse if i % 3 == 0 else _note) for i in range(30)]

    outcomes = await asyncio.gather(*acts, return_exceptions=True)

    assert [isinstance(o, SlotTaken) for o in outcomes] == [i % 3 == 0 for i in range(30)]
    assert reads.now(last_number) == 20


def test_numbers_follow_each_other_without_a_gap(writer: Writer, reads: Reads) -> None:
    for _ in range(5):
        writer.act_now(_note)

    assert [e.id for e in reads.now(lambda conn: entries_after(conn, 2, 10))] == [3, 4, 5]


def test_listeners_hear_of_an_entry_before_its_act_is_answered(writer: Writer, ledger: JournalLedger) -> None:
    heard: list[int] = []
    ledger.listen(lambda entries: heard.extend(e.id for e in entries))

    writer.act_now(_note)

    assert heard == [1]


async def test_an_act_goes_on_when_its_caller_hangs_up(writer: Writer, reads: Reads) -> None:
    entered, leave = threading.Event(), threading.Event()

    def slow(tx: Tx) -> None:
        entered.set()
        leave.wait(10)
        _note(tx)

    caller = asyncio.create_task(writer.act(slow))
    await asyncio.to_thread(entered.wait, 10)
    caller.cancel()
    leave.set()
    await writer.act(_note)

    assert await reads.long(last_number) == 2


async def test_more_than_may_wait_are_told_that_the_service_is_busy(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "MOST_WAITING", 3)
    entered, leave = threading.Event(), threading.Event()

    def slow(_: Tx) -> None:
        entered.set()
        leave.wait(10)

    held = asyncio.create_task(writer.act(slow))
    await asyncio.to_thread(entered.wait, 10)
    waiting = [asyncio.create_task(writer.act(_note)) for _ in range(3)]
    await asyncio.sleep(0)

    with pytest.raises(Busy) as refused:
        await writer.act(_note)

    assert refused.value.data == {"retry_after": 1}
    leave.set()
    await asyncio.gather(held, *waiting)


def test_a_failing_commit_runs_each_act_again_on_its_own(writer: Writer, ledger: JournalLedger, reads: Reads) -> None:
    failures = iter([True])
    close = ledger.close

    def fails_once(conn: object, notes: list[object]) -> None:
        if next(failures, False):
            raise RuntimeError("the disk hiccups")
        close(conn, notes)  # type: ignore[arg-type]  # -- passed on as it came

    ledger.close = fails_once  # type: ignore[method-assign,assignment]  # -- the accident under test

    writer.act_now(_note)

    assert reads.now(last_number) == 1


def _cannot_open() -> sqlite3.Error:
    with pytest.raises(sqlite3.OperationalError) as met:
        sqlite3.connect("/no/such/folder/rostrum.db")
    return met.value


@pytest.mark.parametrize("lost", [_cannot_open(), psycopg.OperationalError("the connection is lost")])
def test_a_database_out_of_reach_is_busy_and_comes_back(
    writer: Writer, ledger: JournalLedger, reads: Reads, lost: Exception
) -> None:
    def breaks_off(_: object) -> None:
        raise lost

    opens = ledger.open
    ledger.open = breaks_off  # type: ignore[method-assign,assignment]  # -- the accident under test
    with pytest.raises(Busy) as met:
        writer.act_now(_note)
    ledger.open = opens  # type: ignore[method-assign]  # -- its end

    assert met.value.data == {"retry_after": 5}
    writer.act_now(_note)
    assert reads.now(last_number) == 1


def test_a_full_disk_is_busy(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path / 'small.db'}")
    base = database(f"sqlite:///{tmp_path / 'small.db'}")
    made = Writer(base, SettableClock(NOW), JournalLedger())

    def fill(tx: Tx) -> None:
        pages = tx.conn.raw.execute("PRAGMA page_count").fetchone()[0]
        tx.conn.raw.execute(f"PRAGMA max_page_count = {pages}")
        tx.conn.insert(Installation, id="large", text="x" * 1_000_000)

    with pytest.raises(Busy):
        made.act_now(fill)

    made.act_now(_note)
    made.close()


def test_closing_runs_what_waits(base: Database, reads: Reads) -> None:
    made = Writer(base, SettableClock(NOW), JournalLedger())
    made.act_now(_note)
    made.close()

    assert reads.now(last_number) == 1
    with pytest.raises(Busy):
        made.act_now(_note)


def test_two_writers_on_one_database_take_turns(base: Database, writer: Writer, reads: Reads) -> None:
    other = Writer(base, SettableClock(NOW), JournalLedger())
    threads = [threading.Thread(target=lambda w=w: [w.act_now(_note) for _ in range(50)]) for w in (writer, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()

    assert [e.id for e in reads.now(lambda conn: entries_after(conn, 0, 200))] == list(range(1, 101))


def test_a_reader_cannot_write(base: Database) -> None:
    conn = base.connect(reading=True)

    with pytest.raises(Exception, match=r"readonly|read-only"):
        conn.insert(Installation, id="x", text="y")
    conn.close()


def test_a_person_is_read_back_with_her_roles(writer: Writer, reads: Reads) -> None:
    made = writer.act_now(lambda tx: people.person(tx, "Ada Example"))

    assert reads.now(lambda conn: actor(conn, str(made.id))) == made


def test_a_database_of_another_kind_is_refused_in_one_line() -> None:
    with pytest.raises(ValueError, match="ROSTRUM_DATABASE_URL must be sqlite:///FILE or postgresql://"):
        database("mysql://localhost/x")


def _one_for_each(tx: Tx, wishes: list[str]) -> list[object]:
    """Takes each word once; a word that breaks a constraint fails the whole call."""
    taken = {row[0] for row in tx.conn.all(select(table(Installation).c.id))}
    outcomes: list[object] = []
    for wish in wishes:
        if wish == "broken":
            tx.conn.insert(Installation, id=wish, text="one")
            tx.conn.insert(Installation, id=wish, text="two")
        if wish in taken:
            outcomes.append(SlotTaken(wish))
            continue
        taken.add(wish)
        tx.conn.insert(Installation, id=wish, text=str(len(wishes)))
        _note(tx)
        outcomes.append(wish)
    return outcomes


async def test_wishes_of_a_batch_are_decided_together_in_their_order(writer: Writer, reads: Reads) -> None:
    wishes = [writer.act_together(_one_for_each, word) for word in ("a", "b", "a", "c", "b")]

    outcomes = await asyncio.gather(*wishes, return_exceptions=True)

    assert [o if isinstance(o, str) else type(o) for o in outcomes] == ["a", "b", SlotTaken, "c", SlotTaken]
    assert await reads.long(last_number) == 3


async def test_a_wish_that_breaks_a_constraint_costs_the_others_nothing(writer: Writer, reads: Reads) -> None:
    wishes = [writer.act_together(_one_for_each, word) for word in ("d", "broken", "e", "d")]

    outcomes = await asyncio.gather(*wishes, return_exceptions=True)

    assert [o if isinstance(o, str) else type(o) for o in outcomes] == ["d", UniqueTaken, "e", SlotTaken]
    assert await reads.long(last_number) == 2
