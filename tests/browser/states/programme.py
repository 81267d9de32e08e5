"""The programme: on the rail and as a list, searched, as who is not signed in sees it; a session's page."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

from tests.browser.sitting import sit
from tests.browser.states import State
from tests.browser.world import NOW, SEFINA, World


async def states(here: World) -> AsyncIterator[State]:
    """While a meeting sits; then between sessions."""
    await sit(here)
    yield State("programme", "/", SEFINA)
    yield State("programme-public", "/", zone="Europe/Vienna")
    yield State("programme-list", "/?view=list", SEFINA)
    yield State("programme-search", "/?q=consultation", zone="America/Bogota")
    yield State("programme-nothing-found", "/?q=nowhere", zone="America/Bogota")
    yield State("programme-unknown-zone", "/?tz=Mars/Olympus")
    yield State("session", "/sessions/ahc-2", SEFINA)
    yield State("clock", "/clock?city=san&back=/")
    here.clock.set(datetime(2022, 7, 1, 12, tzinfo=UTC))
    yield State("programme-between", "/", zone="Pacific/Apia")
    here.clock.set(NOW)
