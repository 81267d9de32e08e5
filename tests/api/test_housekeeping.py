"""What is written once a minute: when sign-ins and private feeds were last used."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import datetime

import httpx
import pytest

from api import app as composed
from api.app import Application, create_app
from api.web.service import Service
from scheduler.clock.now import SettableClock
from scheduler.journal.following import last_number
from scheduler.people import queries
from scheduler.people.permission import Actor
from scheduler.storage.connection import Connection
from scheduler.subscriptions.queries import feeds
from tests.api.conftest import Sign

Used = tuple[datetime | None, datetime | None, str | None]
SOON = 10


@pytest.fixture
def app(service: Service) -> Application:
    return create_app(service)


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute of housekeeping takes less than a tenth of a second."""
    monkeypatch.setattr(composed, "HOUSEKEEPING_SECONDS", 0.01)


@asynccontextmanager
async def running(app: Application) -> AsyncIterator[None]:
    """The application with its lifespan, without ending the service."""
    house = asyncio.create_task(composed._keep_house(app.state.service, app.state.keys))
    yield
    house.cancel()


@asynccontextmanager
async def reaching(app: Application) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://rostrum.test") as client:
        yield client


def written(service: Service, of: Actor) -> Used:
    """What the database has: when she was last seen, when and by what her feed was last read."""

    def read(conn: Connection) -> Used:
        (sign_in,) = queries.sign_ins(conn, str(of.id), service.clock.now())
        (feed,) = feeds(conn, str(of.id))
        return sign_in.last_seen_at, feed.last_read_at, feed.last_read_by

    return service.reads.now(read)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(SOON):
        while not true():  # noqa: ASYNC110  -- what is waited for has no event
            await asyncio.sleep(0.01)


async def test_last_uses_are_shown_at_once_and_written_later_without_an_entry(
    app: Application, service: Service, clock: SettableClock, participant: Actor, sign: Sign
) -> None:
    headers = sign(participant)
    async with reaching(app) as client:
        made = await client.post("/api/v1/me/feeds", json={"scope": "mine"}, headers=headers)
        clock.advance(90)
        now, entries = clock.now(), service.reads.now(last_number)
        await client.get(httpx.URL(made.json()["url"]).path, headers={"User-Agent": "Thunderbird/115"})
        (sign_in,) = (await client.get("/api/v1/me/sign-ins", headers=headers)).json()["items"]
        (feed,) = (await client.get("/api/v1/me/feeds", headers=headers)).json()["items"]
        shown = [sign_in["last_seen_at"], feed["last_read_at"], feed["last_read_by"]]
        assert written(service, participant) == (None, None, None)

        async with running(app):
            await until(lambda: written(service, participant) != (None, None, None))
            await until(lambda: written(service, participant)[1] is not None)

    assert written(service, participant) == (now, now, "Thunderbird")
    assert shown == ["2022-05-01T12:01:30Z", "2022-05-01T12:01:30Z", "Thunderbird"]
    assert (app.state.keys.seen, service.feed_readings) == ({}, {})
    assert service.reads.now(last_number) == entries


async def test_last_uses_are_written_when_the_service_ends(
    app: Application, service: Service, clock: SettableClock, participant: Actor, sign: Sign
) -> None:
    headers = sign(participant)
    async with app.router.lifespan_context(app), reaching(app) as client:
        await client.get("/api/v1/me", headers=headers)

    with closing(service.database.connect(reading=True)) as conn:
        (seen,) = queries.sign_ins(conn, str(participant.id), clock.now())
    assert seen.last_seen_at == clock.now()


async def test_a_failure_to_write_is_outlived(
    app: Application, service: Service, clock: SettableClock, participant: Actor, sign: Sign
) -> None:
    headers = sign(participant)
    app.state.keys.seen = {"a sign-in": "no moment"}
    async with reaching(app) as client, running(app):
        await until(lambda: app.state.keys.seen == {})
        await client.get("/api/v1/me", headers=headers)
        await until(lambda: app.state.keys.seen == {})

        def seen(conn: Connection) -> datetime | None:
            return queries.sign_ins(conn, str(participant.id), clock.now())[0].last_seen_at

        await until(lambda: service.reads.now(seen) == clock.now())

    assert service.reads.now(seen) == clock.now()
