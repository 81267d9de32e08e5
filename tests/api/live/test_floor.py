"""The floor's stream, over HTTP and out of the real journal."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from api.app import create_app
from api.live import floor
from api.live.halls import Floors
from api.web.floor import floor_json
from api.web.service import Service
from scheduler.clock.now import SettableClock
from scheduler.floor.reading import floor_now
from scheduler.floor.view import FloorView
from scheduler.ids import new_id
from scheduler.journal.entries import CLOCK, Audience, JournalLedger, append
from scheduler.people.tables import Person
from scheduler.programme.tables import Session
from scheduler.storage.writer import Tx, Writer
from tests.api.live.listening import Event, listening, served, until
from tests.makers import queueing
from tests.makers.speaking import STARTS_AT
from tests.scheduler.floor.meeting import Sat, sat

SHORT = 0.1
START = [(0, "open"), (1, "call"), (1.5, "start")]


@pytest.fixture
def here(service: Service, clock: SettableClock) -> Sat:
    """A meeting of four speakers at version 4, an hour before it begins."""
    made = sat(service.writer, clock)
    clock.set(STARTS_AT - timedelta(hours=1))
    return made


@pytest.fixture
async def floors(service: Service) -> AsyncIterator[tuple[str, Floors]]:
    """A server's address, and its floors."""
    app = create_app(service)
    async with served(app) as address:
        yield address, app.state.floors


def stream_of(address: str, here: Sat, query: str = "") -> str:
    return f"{address}/meetings/{here.scene.meeting}/floor/stream{query}"


def told(seen: FloorView) -> Event:
    """How a version is told."""
    return Event("floor", str(seen.version), floor_json(seen, None, "Europe/Vienna").decode())


async def do(here: Sat, minutes: float, command: str, **said: Any) -> Event:
    return told(await asyncio.to_thread(here.do, minutes, command, **said))


def _renamed(tx: Tx, person: str) -> None:
    tx.conn.update(Person, person, name="Another")
    append(tx, "person.changed", ("person", person), CLOCK, Audience(person=person))


async def test_listener_is_told_first_how_the_floor_stands(
    floors: tuple[str, Floors], service: Service, here: Sat
) -> None:
    await do(here, 0, "open")
    async with listening(stream_of(floors[0], here)) as stream:
        first = await stream.events(1)

    now = service.clock.now()
    assert first == [told(service.reads.now(lambda conn: floor_now(conn, here.scene.meeting, now)))]


async def test_each_version_is_told_once_in_order_as_its_command_was_answered(
    floors: tuple[str, Floors], here: Sat
) -> None:
    async with listening(stream_of(floors[0], here)) as stream:
        await stream.events(1)
        done = [await do(here, *step) for step in (*START, (4, "call"), (5, "absent"), (5, "undo"))]

        heard = await stream.events(6)

    assert [each.id for each in heard] == ["5", "6", "7", "8", "9", "10"]
    assert heard == done


async def test_versions_of_one_commit_and_of_another_process_are_told_one_by_one(
    floors: tuple[str, Floors], service: Service, here: Sat
) -> None:
    other = Writer(service.database, service.clock, JournalLedger())
    try:
        async with listening(stream_of(floors[0], here)) as stream:
            await stream.events(1)
            for step in START:
                await do(here, *step)
            await other.act(lambda tx: [queueing.turn(tx, here.scene, name) for name in "EF"])
            await service.writer.act(lambda tx: queueing.turn(tx, here.scene, "G"))

            heard = await stream.events(6)
    finally:
        other.close()

    assert [each.id for each in heard] == ["5", "6", "7", "8", "9", "10"]
    floors_seen = [json.loads(each.data) for each in heard]
    assert [seen["version"] for seen in floors_seen] == [5, 6, 7, 8, 9, 10]
    assert [[turn["speaker"]["name"] for turn in seen["queue"]] for seen in floors_seen[3:]] == [
        ["B", "C", "D", "E"],
        ["B", "C", "D", "E", "F"],
        ["B", "C", "D", "E", "F", "G"],
    ]


async def test_who_comes_back_is_told_all_that_she_missed_and_then_how_it_stands(
    floors: tuple[str, Floors], service: Service, here: Sat
) -> None:
    done = [await do(here, *step) for step in START]
    async with listening(stream_of(floors[0], here)) as stream:
        last = (await stream.events(1))[0].id
    done += [await do(here, *step) for step in ((4, "call"), (5, "start"))]
    service.clock.set(STARTS_AT + timedelta(minutes=6))  # type: ignore[attr-defined]  # -- the fixture's clock is settable

    async with listening(stream_of(floors[0], here), **{"Last-Event-ID": last}) as stream:
        missed = await stream.events(3)
        done.append(await do(here, 7, "pause"))
        following = await stream.events(1)

    assert (last, missed[:2], following) == ("7", done[3:5], done[5:])
    present = json.loads(missed[2].data)
    assert (missed[2].event, missed[2].id, present["version"]) == ("forecast", "", 9)
    assert (present["now"], present["current"]["elapsed_seconds"]) == ("2022-06-08T08:06:00.000Z", 60.0)


async def test_another_process_that_was_just_started_tells_the_same_from_the_first_version_on(
    service: Service, here: Sat
) -> None:
    done = [await do(here, *step) for step in (*START, (2, "pause"), (3, "resume"), (4, "finish"), (4, "close"))]
    async with (
        served(create_app(service)) as address,
        listening(stream_of(address, here), **{"Last-Event-ID": "4"}) as stream,
    ):
        heard = await stream.events(7)

    assert heard == done


@pytest.mark.parametrize("number", ["nonsense", "9" * 30, "-1", "999999999"])
async def test_number_that_the_floor_does_not_have_begins_with_how_it_stands(
    floors: tuple[str, Floors], here: Sat, number: str
) -> None:
    async with listening(stream_of(floors[0], here), **{"Last-Event-ID": number}) as stream:
        first = await stream.events(1)

    assert [(each.event, each.id) for each in first] == [("floor", "4")]


async def test_each_listener_has_turns_on_her_own_clock(floors: tuple[str, Floors], here: Sat) -> None:
    async with (
        listening(stream_of(floors[0], here, "?tz=Pacific/Auckland")) as far,
        listening(stream_of(floors[0], here)) as near,
    ):
        await far.events(1)
        await near.events(1)
        await do(here, 0, "open")
        there, plain = [json.loads((await each.events(1))[0].data) for each in (far, near)]

    first = there["queue"][0]
    assert first["viewer"]["start"] == f"20:{first['expected_start'][14:16]}"
    assert (first["viewer"]["timezone"], first["viewer"]["civil"]) == ("Pacific/Auckland", "evening")
    assert plain == there | {
        "queue": [{name: turn[name] for name in turn if name != "viewer"} for turn in there["queue"]]
    }


async def test_closed_meeting_keeps_its_stream_until_its_close_is_undone(floors: tuple[str, Floors], here: Sat) -> None:
    done = [await do(here, *step) for step in ((0, "open"), (60, "close"))]
    floors[1].heartbeat_seconds = SHORT
    async with listening(stream_of(floors[0], here)) as stream:
        assert await stream.events(1) == done[1:]
        assert await stream.told(4) == [":", ""] * 2
        undone = await do(here, 61, "undo")
        assert await stream.events(1) == [undone]


async def test_times_that_drift_are_told_as_a_forecast_without_a_number(
    floors: tuple[str, Floors], clock: SettableClock, here: Sat
) -> None:
    for step in START:
        await do(here, *step)
    floors[1].heartbeat_seconds = SHORT
    async with listening(stream_of(floors[0], here)) as stream:
        before = json.loads((await stream.events(1))[0].data)
        clock.set(STARTS_AT + timedelta(minutes=10))
        drifted = (await stream.events(1))[0]
        assert await stream.told(6) == [":", ""] * 3

    after = json.loads(drifted.data)
    assert (drifted.event, drifted.id, after["version"]) == ("forecast", "", before["version"])
    assert after["current"]["remaining_seconds"] == -330.0
    assert after["projected_end"] > before["projected_end"]


async def test_quiet_stream_has_heartbeats(floors: tuple[str, Floors], here: Sat) -> None:
    floors[1].heartbeat_seconds = SHORT
    async with listening(stream_of(floors[0], here)) as stream:
        await stream.events(1)

        assert await stream.told(4) == [":", ""] * 2


async def test_who_has_another_name_has_it_in_all_that_is_told_again(
    floors: tuple[str, Floors], service: Service, here: Sat
) -> None:
    async with listening(stream_of(floors[0], here)) as first:
        await first.events(1)
        await do(here, 0, "open")
        was = json.loads((await first.events(1))[0].data)["queue"][0]["speaker"]
        await service.writer.act(lambda tx: _renamed(tx, was["id"]))
        async with listening(stream_of(floors[0], here), **{"Last-Event-ID": "4"}) as stream:
            again = json.loads((await stream.events(1))[0].data)["queue"][0]["speaker"]

    assert (was["name"], again) == ("A", {"id": was["id"], "name": "Another"})


async def test_listener_that_goes_is_forgotten(floors: tuple[str, Floors], here: Sat) -> None:
    async with listening(stream_of(floors[0], here)), listening(stream_of(floors[0], here)):
        assert floors[1].open() == 2
    await until(lambda: floors[1].open() == 0)

    assert floors[1]._halls == {}


async def test_streams_end_when_they_are_told_to(floors: tuple[str, Floors], here: Sat) -> None:
    async with listening(stream_of(floors[0], here)) as stream:
        await stream.events(1)
        floors[1].end()

        assert await stream.ends()


async def test_meeting_that_a_reader_may_not_know_of_has_no_stream(
    client: httpx.AsyncClient, service: Service, here: Sat
) -> None:
    service.writer.act_now(lambda tx: tx.conn.update(Session, here.scene.session, status="draft"))

    for meeting in (here.scene.meeting, new_id(), "nonsense"):
        answer = await client.get(f"/meetings/{meeting}/floor/stream")

        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


async def test_clock_of_no_place_is_refused(client: httpx.AsyncClient, here: Sat) -> None:
    answer = await client.get(f"/meetings/{here.scene.meeting}/floor/stream?tz=Mars/Olympus")

    assert (answer.status_code, answer.json()["code"]) == (422, "unknown-timezone")


async def test_more_than_fit_are_asked_to_come_back(
    client: httpx.AsyncClient, here: Sat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(floor, "MOST_LISTENERS", 0)

    answer = await client.get(f"/meetings/{here.scene.meeting}/floor/stream")

    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "busy", "5")
