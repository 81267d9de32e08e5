"""Server-sent events: what happens to slots, as it happens, to as many as listen.

One pump a process reads the journal on from where it was, in its order, whoever wrote it, and hands each event to its
listeners as ready bytes. So none comes twice, none is missed, and `Last-Event-ID` is a number of the journal.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import groupby, zip_longest
from typing import cast

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Send

from api.auth.door import OpenDoor, actor_of
from api.live import sending
from api.live.sending import HEARTBEAT, HEARTBEAT_SECONDS, RETRY, EventStream, body
from api.web.documented import documented
from api.web.paths import an_id
from api.web.service import Service, service_of
from scheduler.journal.entries import Entry
from scheduler.journal.following import entries_after, last_number
from scheduler.lists.place import NO_LIST, known_list
from scheduler.lists.slot_changes import SlotChange, changes_after, tells, told_by
from scheduler.people.reader import Reader
from scheduler.storage.connection import Connection

_MOST_WAITING = 256
_MOST_AT_ONCE = 500


class _Listener:
    """One open stream. `sent` is the last number that it has; None in the queue ends it."""

    __slots__ = ("queue", "sent")

    def __init__(self) -> None:
        self.queue: asyncio.Queue[tuple[int, bytes] | None] = asyncio.Queue(_MOST_WAITING)
        self.sent = 0

    def give(self, item: tuple[int, bytes] | None) -> bool:
        """Queues an event; False where this one reads too slowly to have it."""
        try:
            self.queue.put_nowait(item)
        except asyncio.QueueFull:
            return False
        return True


class Streams:
    """The open streams of a process, by list."""

    def __init__(self, service: Service, heartbeat_seconds: float = HEARTBEAT_SECONDS) -> None:
        self._service = service
        self.heartbeat_seconds = heartbeat_seconds
        self._listeners: dict[str, set[_Listener]] = defaultdict(set)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken = asyncio.Event()
        self._pump: asyncio.Task[None] | None = None
        self._seen = 0

    def heard(self, entries: list[Entry]) -> None:
        """A journal listener, called in any thread."""
        if self._loop is not None and self._listeners and any(map(tells, entries)):
            with suppress(RuntimeError):  # a loop that has ended has nobody who listens
                self._loop.call_soon_threadsafe(self._woken.set)

    def end(self) -> None:
        """Ends all streams, so that the server need not wait for them: their clients come back by themselves."""
        for listeners in self._listeners.values():
            for listener in listeners:
                _end(listener)

    def open(self) -> int:
        """How many listen."""
        return sum(map(len, self._listeners.values()))

    @asynccontextmanager
    async def listening(self, list_id: str, after: int | None) -> AsyncIterator[tuple[_Listener, list[bytes]]]:
        """A listener of a list, and the events after the number `after` that it has missed."""
        listener = _Listener()
        await self._start()
        self._listeners[list_id].add(listener)
        try:
            # Registered before the journal is read: what happens meanwhile is in the queue, or in both.
            listener.sent, missed = await self._service.reads.long(lambda conn: _missed(conn, list_id, after))
            yield listener, missed
        finally:
            self._listeners[list_id].discard(listener)
            if not self._listeners[list_id]:
                del self._listeners[list_id]

    async def _start(self) -> None:
        if not self._listeners:
            self._seen = await self._service.reads.long(last_number)
        if self._pump is None:
            self._loop = asyncio.get_running_loop()
            self._pump = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while True:
            await self._woken.wait()
            self._woken.clear()
            while read := await self._service.reads.long(self._read_on):
                self._seen, changes = read
                for (_, list_id), together in groupby(changes, key=lambda change: (change.number, change.list)):
                    self._hand_out(list_id, list(together))

    def _read_on(self, conn: Connection) -> tuple[int, list[SlotChange]] | None:
        entries = entries_after(conn, self._seen, _MOST_AT_ONCE)
        return (entries[-1].id, told_by(conn, entries)) if entries else None

    def _hand_out(self, list_id: str, together: list[SlotChange]) -> None:
        listeners = self._listeners.get(list_id, ())
        item = (together[-1].number, _events(together)) if listeners else None
        for listener in listeners:
            if not listener.give(item):
                _end(listener)


class SlotStream(EventStream):
    """What happens to a list's slots, with a comment every so often to keep the connection."""

    def __init__(self, streams: Streams, list_id: str, after: int | None) -> None:
        super().__init__()
        self._streams, self._list, self._after = streams, list_id, after

    async def go_on(self, receive: Receive, send: Send) -> None:
        """Sends until the client goes or the stream is ended."""
        async with self._streams.listening(self._list, self._after) as (listener, missed):
            gone = asyncio.create_task(sending.wait_until_gone(receive, lambda: _end(listener)))
            try:
                # A first number, so that a client which comes back after an early loss misses nothing.
                await send(body(b"%sid: %d\n\n%s" % (RETRY, listener.sent, b"".join(missed))))
                await self._go_on(listener, send)
            finally:
                gone.cancel()

    async def _go_on(self, listener: _Listener, send: Send) -> None:
        while True:
            try:
                item = await asyncio.wait_for(listener.queue.get(), self._streams.heartbeat_seconds)
            except TimeoutError:
                await send(body(HEARTBEAT))
                continue
            if item is None:
                await send(sending.end())
                return
            number, event = item
            if number > listener.sent:
                listener.sent = number
                await send(body(event))


def _end(listener: _Listener) -> None:
    while not listener.give(None):
        listener.queue.get_nowait()


def _events(changes: list[SlotChange]) -> bytes:
    """The events of changes in order. One that others of its entry follow has the number before it.

    So whoever is cut off between them and resumes gets them all.
    """
    found = []
    for change, following in zip_longest(changes, changes[1:]):
        whole = following is None or following.number > change.number
        data = msgspec.json.encode({"id": change.slot, "status": change.status})
        found.append(b"event: slot\nid: %d\ndata: %s\n\n" % (change.number if whole else change.number - 1, data))
    return b"".join(found)


def _missed(conn: Connection, list_id: str, after: int | None) -> tuple[int, list[bytes]]:
    """The number up to which a new listener has everything, and the events that it had missed."""
    last = last_number(conn)
    found: list[bytes] = []
    position = None if after is None else min(after, last)
    while position is not None:
        changes, position = changes_after(conn, list_id, position)
        found.append(_events(changes))
        last = max(last, *(change.number for change in changes)) if changes else last
    return last, found


router = APIRouter(route_class=OpenDoor, tags=["slots"])


_EXAMPLE = 'id: 341\nevent: slot\ndata: {"id":"041116a9-5d3e-4c7b-9a0f-6c1d2e3f4a5b","status":"booked"}\n\n'
_DOCUMENTED = documented(None, "not-found", streamed=_EXAMPLE) | {"response_class": SlotStream}


@router.get("/lists/{list_id}/slots/stream", **_DOCUMENTED)
async def stream_slots(request: Request, list_id: str) -> Response:
    """What happens to the list's slots, as it happens: `text/event-stream`.

    Event `slot`, `id` is the journal's number, `data` is `{"id", "status"}`: the slot was added, taken, freed, changed,
    moved (also with its meeting), or is gone (`withdrawn`). Of several that one entry moves, all but the last have the
    number before it as `id`. A comment every 15 s keeps the connection; `Last-Event-ID` resumes without a gap. Listen
    first and then read the slots, and nothing is missed.
    """
    reader = Reader(actor_of(request))
    await service_of(request).reads.short(lambda conn: known_list(conn, reader, an_id(list_id, NO_LIST)))
    streams = cast("Streams", request.app.state.streams)
    return SlotStream(streams, list_id, sending.number(request.headers.get("last-event-id", "")))
