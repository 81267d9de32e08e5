"""A scene to speak in, a short way to its feeds, and what stands in them."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from api.web.service import Service
from scheduler.people.permission import Actor
from tests.makers import speaking
from tests.makers.speaking import Scene

ROOT = "http://rostrum.test"
Feed = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
def scene(service: Service) -> Scene:
    """A published session with one meeting and an open timed list."""
    return service.writer.act_now(speaking.scene)


@pytest.fixture
def ada(service: Service, scene: Scene) -> Actor:
    """Somebody who may book in it."""
    return service.writer.act_now(lambda tx: speaking.speaker(tx, scene))


@pytest.fixture
def feed(client: httpx.AsyncClient) -> Feed:
    """Asks for a feed: `feed("sessions/ahc-2.ics", method=..., **headers)`, uncompressed unless told otherwise."""

    async def ask(path: str, method: str = "GET", **headers: str) -> httpx.Response:
        named = {"accept-encoding": "identity", **{name.replace("_", "-"): value for name, value in headers.items()}}
        said = httpx.Headers(named, encoding="latin-1")
        return await client.request(method, f"{ROOT}/calendars/{path}", headers=said)

    return ask


def path_of(url: str) -> str:
    """The part of a feed's address that `feed` takes."""
    return url.partition("/calendars/")[2]


def entries(answer: httpx.Response) -> list[dict[str, str]]:
    """The entries of a feed, by property name."""
    lines = answer.text.replace("\r\n ", "").split("\r\n")
    found: list[dict[str, str]] = []
    for line in lines:
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and ":" in line:
            name, _, value = line.partition(":")
            found[-1].setdefault(name.partition(";")[0], value)
    return found
