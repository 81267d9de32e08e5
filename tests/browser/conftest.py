from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, expect

from tests.browser import chromium, world
from tests.browser.world import World

# How long one waits for what must come says nothing about the code on two busy cores.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    """The machine's Chromium."""
    async with chromium.chromium() as started:
        yield started


@pytest.fixture
async def here(browser: Browser) -> AsyncIterator[World]:
    """The demonstration at 11:14 on 8 June 2022 in Vienna, on a real socket."""
    async with world.world(browser) as made:
        yield made
