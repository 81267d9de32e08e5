"""A secretariat whose browser is signed in, and a session of hers."""

import httpx
import pytest

from api.web.service import Service
from scheduler.people.permission import Actor, Grant
from tests.api.pages.test_sign_in import enter
from tests.makers import people, speaking
from tests.makers.speaking import Scene


@pytest.fixture
def scene(service: Service) -> Scene:
    """A published session with a meeting of 20 slots."""
    return service.writer.act_now(speaking.scene)


@pytest.fixture
async def desk(client: httpx.AsyncClient, service: Service, secretariat: Actor) -> httpx.AsyncClient:
    """The client as the whole service's secretariat."""
    await enter(client, service, secretariat)
    return client


@pytest.fixture
async def session_desk(client: httpx.AsyncClient, service: Service, scene: Scene) -> httpx.AsyncClient:
    """The client as the secretariat of that one session."""
    grant = Grant("secretariat", "session", scene.session)
    hers = service.writer.act_now(lambda tx: people.person(tx, "Session Secretariat", grants=(grant,)))
    await enter(client, service, hers)
    return client
