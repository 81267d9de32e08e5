"""How to subscribe in each calendar program."""

from collections.abc import AsyncIterator

from tests.browser.states import State
from tests.browser.world import World


async def states(_: World) -> AsyncIterator[State]:
    """It has one."""
    yield State("help", "/help", zone="Pacific/Apia")
