"""What is wrong with a page that stands in a browser: by axe-core, and by its own width."""

from pathlib import Path

from playwright.async_api import Page, Response

from tests.browser.states import State
from tests.browser.world import Look, World

_HERE = Path(__file__).parent
_JUDGES = (_HERE / "parts" / "axe.min.js", _HERE / "looking.js")


async def arrive(page: Page, state: State) -> Response:
    """Goes there and brings the page into its state."""
    answer = await page.goto(state.path)
    assert answer is not None
    await state.first(page)
    return answer


async def violations(world: World, state: State, look: Look) -> list[str]:
    """What axe-core finds there, each with where and why."""
    return await _judged(world, state, look, "violations()")


async def too_wide(world: World, state: State, look: Look) -> list[str]:
    """What sticks out of the window."""
    return await _judged(world, state, look, "tooWide()")


async def _judged(world: World, state: State, look: Look, judge: str) -> list[str]:
    # The policy of our pages lets no other script in: the judges come past it.
    async with world.visit(state.email, look, state.zone, bypass_csp=True) as page:
        await arrive(page, state)
        for script in _JUDGES:
            await page.add_script_tag(path=str(script))
        found: list[str] = await page.evaluate(judge)
        return [f"{state.name}, {look.name}: {each}" for each in found]
