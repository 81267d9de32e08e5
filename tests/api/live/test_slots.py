"""Streams, on a real socket: a transport in memory would wait for their end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from api.app import create_app
from api.live import slots as live
from api.web.service import Service
from scheduler.ids import new_id
from scheduler.journal.entries import JournalLedger
from scheduler.journal.following import last_number
from scheduler.lists import booking, turns, withdrawing
from scheduler.lists.booking import Booking
from scheduler.lists.turns import Interlude
from scheduler.people.permission import OPERATOR, Actor
from scheduler.programme.tables import Session
from scheduler.secretariat import moving
from scheduler.storage.writer import Writer
from tests.api.live.listening import SOON, served, until
from tests.makers import speaking
from tests.makers.speaking import Scene


@pytest.fixture
async def streams(service: Service) -> AsyncIterator[tuple[str, live.Streams]]:
    """A server's address, and its streams, with a heartbeat every tenth of a second."""
    app = create_app(service)
    app.state.streams.heartbeat_seconds = 0.1
    async with served(app) as address:
        yield address, app.state.streams


@pytest.fixture
def scene(service: Service) -> Scene:
    return service.writer.act_now(speaking.scene)


class Reading:
    """The lines of a stream, as they come."""

    def __init__(self, response: httpx.Response) -> None:
        self._lines = response.aiter_lines()

    async def lines(self, count: int) -> list[str]:
        async with asyncio.timeout(SOON):
            return [await anext(self._lines) for _ in range(count)]

    async def events(self, count: int) -> list[tuple[str, str]]:
        """(id, data) of the next events; heartbeats are passed over."""
        found: list[tuple[str, str]] = []
        event: dict[str, str] = {}
        async with asyncio.timeout(SOON):
            while len(found) < count:
                line = await anext(self._lines)
                if line and not line.startswith(":"):
                    name, _, value = line.partition(": ")
                    event[name] = value
                elif not line and "event" in event:
                    assert event["event"] == "slot"
                    found.append((event["id"], event["data"]))
                    event = {}
        return found

    async def ends(self) -> bool:
        async with asyncio.timeout(SOON):
            async for _ in self._lines:
                pass
        return True


@asynccontextmanager
async def reading(address: str, list_id: str, **headers: str) -> AsyncIterator[Reading]:
    """An open stream, of which the first lines (when to come back, the number that it begins with) are read."""
    async with (
        httpx.AsyncClient(timeout=SOON) as client,
        client.stream("GET", f"{address}/lists/{list_id}/slots/stream", headers=headers) as response,
    ):
        assert (response.status_code, response.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
        found = Reading(response)
        first = await found.lines(3)
        assert first[0] == "retry: 2000"
        assert first[1].startswith("id: ")
        yield found


async def book(service: Service, actor: Actor, slot: str) -> str:
    made = await service.writer.act(lambda tx: booking.book(tx, actor, slot, Booking("remote")))
    return made.id


async def move(service: Service, scene: Scene, **changes: str) -> None:
    await service.writer.act(lambda tx: moving.change_meeting(tx, OPERATOR, scene.meeting, changes))


def data(slot: str, status: str) -> str:
    return f'{{"id":"{slot}","status":"{status}"}}'


async def test_listener_hears_of_each_slot_as_it_is_booked_and_freed(
    streams: tuple[str, live.Streams], service: Service, scene: Scene
) -> None:
    ada = service.writer.act_now(lambda tx: speaking.speaker(tx, scene))
    async with reading(streams[0], scene.list) as stream:
        hers = await book(service, ada, scene.slots[3])
        await service.writer.act(lambda tx: withdrawing.withdraw(tx, ada, hers))
        await service.writer.act(lambda tx: turns.take_out(tx, OPERATOR, scene.slots[3]))

        found = await stream.events(3)

    assert [each[1] for each in found] == [data(scene.slots[3], s) for s in ("booked", "free", "withdrawn")]
    assert [int(number) for number, _ in found] == sorted(int(number) for number, _ in found)


async def test_listener_hears_of_free_slots_that_a_panel_moves_or_pushes_out(
    streams: tuple[str, live.Streams], service: Service, scene: Scene
) -> None:
    put = Interlude("panel", 540, after=scene.slots[17])
    async with reading(streams[0], scene.list) as stream:
        panel = await service.writer.act(lambda tx: turns.put(tx, OPERATOR, scene.list, put))

        found = await stream.events(3)

    assert [each[1] for each in found] == [
        data(scene.slots[18], "free"),
        data(scene.slots[19], "withdrawn"),
        data(panel.id, "booked"),
    ]


async def test_listener_hears_of_each_slot_when_the_meeting_moves_and_resumes_within_without_a_gap(
    streams: tuple[str, live.Streams], service: Service, scene: Scene
) -> None:
    ada = service.writer.act_now(lambda tx: speaking.speaker(tx, scene))
    await book(service, ada, scene.slots[1])
    moved = [data(slot, "booked" if slot == scene.slots[1] else "free") for slot in scene.slots]
    async with reading(streams[0], scene.list) as stream:
        await move(service, scene, date="2022-06-09")
        heard = await stream.events(20)
    number = service.reads.now(last_number)
    async with reading(streams[0], scene.list, **{"Last-Event-ID": heard[7][0]}) as stream:
        again = await stream.events(20)

    assert heard == list(zip([str(number - 1)] * 19 + [str(number)], moved, strict=True))
    assert again == heard


async def test_listener_hears_nothing_when_a_meeting_ends_later(
    streams: tuple[str, live.Streams], service: Service, scene: Scene
) -> None:
    ada = service.writer.act_now(lambda tx: speaking.speaker(tx, scene))
    async with reading(streams[0], scene.list) as stream:
        await move(service, scene, end="13:30")
        await book(service, ada, scene.slots[0])

        assert [each[1] for each in await stream.events(1)] == [data(scene.slots[0], "booked")]


async def test_listener_hears_nothing_of_other_lists(
    streams: tuple[str, live.Streams], service: Service, scene: Scene
) -> None:
    other = service.writer.act_now(lambda tx: speaking.scene(tx, code="ahc-3"))
    ada = service.writer.act_now(lambda tx: speaking.speaker(tx, scene))
    async with reading(streams[0], scene.list) as stream:
        put = Interlude("break", 60)
        await service.writer.act(lambda tx: turns.put(tx, OPERATOR, other.list, put))
        await book(service, ada, scene.slots[0])

        assert [each[1] for each in await stream.events(1)] == [data(scene.slots[0], "booked")]


async def test_listener_that_comes_back_has_missed_nothing_and_hears_nothing_twice(
    streams: tuple[str, live.Streams], service: Service, scene: Scene
) -> None:
    people = service.writer.act_now(lambda tx: [speaking.speaker(tx, scene, f"Speaker {n}") for n in range(6)])
    async with reading(streams[0], scene.list) as stream:
        await book(service, people[0], scene.slots[0])
        await book(service, people[1], scene.slots[1])
        heard = await stream.events(1)
    for number in range(2, 5):
        await book(service, people[number], scene.slots[number])

    async with reading(streams[0], scene.list, **{"Last-Event-ID": heard[-1][0]}) as stream:
        await book(service, people[5], scene.slots[5])
        heard += await stream.events(5)

    assert [each[1] for each in heard] == [data(slot, "booked") for slot in scene.slots[:6]]


@pytest.mark.parametrize("number", ["nonsense", "9" * 30, "-1", "999999999"])
async def test_number_that_the_journal_does_not_have_begins_now(
    streams: tuple[str, live.Streams], service: Service, scene: Scene, number: str
) -> None:
    ada = service.writer.act_now(lambda tx: speaking.speaker(tx, scene))
    async with reading(streams[0], scene.list, **{"Last-Event-ID": number}) as stream:
        await book(service, ada, scene.slots[0])

        assert [each[1] for each in await stream.events(1)] == [data(scene.slots[0], "booked")]


async def test_what_another_process_writes_is_heard_in_order(
    streams: tuple[str, live.Streams], service: Service, scene: Scene
) -> None:
    other = Writer(service.database, service.clock, JournalLedger())
    people = service.writer.act_now(lambda tx: [speaking.speaker(tx, scene, f"Speaker {n}") for n in range(6)])
    try:
        async with reading(streams[0], scene.list) as stream:
            for number, actor in enumerate(people):
                writer = other if number % 2 else service.writer
                slot = scene.slots[number]
                await writer.act(lambda tx: booking.book(tx, actor, slot, Booking("remote")))  # noqa: B023  -- at once

            heard = await stream.events(6)
    finally:
        other.close()

    assert [each[1] for each in heard] == [data(slot, "booked") for slot in scene.slots[:6]]


async def test_quiet_stream_has_a_heartbeat(streams: tuple[str, live.Streams], scene: Scene) -> None:
    async with reading(streams[0], scene.list) as stream:
        assert await stream.lines(4) == [":", "", ":", ""]


async def test_listener_that_goes_is_forgotten(streams: tuple[str, live.Streams], scene: Scene) -> None:
    async with reading(streams[0], scene.list), reading(streams[0], scene.list):
        assert streams[1].open() == 2
    await until(lambda: streams[1].open() == 0)

    assert streams[1].open() == 0


async def test_streams_end_when_they_are_told_to(streams: tuple[str, live.Streams], scene: Scene) -> None:
    async with reading(streams[0], scene.list) as stream:
        streams[1].end()

        assert await stream.ends()


async def test_listener_that_reads_too_slowly_is_let_go(
    service: Service, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "_MOST_WAITING", 2)
    slow = live.Streams(service)
    service.ledger.listen(slow.heard)
    people = service.writer.act_now(lambda tx: [speaking.speaker(tx, scene, f"Speaker {n}") for n in range(4)])

    async with slow.listening(scene.list, None) as (listener, missed):
        for actor, slot in zip(people, scene.slots, strict=False):
            await book(service, actor, slot)
        last = service.reads.now(last_number)
        await until(lambda: slow._seen == last)
        left: list[Any] = [listener.queue.get_nowait() for _ in range(2)]

    assert (missed, left[-1]) == ([], None)


async def test_list_that_a_reader_may_not_know_of_has_no_stream(
    client: httpx.AsyncClient, service: Service, scene: Scene
) -> None:
    service.writer.act_now(lambda tx: tx.conn.update(Session, scene.session, status="draft"))

    for list_id in (scene.list, new_id(), "nonsense"):
        answer = await client.get(f"/lists/{list_id}/slots/stream")

        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
