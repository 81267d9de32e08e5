"""The framework alone: one ordinary route that takes a booking's body. `python -m benchmarks.ordinary PORT`."""

import sys

from fastapi import FastAPI

from api.cli.serving import settle
from api.resources.slots import BookingIn
from benchmarks.service import serve


def _app() -> FastAPI:
    app = FastAPI()

    @app.post("/noop")
    async def noop(wanted: BookingIn) -> dict[str, str]:  # noqa: ARG001  -- to be read is what it is for
        return {}

    return app


if __name__ == "__main__":
    settle()
    serve(_app(), int(sys.argv[1]))
