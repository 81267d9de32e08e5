"""A writer over a fresh database of each kind, a clock that stands, and a connection that reads what is committed."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from scheduler.clock.now import SettableClock
from scheduler.journal.entries import JournalLedger
from scheduler.storage.connection import Connection
from scheduler.storage.engine import database
from scheduler.storage.writer import Writer


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(datetime(2022, 5, 1, 12, tzinfo=UTC))


@pytest.fixture
def writer(database_url: str, clock: SettableClock) -> Iterator[Writer]:
    writer = Writer(database(database_url), clock, JournalLedger())
    yield writer
    writer.close()


@pytest.fixture
def conn(database_url: str) -> Iterator[Connection]:
    connection = database(database_url).connect(reading=True)
    yield connection
    connection.close()
