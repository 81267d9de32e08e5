"""Listeners and the pump, over a source in memory: the slow, the many, and a source that fails."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from api.live import halls
from api.live.halls import Ear, Floors, Hall
from api.live.telling import Clock, Kept, Told
from scheduler.floor.fold import begin
from scheduler.floor.record import Sitting
from scheduler.floor.view import FloorView, floor_view
from scheduler.journal.entries import CLOCK, Audience, Entry
from tests.api.live.listening import until

NOW = datetime(2022, 6, 8, 8, tzinfo=UTC)
VIEW = floor_view(begin([]), Sitting(NOW, NOW + timedelta(hours=3)), NOW)
MEETING = "m"


@dataclass(slots=True)
class Made:
    """A floor whose JSON is so long."""

    view: FloorView
    made: list[tuple[int, Clock]]
    length: int = 1

    def encoded(self, clock: Clock) -> bytes:
        self.made.append((self.view.version, clock))
        return b"x" * self.length


@dataclass
class Memory:
    """A source with so many versions. `made` are those that were encoded, `asked` how often it was read."""

    version: int = 0
    length: int = 1
    faults: int = 0
    made: list[tuple[int, Clock]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def present(self, meeting_id: str) -> Told:  # noqa: ARG002  -- there is only one
        self._ask("present")
        return self._floor(self.version)

    async def after(self, meeting_id: str, version: int, clocks: Iterable[Clock], most: int) -> list[Told]:  # noqa: ARG002  -- the same, and whoever asks encodes
        self._ask("after")
        return [self._floor(each) for each in range(version + 1, min(self.version, version + most) + 1)]

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if self.faults:
            self.faults -= 1
            raise ConnectionError("the database went away")

    def _floor(self, version: int) -> Told:
        return Made(replace(VIEW, version=version), self.made, self.length)


def happen(floors: Floors, source: Memory, count: int = 1) -> None:
    """So many versions, heard of in one batch."""
    source.version += count
    floors.heard([entry("floor.extend", number=source.version)])


def entry(kind: str, number: int | None = None) -> Entry:
    return Entry(NOW, kind, "meeting", MEETING, CLOCK, Audience(meeting=MEETING), None, number)


def name_of(chunk: bytes | None) -> str:
    """`floor 7`, `forecast`, or `:` for a heartbeat alone."""
    said = dict(line.split(": ", 1) for line in (chunk or b"").decode().splitlines() if ": " in line)
    return " ".join(said[name] for name in ("event", "id") if name in said) or ":"


async def names(hall: Hall, ear: Ear, count: int) -> list[str]:
    async with asyncio.timeout(10):
        return [name_of(await hall.next(ear)) for _ in range(count)]


@asynccontextmanager
async def listened(floors: Floors, clock: Clock = None, after: int | None = None) -> AsyncIterator[tuple[Hall, Ear]]:
    with floors.listening(MEETING, clock, after) as (hall, ear):
        yield hall, ear


async def test_each_version_is_encoded_once_for_each_clock_however_many_listen() -> None:
    source = Memory()
    floors = Floors(source)
    async with (
        listened(floors) as (hall, one),
        listened(floors) as (_, two),
        listened(floors, "Asia/Tokyo") as (_, far),
    ):
        everybody = (one, two, far)
        assert [await names(hall, ear, 1) for ear in everybody] == [["floor 0"]] * 3
        source.made.clear()
        happen(floors, source, 3)
        heard = [await names(hall, ear, 3) for ear in everybody]

    assert heard == [["floor 1", "floor 2", "floor 3"]] * 3
    assert sorted(source.made, key=str) == [(v, c) for v in (1, 2, 3) for c in ("Asia/Tokyo", None)]


async def test_many_who_come_at_once_are_told_of_one_reading() -> None:
    source = Memory(5)
    floors = Floors(source)
    async with listened(floors) as (hall, first), listened(floors) as (_, second):
        both = list(await asyncio.gather(names(hall, first, 1), names(hall, second, 1)))

    assert both == [["floor 5"], ["floor 5"]]
    assert source.asked == ["present"]


async def test_listener_who_does_not_read_delays_nobody_and_reads_all_later(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Memory(length=1_000)
    floors = Floors(source)
    floors._kept = Kept(most_bytes=4_000)
    async with listened(floors) as (hall, slow), listened(floors) as (_, quick):
        await names(hall, slow, 1)
        await names(hall, quick, 1)
        for number in range(1, 41):
            happen(floors, source)
            assert await names(hall, quick, 1) == [f"floor {number}"]
        kept = len(floors._kept._events)
        later = await names(hall, slow, 40)

    assert kept == 3
    assert later == [f"floor {number}" for number in range(1, 41)]


async def test_many_who_come_back_far_behind_share_what_is_read_again() -> None:
    source = Memory(40)
    floors = Floors(source)
    async with listened(floors, after=0) as (hall, one), listened(floors, after=0) as (_, two):
        both = list(await asyncio.gather(names(hall, one, 41), names(hall, two, 41)))

    assert both == [[*(f"floor {number}" for number in range(1, 41)), "forecast"]] * 2
    assert source.asked.count("after") == 3


async def test_pump_goes_on_when_the_database_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(halls, "_AFTER_A_FAULT_SECONDS", 0.01)
    source = Memory()
    floors = Floors(source)
    async with listened(floors) as (hall, ear):
        await names(hall, ear, 1)
        source.faults = 1
        happen(floors, source)
        await until(lambda: source.faults == 0)
        happen(floors, source)
        heard = await names(hall, ear, 2)

    assert heard == ["floor 1", "floor 2"]


async def test_entries_that_no_floor_shows_wake_nobody() -> None:
    source = Memory()
    floors = Floors(source)
    async with listened(floors) as (hall, ear):
        await names(hall, ear, 1)
        floors.heard([entry("meeting.changed"), entry("person.changed")])
        await asyncio.sleep(0)

        assert (hall.news.is_set(), source.asked) == (False, ["present"])


async def test_forecasts_are_told_to_those_who_have_the_version_alone() -> None:
    source = Memory(1)
    floors = Floors(source, heartbeat_seconds=0.05)
    async with listened(floors) as (hall, here), listened(floors, after=0) as (_, behind):
        await names(hall, here, 1)
        hall._drift, hall._round = await source.present(MEETING), 2
        assert await names(hall, here, 1) == ["forecast"]
        assert await names(hall, behind, 3) == ["floor 1", "forecast", ":"]


def test_what_was_not_asked_for_the_longest_goes_first() -> None:
    kept = Kept(most_bytes=6)
    for version in (1, 2, 3):
        kept.put((MEETING, version, None), b"xx")
    kept.get((MEETING, 1, None))
    kept.put((MEETING, 4, None), b"xxx")

    assert [kept.get((MEETING, version, None)) for version in (1, 2, 3, 4)] == [b"xx", None, None, b"xxx"]
    kept.clear()
    kept.put((MEETING, 5, None), b"xxxxxx")
    assert kept.get((MEETING, 5, None)) == b"xxxxxx"
