"""The demonstration on a real socket, at an hour of 2022 that tests set, and its people in browsers of their own."""

import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from playwright.async_api import Browser, BrowserContext, Page

from api.app import build, close, create_app
from api.auth.cookie import COOKIE, LASTS
from api.pages.viewer import LANGUAGE, ZONE
from api.settings import read_settings
from api.web.service import Service
from scheduler.clock.now import SettableClock
from scheduler.demo.fill import fill
from scheduler.people import queries, tokens
from scheduler.people.permission import OPERATOR, Actor
from scheduler.storage.migrate import migrate
from scheduler.storage.writer import Tx
from tests.api.live.listening import served
from tests.ports import free_port

T = TypeVar("T")
FILLED_AT = datetime(2022, 5, 2, 8, tzinfo=UTC)
NOW = datetime(2022, 6, 8, 9, 14, tzinfo=UTC)
"""11:14 in Vienna, 22:14 in Apia: the hour of the drawn pages."""

SECRETARIAT, CHAIR = "secretariat@example.org", "chair@example.org"
FOCAL_POINT, LAURA, SEFINA = "focal.point@example.org", "laura.rojas@example.org", "sefina.tuilagi@example.org"


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is looked at: window, scheme, language, zone of whoever is not signed in."""

    name: str
    width: int = 1366
    height: int = 768
    dark: bool = False
    language: str = "en"
    options: Mapping[str, Any] = field(default_factory=dict)


DESKTOP, PHONE = Look("desktop"), Look("phone", 390, 844, options={"has_touch": True, "is_mobile": True})
DARK, ARABIC, NARROW = Look("dark", dark=True), Look("arabic", language="ar"), Look("narrow", 320, 640)


@dataclass
class World:
    """A running service over the demonstration. Its clock stands until it is set."""

    service: Service
    clock: SettableClock
    base: str
    browser: Browser

    async def do(self, act: Callable[[Tx], T], *, alone: bool = False) -> T:
        """Runs an act in it."""
        return await self.service.writer.act(act, alone=alone)

    async def person(self, email: str) -> Actor:
        """One of its people, as she acts."""
        return await self.service.reads.short(lambda conn: queries.actor(conn, str(queries.by_address(conn, email))))

    @asynccontextmanager
    async def visit(
        self, email: str | None = None, look: Look = DESKTOP, zone: str | None = None, **options: Any
    ) -> AsyncIterator[Page]:
        """A page of a fresh browser, signed in as whoever has this address (None: nobody), on the clock of `zone`.

        Without `zone` it is her account's, or the machine's for who is not signed in. `options` are Playwright's.
        """
        context = await self._context(email, look, zone, options)
        page = await context.new_page()
        yield page
        await context.close()

    async def _context(
        self, email: str | None, look: Look, zone: str | None, options: Mapping[str, Any]
    ) -> BrowserContext:
        context = await self.browser.new_context(
            base_url=self.base,
            viewport={"width": look.width, "height": look.height},
            color_scheme="dark" if look.dark else "light",
            reduced_motion="reduce",
            **{"timezone_id": "Pacific/Apia", **look.options, **options},
        )
        await context.add_cookies([self._cookie(LANGUAGE, look.language)])
        if zone:
            await context.add_cookies([self._cookie(ZONE, zone)])
        if email:
            await context.add_cookies([self._cookie(COOKIE, await self._session(email))])
        return context

    def _cookie(self, name: str, value: str) -> Any:
        return {"name": name, "value": value, "url": self.base}

    async def _session(self, email: str) -> str:
        until = self.clock.now() + LASTS

        def sign(tx: Tx) -> str:
            return tokens.make(tx, OPERATOR, str(queries.by_address(tx.conn, email)), "browser", until)

        return await self.do(sign)


@asynccontextmanager
async def world(browser: Browser, now: datetime = NOW) -> AsyncIterator[World]:
    """A world of its own for whoever asks, with no mail but what is written into a folder."""
    with tempfile.TemporaryDirectory() as folder:
        url, clock = f"sqlite:///{folder}/rostrum.db", SettableClock(FILLED_AT)
        migrate(url)
        port = free_port()
        base = f"http://127.0.0.1:{port}"
        service = build(
            read_settings(
                {"ROSTRUM_DATABASE_URL": url, "ROSTRUM_DATA_DIR": str(Path(folder) / "var"), "ROSTRUM_BASE_URL": base}
            ),
            clock,
        )
        service.writer.act_now(fill, alone=True)
        clock.set(now)
        try:
            async with served(create_app(service), port):
                yield World(service, clock, base, browser)
        finally:
            close(service)
