"""The service as its operator runs it: `rostrum serve`, `worker` and the other commands, as processes."""

import asyncio
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from scheduler.storage.migrate import migrate
from tests import databases
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
ROSTRUM = [sys.executable, "-c", "import sys; from api.cli import main; sys.exit(main())"]
END_SECONDS = 30
DEADLINE_SECONDS = 90


@dataclass(frozen=True)
class Ran:
    """A command that ended: how long it took, from its start as a process, and what it printed."""

    code: int
    seconds: float
    out: str
    err: str


def settings(database_url: str, data_dir: Path, **more: str) -> dict[str, str]:
    """The settings of an installation, as an environment that knows of no other."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ROSTRUM_")}
    return {**clean, "ROSTRUM_DATABASE_URL": database_url, "ROSTRUM_DATA_DIR": str(data_dir), **more}


def command(environment: dict[str, str], *arguments: str) -> Ran:
    """Runs a command to its end."""
    began = time.monotonic()
    done = subprocess.run(
        [*ROSTRUM, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    return Ran(done.returncode, time.monotonic() - began, done.stdout, done.stderr)


@contextlib.contextmanager
def process(
    environment: dict[str, str], *arguments: str, says: str, errors: IO[str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A command that runs on, from when it said so until the end of the block, where it is told to end.

    Its standard error goes to the file `errors`; None: to ours.
    """
    running = subprocess.Popen(
        [*ROSTRUM, *arguments], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True
    )
    assert running.stdout is not None
    try:
        said = running.stdout.readline()
        assert says in said, f"`rostrum {' '.join(arguments)}` said {said!r}"
        yield running
    finally:
        running.terminate()
        try:
            running.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
        running.stdout.close()


@contextlib.contextmanager
def serving(environment: dict[str, str], errors: IO[str] | None = None) -> Iterator[str]:
    """`rostrum serve` on a port of its own; its address."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    named = {"ROSTRUM_BASE_URL": url, **environment}
    with process(named, "serve", "--port", str(port), says="Rostrum listens on", errors=errors):
        yield url


@contextlib.contextmanager
def working(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """`rostrum worker`."""
    with process(environment, "worker", says="The worker runs.") as running:
        yield running


async def until(so: Callable[[], bool]) -> bool:
    """Whether it becomes so in time."""
    end = time.monotonic() + DEADLINE_SECONDS
    while not (done := so()) and time.monotonic() < end:  # noqa: ASYNC110  -- other processes make it so
        await asyncio.sleep(0.02)
    return done


@contextlib.contextmanager
def database_of_each_kind() -> Iterator[dict[str, str]]:
    """The addresses of two fresh migrated databases, by kind; PostgreSQL waits for its disk, as in earnest."""
    with tempfile.TemporaryDirectory() as folder, databases.postgresql(durable=True) as server:
        found = {"SQLite": f"sqlite:///{folder}/rostrum.db", "PostgreSQL": databases.create_database(server, "story")}
        for address in found.values():
            migrate(address)
        yield found
