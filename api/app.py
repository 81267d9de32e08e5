"""The composition root: settings in, one ASGI application out. The only file that knows everybody."""

import asyncio
import contextlib
import os
import time
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

from fastapi import FastAPI

from api.auth.keys import Keys
from api.resources import changes
from api.settings import Settings
from api.web import health, problems
from api.web.health import CountRequests
from api.web.limits import Limits
from api.web.service import Service
from scheduler.clock.now import Clock, SystemClock, parse_clock
from scheduler.journal.entries import JournalLedger
from scheduler.journal.following import Watcher
from scheduler.storage.engine import database
from scheduler.storage.installation import fixed_text
from scheduler.storage.reading import Reads
from scheduler.storage.writer import Writer

API = "/api/v1"
HOUSEKEEPING_SECONDS = 10
_REHEARSAL_GOES_ON = 60
_ROUTERS = (changes.router,)


def clock_of(settings: Settings) -> Clock:
    """The real clock, or the rehearsal's.

    Processes of one rehearsal share its beginning: it is kept in a file that the running ones touch, so a worker that
    is started later, or again, joins in; a minute after the last one ended the rehearsal begins anew.
    """
    if settings.clock is None:
        return SystemClock()
    file = settings.data_dir / "rehearsal"
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    began = _rehearsal_began(file, settings.clock)
    return parse_clock(settings.clock, anchored_at=began)


def _rehearsal_began(file: Path, text: str) -> datetime:
    with contextlib.suppress(OSError, ValueError):
        kept, began = file.read_text().split("\n")
        if kept == text and time.time() - file.stat().st_mtime < _REHEARSAL_GOES_ON:
            return datetime.fromisoformat(began)
    now = datetime.now(UTC)
    file.write_text(f"{text}\n{now.isoformat()}")
    return now


def build(settings: Settings, clock: Clock | None = None) -> Service:
    """The parts of a service over a migrated database; `close` ends them."""
    base = database(settings.database_url)
    ledger = JournalLedger()
    clock = clock or clock_of(settings)
    writer = Writer(base, clock, ledger)
    host = settings.base_url.split("//", 1)[1].split("/", 1)[0].split(":", 1)[0]
    return Service(
        settings=settings,
        clock=clock,
        database=base,
        ledger=ledger,
        writer=writer,
        reads=Reads(base),
        watcher=Watcher(base),
        uid_host=writer.act_now(lambda tx: fixed_text(tx, "uid_host", host)),
        limits=Limits(settings.rate),
    )


def close(service: Service) -> None:
    """Ends what `build` made."""
    service.watcher.stop()
    service.writer.close()
    service.reads.close()


def create_app(service: Service) -> FastAPI:
    """The web application over a built service. Its lifespan starts and ends what runs beside requests."""
    keys = Keys()
    for hears in (service.ledger, service.watcher):
        hears.listen(keys.heard)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        service.watcher.start()
        housekeeping = asyncio.create_task(_keep_house(service, keys))
        yield
        housekeeping.cancel()
        close(service)

    app = FastAPI(
        title="Rostrum",
        version="1",
        lifespan=lifespan,
        docs_url="/docs",
        redoc_url=None,
        openapi_url=f"{API}/openapi.json",
    )
    app.state.service = service
    app.state.keys = keys
    app.state.answers = Counter()
    app.add_middleware(CountRequests, counted=app.state.answers)
    problems.install(app)
    app.include_router(health.router)
    for router in _ROUTERS:
        app.include_router(router, prefix=API)
    return app


async def _keep_house(service: Service, keys: Keys) -> None:
    while True:
        await asyncio.sleep(HOUSEKEEPING_SECONDS)
        if service.settings.clock is not None:
            os.utime(service.settings.data_dir / "rehearsal")
