"""The page where one signs in."""

from collections.abc import AsyncIterator

from tests.browser.states import State
from tests.browser.world import World


async def states(_: World) -> AsyncIterator[State]:
    """With the demonstration's people to choose from."""
    yield State("sign-in", "/sign-in")
