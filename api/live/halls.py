"""All who follow the floor of a meeting in this process, and what they hear of it.

One pump a meeting reads what happened on, version by version, and makes the bytes of each once for everybody. A
listener is only the number of the version that she has: what she lacks she takes from there, as quickly as she reads.
So whoever is slow delays nobody and nothing piles up for her; what is no more at hand is read from the journal again.
"""

import asyncio
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from api.live.sending import HEARTBEAT, HEARTBEAT_SECONDS, RETRY
from api.live.telling import Clock, Kept, Source, Told, floor, forecast
from scheduler.floor.drift import drifted
from scheduler.journal.entries import Entry

log = logging.getLogger(__name__)
_AT_ONCE = 16
_WOKEN_TOGETHER = 200
_FRESH_SECONDS = 0.2
_AFTER_A_FAULT_SECONDS = 1.0
_RENAMING = frozenset({"person", "organisation"})


class Ear:
    """One listener: `version` is what she has, None before the first; `resumes` until she has heard how it stands."""

    __slots__ = ("_awake", "_waiting", "clock", "ended", "resumes", "round", "version")

    def __init__(self, clock: Clock, after: int | None) -> None:
        self.clock = clock
        self.version = after
        self.resumes = after is not None
        self.round = 0
        self.ended = False
        self._awake = False
        self._waiting: asyncio.Future[None] | None = None

    def wake(self) -> None:
        """There is something new."""
        self._awake = True
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def end(self) -> None:
        """Nothing more is sent."""
        self.ended = True
        self.wake()

    async def wait(self) -> None:
        """Until there is something new since this was called last."""
        if not self._awake:
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting
            self._waiting = None
        self._awake = False


@dataclass(slots=True)
class _Present:
    at: float
    told: asyncio.Task[Told]


class Hall:
    """The listeners of one meeting and the pump that reads for them."""

    def __init__(self, meeting_id: str, source: Source, kept: Kept, heartbeat_seconds: float) -> None:
        self.ears: set[Ear] = set()
        self.news = asyncio.Event()
        self._meeting, self._source, self._kept, self._heartbeat = meeting_id, source, kept, heartbeat_seconds
        self._version: int | None = None
        self._round = 1
        self._beats_at = asyncio.get_running_loop().time() + heartbeat_seconds
        self._told: Told | None = None
        self._drift: Told | None = None
        self._present: _Present | None = None
        self._again = asyncio.Lock()
        self._pump = asyncio.create_task(self._run())

    def stop(self) -> None:
        """Ends the pump."""
        self._pump.cancel()

    def stale(self) -> None:
        """Something happened: how it stood before is told to nobody who comes now."""
        self._present = None
        self.news.set()

    async def next(self, ear: Ear) -> bytes | None:
        """What this listener is sent next, once there is something; None: her stream ends."""
        while not ear.ended:
            if due := await self._due(ear):
                return due
            await ear.wait()
        return None

    async def _due(self, ear: Ear) -> bytes:
        if ear.version is None:
            told = await self._now()
            ear.version, ear.round = told.view.version, self._round
            return RETRY + floor(told, ear.clock)
        if self._version is not None and ear.version < self._version:
            return await self._following(ear, ear.version)
        if ear.resumes:
            told = await self._now()
            if told.view.version != ear.version:
                return b""  # the pump is about to hear of it
            ear.resumes, ear.round = False, self._round
            return RETRY + forecast(told, ear.clock)
        if ear.round < self._round:
            ear.round = self._round
            drift = self._drift
            return HEARTBEAT + (forecast(drift, ear.clock) if drift and drift.view.version == ear.version else b"")
        return b""

    async def _following(self, ear: Ear, version: int) -> bytes:
        """The event after this version."""
        key = (self._meeting, version + 1, ear.clock)
        event = self._kept.get(key)
        if event is None:
            async with self._again:
                event = self._kept.get(key) or await self._read_again(key)
        ear.version = version + 1
        return event

    async def _read_again(self, key: tuple[str, int, Clock]) -> bytes:
        _, version, clock = key
        found = await self._source.after(self._meeting, version - 1, [clock], _AT_ONCE)
        self._keep(found, [clock])
        # A number that no entry has (there is none) would have nothing to tell.
        return floor(found[0], clock) if found and found[0].view.version == version else HEARTBEAT

    def _keep(self, found: list[Told], clocks: Iterable[Clock]) -> None:
        for told in found:
            for clock in clocks:
                self._kept.put((self._meeting, told.view.version, clock), floor(told, clock))

    async def _now(self) -> Told:
        """The floor as it stands, read once for all who come within a moment."""
        at = asyncio.get_running_loop().time()
        if self._present is None or self._present.at < at - _FRESH_SECONDS:
            self._present = _Present(at, asyncio.create_task(self._source.present(self._meeting)))
        return await asyncio.shield(self._present.told)

    async def _run(self) -> None:
        while True:
            try:
                if self._told is None:
                    self._told = await self._now()
                    self._version = self._told.view.version
                    await self._wake()
                await self._step()
            except Exception as error:  # noqa: BLE001  -- a database that is away comes back; the pump must outlive it
                log.warning("a floor cannot be followed at the moment: %s", type(error).__name__)
                await asyncio.sleep(_AFTER_A_FAULT_SECONDS)

    async def _step(self) -> None:
        try:
            async with asyncio.timeout_at(self._beats_at):
                await self.news.wait()
        except TimeoutError:
            self._beats_at = asyncio.get_running_loop().time() + self._heartbeat
            await self._beat()
        else:
            self.news.clear()
            await self._read_on()

    async def _read_on(self) -> None:
        clocks = {ear.clock for ear in self.ears}
        while found := await self._source.after(self._meeting, self._version or 0, clocks, _AT_ONCE):
            self._keep(found, clocks)
            self._told, self._version = found[-1], found[-1].view.version
            await self._wake()

    async def _beat(self) -> None:
        """Keeps the connections, and tells how the times have drifted: not of a closed meeting, which has none left."""
        self._drift = None
        if self._told is not None and self._told.view.status != "closed":
            told = await self._now()
            if drifted(self._told.view, told.view):
                self._drift = self._told = told
        self._round += 1
        await self._wake()

    async def _wake(self) -> None:
        """Wakes all who listen; in between others have their turn on the loop."""
        for number, ear in enumerate(list(self.ears), 1):
            ear.wake()
            if number % _WOKEN_TOGETHER == 0:
                await asyncio.sleep(0)


class Floors:
    """The halls of a process, by meeting."""

    def __init__(self, source: Source, heartbeat_seconds: float = HEARTBEAT_SECONDS) -> None:
        self.heartbeat_seconds = heartbeat_seconds
        self._source = source
        self._kept = Kept()
        self._halls: dict[str, Hall] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    def heard(self, entries: list[Entry]) -> None:
        """A journal listener, called in any thread."""
        renaming = any(entry.kind.partition(".")[0] in _RENAMING for entry in entries)
        meetings = {entry.audience.meeting for entry in entries if entry.meeting_number is not None}
        if self._loop is not None and (renaming or any(each in self._halls for each in meetings)):
            with suppress(RuntimeError):  # a loop that has ended has nobody who listens
                self._loop.call_soon_threadsafe(self._hear, meetings, renaming)

    def open(self) -> int:
        """How many listen."""
        return sum(len(hall.ears) for hall in self._halls.values())

    def end(self) -> None:
        """Ends all streams, so that the server need not wait for them: their clients come back by themselves."""
        for hall in self._halls.values():
            for ear in hall.ears:
                ear.end()

    @contextmanager
    def listening(self, meeting_id: str, clock: Clock, after: int | None) -> Iterator[tuple[Hall, Ear]]:
        """A listener in a meeting's hall, who has the versions up to `after`; None: she has seen nothing yet."""
        self._loop = asyncio.get_running_loop()
        hall = self._halls.get(meeting_id)
        if hall is None:
            hall = self._halls[meeting_id] = Hall(meeting_id, self._source, self._kept, self.heartbeat_seconds)
        ear = Ear(clock, after)
        hall.ears.add(ear)
        try:
            yield hall, ear
        finally:
            hall.ears.discard(ear)
            if not hall.ears:
                hall.stop()
                del self._halls[meeting_id]

    def _hear(self, meetings: set[str | None], renaming: bool) -> None:
        if renaming:
            self._kept.clear()
        for meeting_id in meetings & self._halls.keys():
            self._halls[str(meeting_id)].stale()
