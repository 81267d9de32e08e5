"""A scene to speak in, a short way to its feeds, and what stands in them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from api.web.service import Service
from scheduler.clock.now import SettableClock
from scheduler.people.permission import Actor
from tests.api.conftest import Sign
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


@dataclass(frozen=True, slots=True)
class World:
    """The scene with who acts in it over HTTP, and the feeds that show it."""

    client: httpx.AsyncClient
    clock: SettableClock
    scene: Scene
    sign: Sign
    secretariat: Actor
    ada: Actor

    async def do(self, method: str, path: str, body: Any = None, *, by: Actor | None = None) -> Any:
        """Acts, a minute later than before; the secretariat unless another is named. `{meeting}` is the scene's."""
        self.clock.advance(60)
        said = {key: self.ada.id if value == "{ada}" else value for key, value in body.items()} if body else body
        path = path.format(meeting=self.scene.meeting, list=self.scene.list, slot=self.scene.slots[0])
        answer = await self.client.request(method, path, json=said, headers=self.sign(by or self.secretariat))
        assert answer.status_code in {200, 201, 204}, answer.text
        return answer.json() if answer.content else None

    async def make_feed(self, by: Actor, **wanted: Any) -> str:
        """Makes a private feed; its path below /calendars."""
        made = await self.do("POST", "/me/feeds", wanted, by=by)
        return str(made["url"]).partition("/calendars/")[2]


@pytest.fixture
def world(
    client: httpx.AsyncClient, clock: SettableClock, scene: Scene, sign: Sign, *, secretariat: Actor, ada: Actor
) -> World:
    """All of it."""
    return World(client, clock, scene, sign, secretariat, ada)


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
