"""The application over a fresh database of each kind, and people who are signed in to it."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from api.app import build, close, create_app
from api.settings import read_settings
from api.web.service import Service
from scheduler.clock.now import SettableClock
from scheduler.people.permission import Actor, Grant
from tests.makers import people

Sign = Callable[[Actor], dict[str, str]]


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(datetime(2022, 5, 1, 12, tzinfo=UTC))


@pytest.fixture
def service(database_url: str, clock: SettableClock, tmp_path: Path) -> Iterator[Service]:
    settings = read_settings({"ROSTRUM_DATABASE_URL": database_url, "ROSTRUM_DATA_DIR": str(tmp_path / "var")})
    built = build(settings, clock)
    yield built
    close(built)


@pytest.fixture
async def client(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_app(service), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://rostrum.test/api/v1") as unsigned:
        yield unsigned


@pytest.fixture
def sign(service: Service) -> Sign:
    """Headers of a sign-in: `sign(actor)`."""

    def headers(actor: Actor) -> dict[str, str]:
        return {"Authorization": f"Bearer {service.writer.act_now(lambda tx: people.token(tx, actor))}"}

    return headers


@pytest.fixture
def secretariat(service: Service) -> Actor:
    """The whole service's secretariat."""
    return service.writer.act_now(lambda tx: people.person(tx, "Sec Retariat", grants=(Grant("secretariat"),)))


@pytest.fixture
def participant(service: Service) -> Actor:
    """Someone signed in without roles, of an organisation that is accredited nowhere."""
    return service.writer.act_now(lambda tx: people.person(tx, "Par Ticipant", organisation=people.organisation(tx)))
