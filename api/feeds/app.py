"""/calendars/*: ready bytes from memory, ahead of the framework. Authorization and cookies are never looked at."""

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.feeds.asked import asked
from api.feeds.assembly import Assembly, Written
from api.feeds.content import READS, Read
from api.feeds.private import Remembered, private_content
from api.feeds.programs import program
from api.feeds.ready import Message, Ready
from api.feeds.shelf import Shelf
from api.web.problems import problem, refused
from api.web.service import Service
from calendars.entries import Variant
from scheduler.errors import Busy, Refusal
from scheduler.programme.calendar import one_meeting_event
from scheduler.storage.connection import Connection
from scheduler.subscriptions.feeds import LastRead, remember

PREFIX = "/calendars/"
_ON_ERRORS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "X-Content-Type-Options": "nosniff"}
_MOST_TRIES = 3

log = logging.getLogger(__name__)


class Feeds:
    """The ASGI application of all addresses below /calendars. `answers` counts by status, as around the framework."""

    def __init__(
        self, service: Service, answers: Counter[int], shelf: Shelf | None = None, reads: Mapping[str, Read] = READS
    ) -> None:
        self._service = service
        self._answers = answers
        self._shelf = shelf or Shelf()
        self._reads = reads
        self._variant = Variant(service.uid_host, service.settings.base_url)
        service.ledger.listen(self._shelf.heard)
        service.watcher.listen(self._shelf.told)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  -- what ASGI calls
        """Answers GET and HEAD with the feed, anything else and whatever fails with a problem."""
        try:
            start, body = await self._answer(scope)
        except Exception as error:  # noqa: BLE001  -- whatever it is, the answer is a problem document
            start, body = _failed(error, scope["method"])
        self._answers[start["status"]] += 1
        await send(start)
        await send(body)

    async def _answer(self, scope: Scope) -> tuple[Message, Message]:
        method: str = scope["method"]
        if method not in {"GET", "HEAD"}:
            refusal = problem(405, "method-not-allowed", "A calendar can only be read.")
            return _problem(refusal, method, Allow="GET, HEAD")
        headers = dict(scope["headers"])
        path = (scope["path"], scope["query_string"])
        now = self._service.clock.now()
        assembly = self._shelf.known.get(path) or self._shelf.assembly(path, asked(*path))
        ready = assembly.fresh(now) or await self._fresh(assembly)
        assembly.used_at = now
        if assembly.owner is not None:
            self._service.feed_readings[assembly.owner.feed] = LastRead(now, program(headers.get(b"user-agent")))
        return await ready.messages(method, headers)

    async def _fresh(self, assembly: Assembly) -> Ready:
        """The feed as it is at this moment or later. However many wait for it, it is read once."""
        wanted = self._shelf.wanted(assembly, self._service.clock.now())
        while assembly.built < wanted or assembly.ready is None:
            if assembly.building is None:
                assembly.building = asyncio.create_task(self._build(assembly))
                assembly.building.add_done_callback(_heard_out)
            # The reading goes on for the others when one of those who wait hangs up.
            await asyncio.shield(assembly.building)
        return assembly.ready

    async def _build(self, assembly: Assembly) -> None:
        upto, meetings = self._shelf.begin(assembly)
        try:
            written, ready = await self._read(assembly, meetings)
        except BaseException:
            self._shelf.fail(assembly)
            raise
        finally:
            assembly.building = None
        self._shelf.finish(assembly, upto, written, ready)

    async def _read(self, assembly: Assembly, meetings: list[str] | None) -> tuple[Written, Ready]:
        long = self._service.reads.long
        if assembly.asked.of != "private":
            return await long(lambda conn: self._public(conn, assembly, meetings))
        for _ in range(_MOST_TRIES):
            written, ready, remembered = await long(lambda conn: self._private(conn, assembly))
            if remembered is None or await self._remember(remembered):
                return written, ready
        raise Busy("This calendar is changing at the moment. Try again in a second.", retry_after=1)

    def _public(self, conn: Connection, assembly: Assembly, meetings: list[str] | None) -> tuple[Written, Ready]:
        before = assembly.written
        if meetings is not None and before is not None:
            for id_ in meetings:
                before.change(id_, one_meeting_event(conn, id_))
            return before, before.ready(self._service.clock.now())
        content = self._reads[assembly.asked.of](conn, assembly.asked, self._variant)
        written = before.with_content(content) if before else Written(content)
        return written, written.ready(self._service.clock.now())

    def _private(self, conn: Connection, assembly: Assembly) -> tuple[Written, Ready, Remembered | None]:
        now = self._service.clock.now()
        content, remembered = private_content(conn, assembly.asked.reference, self._variant, now)
        written = assembly.written.with_content(content) if assembly.written else Written(content)
        return written, written.ready(now), remembered

    async def _remember(self, what: Remembered) -> bool:
        return await self._service.writer.act(lambda tx: remember(tx, what.feed, what.turns, what.memory))


def _heard_out(building: "asyncio.Task[None]") -> None:
    """Takes note of how a reading ended, in case that nobody waits for it any more."""
    if not building.cancelled():
        building.exception()


def _failed(error: Exception, method: str) -> tuple[Message, Message]:
    if isinstance(error, Refusal):
        return _problem(refused(error), method)
    # Its address may be a secret, so it is not logged.
    log.error("a calendar could not be made", exc_info=error)
    return _problem(problem(500, "internal", "The service made a mistake. It is logged; try again later."), method)


def _problem(answer: Response, method: str, **headers: str) -> tuple[Message, Message]:
    answer.headers.update(_ON_ERRORS | headers)
    start: Message = {"type": "http.response.start", "status": answer.status_code, "headers": answer.raw_headers}
    return start, {"type": "http.response.body", "body": b"" if method == "HEAD" else answer.body}
