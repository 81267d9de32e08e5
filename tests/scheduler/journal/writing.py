"""One writing process of the journal's tests: `python -m tests.scheduler.journal.writing URL WRITER ENTRIES`."""

import asyncio
import sys
from functools import partial

from scheduler.clock.now import SystemClock
from scheduler.journal.entries import CLOCK, Audience, JournalLedger, append
from scheduler.storage.engine import database
from scheduler.storage.writer import Tx, Writer


async def write(url: str, name: str, entries: int, writers: int = 4) -> None:
    """`writers` at once, each leaving its share of the entries."""
    writer = Writer(database(url), SystemClock(), JournalLedger())

    async def one(number: int) -> None:
        for i in range(entries // writers):
            await writer.act(partial(_note, subject=f"{name}-{number}-{i}"))

    await asyncio.gather(*(one(number) for number in range(writers)))
    writer.close()


def _note(tx: Tx, subject: str) -> None:
    append(tx, "body.changed", ("body", subject), CLOCK, Audience(public=True))


if __name__ == "__main__":
    asyncio.run(write(sys.argv[1], sys.argv[2], int(sys.argv[3])))
