"""A list to speak in, who may book in it, and its chair; for another list a module has a `scene` of its own."""

import pytest

from api.web.service import Service
from scheduler.people.permission import Actor, Grant
from tests.api.conftest import Sign
from tests.makers import people, speaking
from tests.makers.speaking import Scene


@pytest.fixture
def scene(service: Service) -> Scene:
    """A published session with one meeting and an open timed list."""
    return service.writer.act_now(speaking.scene)


@pytest.fixture
def ada(service: Service, scene: Scene) -> Actor:
    """Somebody who may speak there."""
    return service.writer.act_now(lambda tx: speaking.speaker(tx, scene))


@pytest.fixture
def chair(service: Service, scene: Scene, sign: Sign) -> dict[str, str]:
    """Headers of the session's chair."""
    grants = (Grant("chair", "session", scene.session),)
    return sign(service.writer.act_now(lambda tx: people.person(tx, "Chair", grants=grants)))
