"""What is wrong with a page that stands in a browser: by axe-core, and by its own width."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Page, Response

from tests.browser.states import State
from tests.browser.world import ARABIC, DARK, DESKTOP, NARROW, Look, World

_HERE = Path(__file__).parent
_JUDGES = (_HERE / "parts" / "axe.min.js", _HERE / "looking.js")


async def arrive(page: Page, state: State) -> Response:
    """Goes there and brings the page into its state."""
    answer = await page.goto(state.path)
    assert answer is not None
    await state.first(page)
    return answer


async def faults(world: World, state: State) -> list[str]:
    """What axe-core finds there in light, dark and Arabic, and what sticks out of a narrow window.

    A page is loaded once a language: it goes dark and narrow under the eyes of whoever looks, as it does for people.
    """
    async with _judged(world, state, DESKTOP) as page:
        found = await _said(page, state, DESKTOP, "violations()")
        await page.emulate_media(color_scheme="dark")
        found += await _said(page, state, DARK, "violations()")
        await page.set_viewport_size({"width": NARROW.width, "height": NARROW.height})
        found += await _said(page, state, NARROW, "tooWide()")
    async with _judged(world, state, ARABIC) as page:
        return found + await _said(page, state, ARABIC, "violations()")


@asynccontextmanager
async def _judged(world: World, state: State, look: Look) -> AsyncIterator[Page]:
    # The policy of our pages lets no other script in: the judges come past it.
    async with world.visit(state.email, look, state.zone, bypass_csp=True) as page:
        await arrive(page, state)
        for script in _JUDGES:
            await page.add_script_tag(path=str(script))
        yield page


async def _said(page: Page, state: State, look: Look, judge: str) -> list[str]:
    found: list[str] = await page.evaluate(judge)
    return [f"{state.name}, {look.name}: {each}" for each in found]
