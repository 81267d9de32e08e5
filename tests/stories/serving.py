"""The service as its operator runs it: `rostrum serve`, `worker` and the other commands, as processes."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.ports import free_port

ROOT = Path(__file__).parents[2]
ROSTRUM = [sys.executable, "-c", "import sys; from api.cli import main; sys.exit(main())"]
END_SECONDS = 30


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
def process(environment: dict[str, str], *arguments: str, says: str) -> Iterator[subprocess.Popen[str]]:
    """A command that runs on, from when it said so until the end of the block, where it is told to end."""
    running = subprocess.Popen([*ROSTRUM, *arguments], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
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
def serving(environment: dict[str, str]) -> Iterator[str]:
    """`rostrum serve` on a port of its own; its address."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    named = {"ROSTRUM_BASE_URL": url, **environment}
    with process(named, "serve", "--port", str(port), says="Rostrum listens on"):
        yield url


@contextlib.contextmanager
def working(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """`rostrum worker`."""
    with process(environment, "worker", says="The worker runs.") as running:
        yield running
