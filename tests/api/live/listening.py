"""A server on a real socket, for streams: a transport in memory would wait for their end."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import uvicorn

from api.app import Application
from tests.ports import free_port

SOON = 10


async def until(true: Callable[[], bool]) -> None:
    """Waits until it is so."""
    async with asyncio.timeout(SOON):
        while not true():  # noqa: ASYNC110  -- what is waited for has no event
            await asyncio.sleep(0.01)


@asynccontextmanager
async def served(app: Application, port: int | None = None) -> AsyncIterator[str]:
    """The address of its API, at a port of its own unless one is named."""
    port = port or free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    yield f"http://127.0.0.1:{port}/api/v1"
    app.state.streams.end()
    app.state.floors.end()
    server.should_exit = True
    await serving


@dataclass(frozen=True, slots=True)
class Event:
    """One event; `id` is "" where it has none."""

    event: str = ""
    id: str = ""
    data: str = ""


@dataclass
class Listening:
    """An open stream. `comments` are its heartbeats so far."""

    lines: AsyncIterator[str]
    comments: int = field(default=0)

    async def events(self, count: int) -> list[Event]:
        """The next ones."""
        found: list[Event] = []
        said: dict[str, str] = {}
        async with asyncio.timeout(SOON):
            while len(found) < count:
                line = await anext(self.lines)
                if line.startswith(":"):
                    self.comments += 1
                elif line:
                    name, _, value = line.partition(": ")
                    said[name] = value
                else:
                    said.pop("retry", None)
                    found += [Event(**said)] if said else []
                    said = {}
        return found

    async def told(self, count: int) -> list[str]:
        """The next lines as they come, heartbeats too."""
        async with asyncio.timeout(SOON):
            return [await anext(self.lines) for _ in range(count)]

    async def ends(self) -> bool:
        """Whether nothing comes any more but the end."""
        async with asyncio.timeout(SOON):
            return [line async for line in self.lines] in ([], [":", ""])


@asynccontextmanager
async def listening(address: str, **headers: str) -> AsyncIterator[Listening]:
    """An open stream at an address."""
    async with (
        httpx.AsyncClient(timeout=SOON) as client,
        client.stream("GET", address, headers=headers) as response,
    ):
        assert (response.status_code, response.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
        yield Listening(response.aiter_lines())
