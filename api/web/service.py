"""What a running service is made of. Built once by `api.app`, found by routes at `request.app.state.service`."""

from dataclasses import dataclass, field
from typing import cast

from starlette.requests import Request

from api.settings import Settings
from api.web.limits import Limits
from scheduler.clock.now import Clock
from scheduler.journal.entries import JournalLedger
from scheduler.journal.following import Watcher
from scheduler.storage.engine import Database
from scheduler.storage.reading import Reads
from scheduler.storage.writer import Writer
from scheduler.subscriptions.feeds import LastRead


@dataclass(slots=True)
class Service:
    """The parts that requests share. `uid_host` is the host name in calendar UIDs, fixed at the first start.

    `feed_readings` are the last readings of private feeds, by id, that are not written yet.
    """

    settings: Settings
    clock: Clock
    database: Database
    ledger: JournalLedger
    writer: Writer
    reads: Reads
    watcher: Watcher
    uid_host: str
    limits: Limits = field(default_factory=Limits)
    feed_readings: dict[str, LastRead] = field(default_factory=dict)


def service_of(request: Request) -> Service:
    """The service that answers this request."""
    return cast("Service", request.app.state.service)
