"""The programme's page: what it weighs in a browser, whether it holds still, and what making it costs beside Jinja2."""

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from unittest.mock import patch

from jinja2 import Template
from playwright.async_api import Page, Route

from api.pages import programme
from api.pages.viewer import Viewer
from api.web.service import Service
from benchmarks.measuring import Row, compared, milliseconds, taking_turns
from scheduler.storage.connection import Connection
from tests.browser.chromium import chromium
from tests.browser.world import PHONE, World, world

_KILOBYTES, _LATE_SECONDS, _TIMES = 100, 2, 30
_SHIFTS = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const each of list.getEntries()) sum += each.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 500);
})"""
_PAINTED = """() => performance.getEntriesByName("first-contentful-paint")[0].startTime"""


def rows(_: Path) -> Iterable[Row]:
    """Weight, shifts, first paint while scripts are late, and the price of making it."""
    return asyncio.run(_rows())


async def _rows() -> list[Row]:
    async with chromium() as browser, world(browser) as here:
        weight = await _weight(here) / 1000
        shifts = max([await _shifts(here), await _shifts(here, look=PHONE)])
        return [
            _within("programme page, first visit", f"{weight:.1f} kB", f"{_KILOBYTES} kB", weight / _KILOBYTES),
            _within("programme page, layout shift", f"{shifts:.4f}", "0.01", shifts / 0.01),
            await _paint(here),
            await here.service.reads.short(lambda conn: _making(here.service, conn)),
        ]


async def _weight(here: World) -> float:
    """Bytes over the wire until all is there: page, styles, scripts, typeface, and what scripts load again."""
    came: list[float] = []
    async with here.visit() as page:
        devtools = await page.context.new_cdp_session(page)
        devtools.on("Network.loadingFinished", lambda said: came.append(said["encodedDataLength"]))
        await devtools.send("Network.enable")
        await page.goto("/", wait_until="networkidle")
    return sum(came)


async def _shifts(here: World, **how: Any) -> float:
    async with here.visit(**how) as page:
        await page.goto("/", wait_until="networkidle")
        return await _said(page, _SHIFTS)


async def _paint(here: World) -> Row:
    """The first paint while every script takes two seconds to come."""

    async def late(route: Route) -> None:
        await asyncio.sleep(_LATE_SECONDS)
        await route.continue_()

    async with here.visit(zone="Pacific/Apia") as page:
        await page.route("**/*.js*", late)
        await page.goto("/", wait_until="load")
        painted = await _said(page, _PAINTED)
    limit = _LATE_SECONDS * 1000
    return _within(
        "programme page, first paint", milliseconds(painted), f"{limit} ms, when scripts come", painted / limit
    )


def _within(name: str, measured: str, limit: str, ratio: float) -> Row:
    return Row(name, measured, limit, ratio, 1, at_most=True)


def _making(service: Service, conn: Connection) -> Row:
    """The whole page against its template alone, filled with the same values."""
    viewer = Viewer(None, "en", "Pacific/Apia", None, "", "/")

    def ours() -> bytes:
        return programme.page(service, conn, viewer, "")

    template, values = _rendered(ours)
    pairs = taking_turns(lambda: _milliseconds(lambda: template.render(values).encode()), lambda: _milliseconds(ours))
    return compared("programme page, making it", pairs, milliseconds, "bare Jinja2", 2, at_most=True)


def _rendered(make: Callable[[], object]) -> tuple[Template, dict[str, Any]]:
    """The template and the values that are rendered while `make` runs."""
    seen: list[tuple[Template, dict[str, Any]]] = []

    def rendering(self: Template, values: dict[str, Any]) -> str:
        seen.append((self, values))
        return ""

    with patch.object(Template, "render", rendering):
        make()
    return seen[0]


def _milliseconds(do: Callable[[], object]) -> float:
    taken = []
    for _ in range(_TIMES):
        begun = perf_counter()
        do()
        taken.append((perf_counter() - begun) * 1000)
    return median(taken)


async def _said(page: Page, script: str) -> float:
    found: float = await page.evaluate(script)
    return found
