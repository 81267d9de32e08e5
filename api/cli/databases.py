"""The database behind the settings, reached or not, in words for whoever typed the command."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from api.cli.shell import Failed
from api.settings import Settings
from api.web.rehearsal import clock_of
from scheduler.journal.entries import JournalLedger
from scheduler.storage.engine import Database, database, file_of
from scheduler.storage.shape import newest, shape_of
from scheduler.storage.writer import Tx, Writer

T = TypeVar("T")


def reached(settings: Settings, do: Callable[[Database], T]) -> T:
    """What `do` makes of the database. Raises Failed where it cannot be reached or used."""
    return _usable(lambda: do(database(settings.database_url)))


def _usable(do: Callable[[], T]) -> T:
    try:
        return do()
    except Exception as error:
        raise Failed(f"The database (ROSTRUM_DATABASE_URL) cannot be used: {why(error)}") from error


def why(error: Exception) -> str:
    """The first line of what a driver says."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def migrated(settings: Settings) -> Database:
    """The database, of the newest shape. Raises Failed where it is not; a file that is not there is not made."""
    file = _usable(lambda: file_of(settings.database_url))
    if file is not None and not file.exists():
        raise Failed(missing(file))
    if refuse_newer(settings) != newest():
        raise Failed("The database is not migrated. Run `rostrum migrate` first.")
    return database(settings.database_url)


def missing(file: Path) -> str:
    """What to do where there is no such SQLite file."""
    return f"There is no {file} yet. Run `rostrum migrate`, or name another by ROSTRUM_DATABASE_URL."


def refuse_newer(settings: Settings) -> str | None:
    """The number of the database's shape. Raises Failed where this Rostrum is too old to know it."""
    shape = reached(settings, shape_of)
    if shape is not None and shape > newest():
        raise Failed(f"The database was made by a newer Rostrum ({shape}) than this one ({newest()}). Install that.")
    return shape


@contextmanager
def writer(settings: Settings) -> Iterator[Writer]:
    """A writer of this process: it takes turns with a service that runs on the same database."""
    made = Writer(migrated(settings), clock_of(settings), JournalLedger(), settings.for_acts())
    # A command says in one line what went wrong; without a handler Python would print the log beside it.
    silent, log = logging.NullHandler(), logging.getLogger("scheduler")
    log.addHandler(silent)
    try:
        yield made
    finally:
        made.close()
        log.removeHandler(silent)


def act(settings: Settings, do: Callable[[Tx], T]) -> T:
    """Runs one act and returns after its commit. Raises what the act refuses with."""
    with writer(settings) as made:
        return made.act_now(do)
