"""The floor of a meeting as it happens: where it comes from, how it is sent, the route."""

import asyncio
import resource
from collections.abc import Iterable
from typing import cast

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Send

from api.auth.door import OpenDoor, actor_of
from api.live import sending
from api.live.halls import Floors
from api.live.sending import EventStream, body
from api.live.telling import Clock, Told
from api.web import shapes
from api.web.answers import known_zone
from api.web.documented import documented
from api.web.floor import floor_json
from api.web.service import Service, service_of
from scheduler.errors import Busy
from scheduler.floor.versions import Shown, known_version, present, versions_after
from scheduler.people.reader import Reader
from scheduler.storage.connection import Connection

MOST_LISTENERS = 10_000
_FOR_STREAMS = 3 / 4
"""The share of the process's open files that streams may have: the rest is for whoever wants to act."""


class Journal:
    """Floors out of the journal of a service, read and encoded in its reader threads."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def present(self, meeting_id: str) -> Told:
        """The floor as it stands now."""

        def read(conn: Connection) -> Told:
            return _Told(present(conn, meeting_id, self._service.clock.now()), [])

        return await self._service.reads.long(read)

    async def after(self, meeting_id: str, version: int, clocks: Iterable[Clock], most: int) -> list[Told]:
        """The floors after a version, each at the moment of its event, in order; encoded for these clocks."""

        def read(conn: Connection) -> list[Told]:
            return [_Told(shown, clocks) for shown in versions_after(conn, meeting_id, version, most)]

        return await self._service.reads.long(read)


class _Told:
    __slots__ = ("_encoded", "_venue", "view")

    def __init__(self, shown: Shown, clocks: Iterable[Clock]) -> None:
        self.view, self._venue = shown.view, shown.timezone
        self._encoded: dict[Clock, bytes] = {}
        for clock in clocks:
            self.encoded(clock)

    def encoded(self, clock: Clock) -> bytes:
        """Its JSON, which is made once for each clock."""
        found = self._encoded.get(clock)
        if found is None:
            found = self._encoded[clock] = floor_json(self.view, clock, self._venue)
        return found


class FloorStream(EventStream):
    """The floor of a meeting, version by version."""

    def __init__(self, floors: Floors, meeting_id: str, clock: Clock, after: int | None) -> None:
        super().__init__()
        self._floors, self._meeting, self._clock, self._after = floors, meeting_id, clock, after

    async def go_on(self, receive: Receive, send: Send) -> None:
        """Sends until the client goes or the stream is ended."""
        with self._floors.listening(self._meeting, self._clock, self._after) as (hall, ear):
            gone = asyncio.create_task(sending.wait_until_gone(receive, ear.end))
            try:
                while chunk := await hall.next(ear):
                    await send(body(chunk))
                await send(sending.end())
            finally:
                gone.cancel()


def most_listeners() -> int:
    """How many may listen to floors at once in this process."""
    return min(MOST_LISTENERS, int(resource.getrlimit(resource.RLIMIT_NOFILE)[0] * _FOR_STREAMS))


router = APIRouter(route_class=OpenDoor, tags=["floor"])


_EXAMPLE = (
    'id: 17\nevent: floor\ndata: {"version":17,"status":"in_progress","now":"2022-06-13T13:42:07.250Z", ...}\n\n'
    'event: forecast\ndata: {"version":17, ...}\n\n'
)
_CODES = ("not-found", "unknown-timezone")
_DOCUMENTED = documented(None, *_CODES, streamed=_EXAMPLE) | {"response_class": FloorStream}


@router.get("/meetings/{meeting_id}/floor/stream", **_DOCUMENTED)
async def stream_floor(request: Request, meeting_id: str, tz: shapes.Zone = None) -> Response:
    """The floor of a meeting as it happens: `text/event-stream`.

    Event `floor`, `id` is the version, `data` the same JSON as `GET /meetings/{id}/floor`: first how it stands, then
    every version once, in order, as it stood at the moment of its event. Event `forecast` has no `id`: nothing
    happened, but the clock alone has moved the expected times; at most every 15 s. A comment every 15 s keeps the
    connection. `Last-Event-ID` resumes behind that version without a gap, and a `forecast` then tells how it stands. A
    meeting that closes keeps its stream, for its close may be undone. `busy` when too many listen here.
    """
    floors, after = cast("Floors", request.app.state.floors), sending.number(request.headers.get("last-event-id", ""))
    reader, clock = Reader(actor_of(request)), known_zone(tz)
    version = await service_of(request).reads.short(lambda conn: known_version(conn, reader, meeting_id))
    if floors.open() >= most_listeners():
        raise Busy("So many follow floors here that there is no room for more. Try again in a moment.", retry_after=5)
    return FloorStream(floors, meeting_id, clock, after if after is not None and after <= version else None)
