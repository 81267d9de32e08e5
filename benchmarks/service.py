"""The service under measurement with a no-op beside it, as a process: `python -m benchmarks.service PORT`."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import uvicorn
from starlette.responses import Response

from api.app import build, create_app
from api.settings import read_settings
from tests.ports import free_port

ROOT = Path(__file__).parents[1]
START_SECONDS = 30


@contextlib.contextmanager
def running(environment: dict[str, str]) -> Iterator[int]:
    """A service over the database that the environment names, as its port."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.service", str(port)], cwd=ROOT, env={**os.environ, **environment}
    )
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def _wait_for(port: int) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError("the service did not start")


def _serve(port: int) -> None:
    app = create_app(build(read_settings(os.environ)))

    @app.api_route("/noop", methods=["GET", "POST"])
    async def noop() -> Response:
        return Response(b"{}", media_type="application/json")

    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
