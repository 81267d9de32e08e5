"""Pictures of every state of every page: `python -m tests.browser.pictures [PAGE ...]`, or `make pictures`."""

import asyncio
import sys
from pathlib import Path

from tests.browser.chromium import chromium
from tests.browser.looking import arrive
from tests.browser.states import walks
from tests.browser.world import ARABIC, DARK, DESKTOP, PHONE, World, world

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
LOOKS = (DESKTOP, PHONE, ARABIC, DARK)


async def take(here: World, page: str) -> None:
    """Writes those of one page."""
    async for state in walks()[page](here):
        for look in LOOKS:
            async with here.visit(state.email, look, state.zone) as seen:
                await arrive(seen, state)
                await seen.screenshot(path=FOLDER / f"{state.name}-{look.name}.png", full_page=True)
                sys.stdout.write(f"{state.name}-{look.name}.png\n")
                sys.stdout.flush()


async def main(pages: list[str]) -> None:
    """Writes those of the pages, all by default."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with chromium() as browser:
        for page in pages or walks():
            async with world(browser) as here:
                await take(here, page)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
