"""A writer on the evening on which the demonstration starts."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from scheduler.clock.now import SettableClock
from scheduler.journal.entries import JournalLedger
from scheduler.storage.engine import database
from scheduler.storage.writer import Writer


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(datetime(2026, 11, 24, 22, 47, tzinfo=UTC))


@pytest.fixture
def writer(database_url: str, clock: SettableClock) -> Iterator[Writer]:
    made = Writer(database(database_url), clock, JournalLedger())
    yield made
    made.close()
