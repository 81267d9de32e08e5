"""The watcher tells what other processes did, and reads no more of its own process's work than it must."""

from collections.abc import Callable, Iterator
from queue import SimpleQueue

import pytest

from scheduler.clock.now import SettableClock
from scheduler.journal.entries import CLOCK, Audience, JournalLedger, append
from scheduler.journal.following import Watcher
from scheduler.storage.connection import Connection
from scheduler.storage.engine import database
from scheduler.storage.writer import Tx, Writer


def _note(subject: str) -> Callable[[Tx], None]:
    return lambda tx: append(tx, "body.changed", ("body", subject), CLOCK, Audience(public=True))


@pytest.fixture
def watcher(database_url: str) -> Watcher:
    return Watcher(database(database_url))


@pytest.fixture
def told(watcher: Watcher) -> list[str]:
    subjects: list[str] = []
    watcher.listen(lambda entries: subjects.extend(entry.subject_id for entry in entries))
    return subjects


@pytest.fixture
def own(watcher: Watcher, database_url: str, clock: SettableClock) -> Iterator[Writer]:
    """The writer of the watcher's own process."""
    ledger = JournalLedger()
    ledger.listen(watcher.knows)
    writer = Writer(database(database_url), clock, ledger)
    yield writer
    writer.close()


def test_what_other_processes_did_is_told_once_and_in_order(
    watcher: Watcher, told: list[str], writer: Writer, conn: Connection
) -> None:
    for subject in ("a", "b", "c"):
        writer.act_now(_note(subject))

    watcher._look(conn)
    watcher._look(conn)

    assert told == ["a", "b", "c"]


def test_what_its_own_process_did_is_not_read_again(
    watcher: Watcher, told: list[str], writer: Writer, own: Writer, conn: Connection
) -> None:
    own.act_now(_note("own 1"))
    own.act_now(_note("own 2"))
    writer.act_now(_note("other"))
    watcher._look(conn)
    own.act_now(_note("own 3"))
    watcher._look(conn)

    assert told == ["other"]


def test_what_another_process_did_before_its_own_is_not_passed_over(
    watcher: Watcher, told: list[str], writer: Writer, own: Writer, conn: Connection
) -> None:
    writer.act_now(_note("other"))
    own.act_now(_note("own"))
    watcher._look(conn)

    assert told == ["other", "own"]


def test_commit_of_another_process_wakes_the_watcher_on_postgresql(
    postgresql_url: str, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Watcher, "EVERY_SECONDS", 60)
    other = Writer(database(postgresql_url), clock, JournalLedger())
    watcher, heard = Watcher(database(postgresql_url)), SimpleQueue[str]()
    watcher.listen(lambda entries: heard.put(entries[0].subject_id))
    watcher.start()
    try:
        subjects = []
        for subject in ("a", "b"):
            other.act_now(_note(subject))
            subjects.append(heard.get(timeout=30))
    finally:
        watcher._stop.set()
        other.act_now(_note("end"))
        watcher.stop()
        other.close()

    assert subjects == ["a", "b"]
