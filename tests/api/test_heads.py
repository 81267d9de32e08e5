"""HEAD, on a real server: it is the server that leaves the body out."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
import uvicorn

from api.app import create_app
from api.web.service import Service
from scheduler.people.permission import Actor
from scheduler.subscriptions.feeds import NewFeed, make
from tests.makers import speaking
from tests.ports import free_port

SOON = 10


@pytest.fixture
async def browser(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(create_app(service), port=port, log_level="warning", date_header=False))
    serving = asyncio.create_task(server.serve())
    async with asyncio.timeout(SOON):
        while not server.started:  # noqa: ASYNC110  -- what is waited for has no event
            await asyncio.sleep(0.01)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        yield client
    server.should_exit = True
    await serving


@pytest.mark.parametrize("path", ["/", "/calendars/programme.ics", "/health/live", "/health/ready"])
async def test_head_answers_as_get_without_the_body(browser: httpx.AsyncClient, path: str) -> None:
    got, head = await browser.get(path), await browser.head(path)

    assert (head.status_code, head.headers, head.content) == (got.status_code, got.headers, b"")
    assert (got.status_code, got.headers["content-length"]) == (200, str(got.num_bytes_downloaded))


async def test_head_of_each_kind_of_feed_answers_as_get_without_the_body(
    service: Service, browser: httpx.AsyncClient, participant: Actor
) -> None:
    scene = service.writer.act_now(speaking.scene)
    _, secret = service.writer.act_now(lambda tx: make(tx, participant, NewFeed("mine")))
    paths = ["sessions/ahc-2.ics", f"meetings/{scene.meeting}.ics", f"private/{secret}.ics"]

    for path in paths:
        got, head = await browser.get(f"/calendars/{path}"), await browser.head(f"/calendars/{path}")
        assert (head.status_code, head.headers, head.content) == (200, got.headers, b"")
