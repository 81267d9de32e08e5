"""Tries the cells of the role table over HTTP, each on something fresh."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.app import create_app
from api.web.service import Service
from scheduler.ids import new_id
from tests.api.roles.table import TABLE, Try
from tests.api.roles.world import ROLES, Cell, Made, World, world
from tests.makers import people

Statuses = dict[tuple[str, str, str], dict[str, str]]
"""By operation, what of it and place: the status by role."""


@dataclass(slots=True)
class Trial:
    """A service over an empty database, with the world and a token for each role."""

    service: Service
    client: httpx.AsyncClient
    world: World
    tokens: dict[str, str] = field(default_factory=dict)

    def headers(self, role: str) -> dict[str, str]:
        """Of whoever acts in this role; each request of the public comes from an address of its own."""
        if role in self.tokens:
            return {"Authorization": f"Bearer {self.tokens[role]}"}
        return {"X-Forwarded-For": new_id()}


@asynccontextmanager
async def trial(service: Service) -> AsyncIterator[Trial]:
    """Fills an empty service, which must believe X-Forwarded-For from 127.0.0.1."""
    made = service.writer.act_now(world)
    tokens = service.writer.act_now(lambda tx: {role: people.token(tx, who) for role, who in made.actors.items()})
    app = create_app(service)
    transport = httpx.ASGITransport(HangUp(app))
    async with httpx.AsyncClient(transport=transport, base_url="http://rostrum.test/api/v1") as client:
        yield Trial(service, client, made, tokens)
    if pump := app.state.streams._pump:
        pump.cancel()


class HangUp:
    """Leaves event streams as soon as they have begun: nothing else ends them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, _gone if scope["path"].endswith("/stream") else receive, send)


async def _gone() -> Message:
    return {"type": "http.disconnect"}


async def tried(on: Trial, row: str) -> Statuses:
    """Every cell of a row of the contract's table."""
    return {
        (each.operation, each.what, place): await _try_all(on, each, place)
        for each in TABLE[row]
        for place in each.places
    }


def expected(row: str) -> Statuses:
    """What the contract says of these cells."""
    return {
        (each.operation, each.what, place): {role: each.expected(role, place) for role in ROLES}
        for each in TABLE[row]
        for place in each.places
    }


async def _try_all(on: Trial, each: Try, place: str) -> dict[str, str]:
    """Each role's cell, all at once, on a thing of its own."""
    cells = [Cell(on.world, role, place) for role in ROLES]
    made = on.service.writer.act_now(lambda tx: [each.make(tx, cell) for cell in cells])
    statuses = await asyncio.gather(*(_try(on, each, role, of) for role, of in zip(ROLES, made, strict=True)))
    return dict(zip(ROLES, statuses, strict=True))


async def _try(on: Trial, each: Try, role: str, made: Made) -> str:
    method, path = each.operation.split()
    body = filled(each.body, made)
    is_file = isinstance(body, str)
    answer = await on.client.request(
        method,
        path.format(**made),
        params={"limit": 200} if each.shows else {},
        content=body if is_file else json.dumps(body),
        headers=on.headers(role) | {"Content-Type": "text/csv" if is_file else "application/json"},
    )
    shown = each.shows is not None and answer.is_success and _shows(answer.json(), each.shows, made)
    return f"{answer.status_code}+" if shown else str(answer.status_code)


def filled(body: Any, made: dict[str, str]) -> Any:
    """A body with the ids that were made for its `{names}`."""
    if isinstance(body, dict):
        return {name: filled(value, made) for name, value in body.items()}
    if isinstance(body, list):
        return [filled(value, made) for value in body]
    return body.format(**made) if isinstance(body, str) else body


def _shows(found: Any, member: str, made: Made) -> bool:
    """Whether what was made stands in the answer with this member."""
    ids = set(made.values())
    items = [each for each in (found["items"] if "next" in found else [found]) if each["id"] in ids]
    return any(each[member] is not None for each in items)
