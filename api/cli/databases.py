"""The database behind the settings, reached or not, in words for whoever typed the command."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from api.cli.shell import Failed
from api.settings import Settings
from api.web.rehearsal import clock_of
from scheduler.journal.entries import JournalLedger
from scheduler.storage.engine import Database, database
from scheduler.storage.shape import is_current
from scheduler.storage.writer import Tx, Writer

T = TypeVar("T")


def reached(settings: Settings, do: Callable[[Database], T]) -> T:
    """What `do` makes of the database. Raises Failed where it cannot be reached or used."""
    try:
        return do(database(settings.database_url))
    except Exception as error:
        why = str(error).strip().splitlines() or [type(error).__name__]
        raise Failed(f"The database (ROSTRUM_DATABASE_URL) cannot be used: {why[0]}") from error


def migrated(settings: Settings) -> Database:
    """The database, of the newest shape. Raises Failed where it is not."""
    if not reached(settings, is_current):
        raise Failed("The database is not migrated. Run `rostrum migrate` first.")
    return database(settings.database_url)


@contextmanager
def writer(settings: Settings) -> Iterator[Writer]:
    """A writer of this process: it takes turns with a service that runs on the same database."""
    made = Writer(migrated(settings), clock_of(settings), JournalLedger(), settings.for_acts())
    try:
        yield made
    finally:
        made.close()


def act(settings: Settings, do: Callable[[Tx], T]) -> T:
    """Runs one act and returns after its commit. Raises what the act refuses with."""
    with writer(settings) as made:
        return made.act_now(do)
