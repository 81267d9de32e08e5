"""What is measured, each in a process of its own: `python -m benchmarks.service PORT` is the service with a no-op."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.responses import Response
from starlette.types import ASGIApp

from api.app import build, create_app
from api.cli.serving import settle
from api.settings import read_settings
from tests.ports import free_port

ROOT = Path(__file__).parents[1]
START_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Served:
    """A process that listens."""

    port: int
    pid: int

    def processor_seconds(self) -> float:
        """What it took of the processors so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def running(environment: Mapping[str, str]) -> contextlib.AbstractContextManager[Served]:
    """A service over the database that the environment names."""
    return process("benchmarks.service", environment=environment)


@contextlib.contextmanager
def process(module: str, *arguments: str, environment: Mapping[str, str] | None = None) -> Iterator[Served]:
    """A module that listens on the port which is its first argument."""
    port = free_port()
    command = [sys.executable, "-m", module, str(port), *arguments]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **(environment or {})}) as started:
        try:
            wait_for(port)
            yield Served(port, started.pid)
        finally:
            started.terminate()
            started.wait(START_SECONDS)


def wait_for(port: int) -> None:
    """Waits until somebody listens there."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.01)
    raise RuntimeError("the service did not start")


def serve(app: ASGIApp, port: int) -> None:
    """Serves as `rostrum serve` does."""
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )


def _serve_with_noop(port: int) -> None:
    app = create_app(build(read_settings(os.environ)))

    @app.api_route("/noop", methods=["GET", "POST"])
    async def noop() -> Response:
        return Response(b"{}", media_type="application/json")

    # The first route is found the soonest: no endpoint of this server costs less.
    app.router.routes.insert(0, app.router.routes.pop())
    settle()
    serve(app, port)


if __name__ == "__main__":
    _serve_with_noop(int(sys.argv[1]))
