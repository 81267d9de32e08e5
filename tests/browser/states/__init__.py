"""What there is to look at: one module a page, each of whose `states(world)` walks through the states of that page.

They serve the judge of accessibility, the check of narrow windows, and the pictures.
"""

import importlib
import pkgutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from playwright.async_api import Page

from tests.browser.world import World


async def as_it_is(_: Page) -> None:
    """Looks at a page as it came."""


@dataclass(frozen=True, slots=True)
class State:
    """A page in a state of it: `name` is also its picture's; `email` None: nobody is signed in.

    `first` is done in each fresh browser before one looks (a dialog opened, a form sent wrongly).
    """

    name: str
    path: str
    email: str | None = None
    zone: str | None = None
    first: Callable[[Page], Awaitable[None]] = as_it_is


Walk = Callable[[World], AsyncIterator[State]]


def walks() -> dict[str, Walk]:
    """The walks by their module's name. A walk changes the world between its states."""
    names = [found.name for found in pkgutil.iter_modules(__path__)]
    return {name: importlib.import_module(f"{__name__}.{name}").states for name in sorted(names)}
