"""Says what is wrong with this installation and what to do about it. It only looks, beside a running service or not."""

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator

from api.cli import shell
from api.cli.examining import database, surroundings
from api.cli.examining.finding import Finding, wrong
from api.settings import Settings, SettingsError, read_settings
from api.web.rehearsal import clock_of
from scheduler.demo.mark import is_demonstration

_PATIENCE_SECONDS = "5"


def arguments(parser: ArgumentParser) -> None:
    """Everything, or the worker alone."""
    parser.add_argument(
        "--worker",
        action="store_true",
        help="look only whether what is due is sent and the journal followed: the health of the workers",
    )
    parser.epilog = "The exit code is 1 where anything is wrong, else 0."


def run(given: Namespace) -> None:
    """Prints a line for each thing looked at. Raises Failed at the end where one of them is wrong."""
    faults = 0
    for finding in _findings(worker_alone=given.worker):
        print(finding.line, flush=True)
        faults += finding.wrong
    if faults:
        raise shell.Failed(f"{faults} {'thing is' if faults == 1 else 'things are'} wrong. Each line says what to do.")
    print("Nothing is wrong.")


def _findings(*, worker_alone: bool) -> Iterator[Finding]:
    # A server that does not answer is no reason to wait two minutes, which is libpq's.
    os.environ.setdefault("PGCONNECT_TIMEOUT", _PATIENCE_SECONDS)
    try:
        settings = _settings()
        clock = clock_of(settings, looking=True)
    except (SettingsError, ValueError) as error:
        yield wrong("settings", str(error))
        return
    if not worker_alone:
        yield from surroundings.of_folder(settings)
    demonstration: bool | None = None
    try:
        with database.opened(settings) as conn:
            if worker_alone:
                yield from database.of_worker(conn, settings, clock)
                return
            demonstration = is_demonstration(conn)
            yield from database.of_contents(conn, settings, clock)
    except database.UnusableError as error:
        yield wrong("database", str(error))
    if not worker_alone:
        yield from surroundings.of_ways_out(settings, demonstration=demonstration)


def _settings() -> Settings:
    """The settings of this process; the key that is not set is not made for it."""
    return read_settings({**os.environ, "ROSTRUM_SECRET_KEY": os.environ.get("ROSTRUM_SECRET_KEY") or "unset"})
