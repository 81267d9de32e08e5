"""The composition root: settings in, one ASGI application out. The only file that knows everybody."""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import AsyncIterator
from functools import partial
from itertools import count
from typing import Any

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from api.auth.door import SCHEMES
from api.auth.keys import Keys
from api.feeds.app import PREFIX, Feeds
from api.live import floor as floor_streams
from api.live import slots as slot_streams
from api.live.halls import Floors
from api.live.sending import begun
from api.pages import (
    astray,
    demo_mail,
    docs,
    me_settings,
    meeting,
    paper,
    programme,
    screen,
    secretariat,
    session,
    sign_in,
    speakers_list,
    turn_acts,
    unsubscribe,
)
from api.pages import chair as chair_page
from api.pages import clock as clock_page
from api.pages import help as help_page
from api.pages import me as me_page
from api.pages import organisation as organisation_page
from api.pages import records as record_page
from api.pages import report as report_page
from api.pages.static_files import static
from api.resources import (
    accreditations,
    allocation,
    bodies,
    changes,
    exports,
    feeds,
    floor,
    imports,
    inscriptions,
    items,
    lists,
    me,
    meetings,
    organisations,
    outbox,
    people,
    programmes,
    records,
    reports,
    sessions,
    slots,
    waiting,
    webhooks,
)
from api.settings import Settings
from api.web import health, problems
from api.web.ahead import Ahead
from api.web.explaining import explain
from api.web.health import CountRequests
from api.web.limits import Limits
from api.web.rehearsal import clock_of, go_on
from api.web.service import Service
from api.web.signpost import Signpost
from api.worker.rounds import Channels
from api.worker.ticking import Worker
from scheduler.clock.now import Clock
from scheduler.errors import Busy
from scheduler.journal.entries import JournalLedger
from scheduler.journal.following import Watcher
from scheduler.people.tokens import note_seen
from scheduler.storage.engine import database
from scheduler.storage.installation import fixed_text
from scheduler.storage.reading import Reads
from scheduler.storage.writer import Tx, Writer
from scheduler.subscriptions.feeds import note_read

log = logging.getLogger(__name__)
API = "/api/v1"
HOUSEKEEPING_SECONDS = 10
ROUNDS_A_MINUTE = 6
_ROUTERS = (
    *(bodies.public, bodies.router, sessions.public, sessions.router, items.public, items.router),
    *(meetings.public, meetings.router, changes.router, organisations.public, organisations.router),
    *(people.router, imports.router, accreditations.router, me.router, feeds.router, webhooks.router),
    *(programmes.public, programmes.router),
    *(lists.public, lists.router, slots.public, exports.public, slots.router, inscriptions.public, inscriptions.router),
    *(floor.public, floor.router, records.public, reports.public),
    *(waiting.router, allocation.router, outbox.router, slot_streams.router, floor_streams.router),
)

_PAGES = (
    *(programme, session, speakers_list, me_page, me_settings, turn_acts, organisation_page, clock_page, sign_in),
    *(meeting, screen, chair_page, paper, record_page, report_page, help_page, docs, demo_mail, unsubscribe),
    *secretariat.PAGES,
)


def build(settings: Settings, clock: Clock | None = None) -> Service:
    """The parts of a service over a migrated database; `close` ends them."""
    base = database(settings.database_url)
    ledger = JournalLedger()
    clock = clock or clock_of(settings)
    writer = Writer(base, clock, ledger, settings.for_acts())
    return Service(
        settings=settings,
        clock=clock,
        database=base,
        ledger=ledger,
        writer=writer,
        reads=Reads(base),
        watcher=Watcher(base),
        uid_host=writer.act_now(lambda tx: uid_host(tx, settings)),
        limits=Limits(settings.rate),
    )


def uid_host(tx: Tx, settings: Settings) -> str:
    """The host name in calendar UIDs and Message-IDs, which the first start fixes."""
    return fixed_text(tx, "uid_host", settings.base_url.split("//", 1)[1].split("/", 1)[0].split(":", 1)[0])


def close(service: Service) -> None:
    """Ends what `build` made."""
    service.watcher.stop()
    service.writer.close()
    service.reads.close()


class Application(FastAPI):
    """The framework, and ahead of it `feeds`, which answers what lies below /calendars, and `ahead` for the API."""

    feeds: Feeds
    ahead: Ahead

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document, with how one signs in, what fields mean, and examples."""
        if self.openapi_schema is None:
            document = super().openapi()
            document["components"]["securitySchemes"] = SCHEMES
            explain(document)
        return super().openapi()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes each request to whom it is for."""
        if scope["type"] == "http" and scope["path"].startswith(PREFIX):
            await self.feeds(scope, receive, send)
            return
        if not await self.ahead.answers(scope, receive, send):
            await super().__call__(scope, receive, send)
        if stream := begun(scope):
            await stream.go_on(receive, send)


def create_app(service: Service, channels: Channels | None = None) -> Application:
    """The web application over a built service. Its lifespan starts and ends what runs beside requests.

    With `channels` the worker is part of that, in a thread of its own.
    """
    keys, streams, floors = Keys(), slot_streams.Streams(service), Floors(floor_streams.Journal(service))
    for hears in (service.ledger, service.watcher):
        hears.listen(keys.heard)
        hears.listen(streams.heard)
        hears.listen(floors.heard)
    service.ledger.listen(service.watcher.knows)

    app = Application(
        title="Rostrum",
        version="1",
        lifespan=lambda _: _running(service, keys, channels),
        docs_url=None,  # a page of ours: the framework's loads its parts from elsewhere
        redoc_url=None,
        openapi_url=f"{API}/openapi.json",
    )
    app.state.service = service
    app.state.keys = keys
    app.state.streams = streams
    app.state.floors = floors
    app.state.answers = Counter()
    app.feeds = Feeds(service, app.state.answers)
    signpost = Signpost(API, _ROUTERS)
    app.ahead = Ahead(app, signpost, app.state.answers)
    app.add_middleware(CountRequests, counted=app.state.answers)
    problems.install(app, signpost)
    astray.install(app)
    app.include_router(health.router)
    for page in _PAGES:
        app.include_router(page.router)
    app.mount("/static", static)
    for router in _ROUTERS:
        app.include_router(router, prefix=API)
    return app


@contextlib.asynccontextmanager
async def _running(service: Service, keys: Keys, channels: Channels | None) -> AsyncIterator[None]:
    """What runs beside requests: started before the first, ended after the last."""
    service.watcher.start()
    housekeeping = asyncio.create_task(_keep_house(service, keys))
    worker = Worker(service, channels) if channels else None
    if worker:
        worker.start()
    yield
    if worker:
        await asyncio.to_thread(worker.stop)
    housekeeping.cancel()
    await _write_down(service, keys)
    close(service)


async def _keep_house(service: Service, keys: Keys) -> None:
    for round_ in count(1):
        await asyncio.sleep(HOUSEKEEPING_SECONDS)
        go_on(service.settings)
        if round_ % ROUNDS_A_MINUTE == 0:
            try:
                await _write_down(service, keys)
            except Exception as error:  # noqa: BLE001  -- a database that is away comes back; this must outlive it
                log.warning("the last uses of sign-ins and feeds could not be written: %s", type(error).__name__)


async def _write_down(service: Service, keys: Keys) -> None:
    """Writes when sign-ins and private feeds were last used. It is no change, so where it must not wait it is lost."""
    seen, keys.seen = keys.seen, {}
    read, service.feed_readings = service.feed_readings, {}
    if seen or read:
        with contextlib.suppress(Busy):
            await service.writer.act(partial(note_seen, seen=seen))
            await service.writer.act(partial(note_read, read=read))
