"""A chair at her console, over a meeting with four speakers that is about to begin."""

import httpx
import pytest

from api.web.service import Service
from scheduler.clock.now import SettableClock
from tests.api.pages.console import Console, chaired
from tests.makers.speaking import STARTS_AT
from tests.scheduler.floor.meeting import sat


@pytest.fixture
async def console(client: httpx.AsyncClient, service: Service, clock: SettableClock) -> Console:
    here = sat(service.writer, clock)
    clock.set(STARTS_AT)
    return await chaired(client, service, here)
