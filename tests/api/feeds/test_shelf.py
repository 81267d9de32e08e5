"""The feeds in memory: read once for all who wait, never older than what was answered, and only as many as fit."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
import pytest

from api.feeds.app import Feeds
from api.feeds.asked import Asked
from api.feeds.content import READS, Content
from api.feeds.shelf import Shelf
from api.web.service import Service
from calendars.entries import Variant
from scheduler.clock.now import SettableClock
from scheduler.journal.entries import CLOCK, Audience, Entry
from scheduler.people.permission import OPERATOR, Scopes
from scheduler.programme.tables import Meeting
from scheduler.secretariat import moving
from scheduler.storage.connection import Connection
from tests.makers import speaking
from tests.makers.speaking import Scene

SESSION = "sessions/ahc-2.ics"


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@dataclass
class Readings:
    """Reads of sessions, counted; each waits for `during`, and the next one fails where `broken`."""

    whole: list[str] = field(default_factory=list)
    during: list[Callable[[], object]] = field(default_factory=list)
    broken: bool = False

    def session(self, conn: Connection, asked: Asked, variant: Variant) -> Content:
        self.whole.append(asked.reference)
        if self.broken:
            raise RuntimeError("/var/lib/rostrum/rostrum.db is on fire")
        content = READS["sessions"](conn, asked, variant)
        while self.during:
            self.during.pop()()
        return content


@pytest.fixture
def reads() -> Readings:
    return Readings()


@pytest.fixture
async def calendars(service: Service, shelf: Shelf, reads: Readings) -> AsyncIterator[httpx.AsyncClient]:
    async with _client(service, shelf, reads) as client:
        yield client


def _client(service: Service, shelf: Shelf, reads: Readings) -> httpx.AsyncClient:
    feeds = Feeds(service, Counter(), shelf, READS | {"sessions": reads.session})
    return httpx.AsyncClient(transport=httpx.ASGITransport(feeds), base_url="http://rostrum.test/calendars/")


def _rename(service: Service, meeting: str, title: str) -> None:
    service.writer.act_now(lambda tx: moving.change_meeting(tx, OPERATOR, meeting, {"title": title}))


def _entry(kind: str, scene: Scene, number: int = 1_000) -> Entry:
    to = Audience(public=True, session=scene.session, meeting=scene.meeting)
    return Entry(datetime(2022, 5, 1, tzinfo=UTC), kind, "meeting", scene.meeting, CLOCK, to, id=number)


async def test_feed_is_read_once_for_all_who_wait(calendars: httpx.AsyncClient, scene: Scene, reads: Readings) -> None:
    answers = await asyncio.gather(*(calendars.get(SESSION) for _ in range(40)))

    assert {answer.status_code for answer in answers} == {200}
    assert reads.whole == ["ahc-2"]


async def test_feed_is_read_on_when_its_reader_hangs_up(
    calendars: httpx.AsyncClient, scene: Scene, reads: Readings
) -> None:
    waiting = [asyncio.create_task(calendars.get(SESSION)) for _ in range(2)]
    await asyncio.sleep(0)
    waiting[0].cancel()

    assert (await waiting[1]).status_code == 200
    assert reads.whole == ["ahc-2"]


async def test_meeting_that_changes_is_read_and_written_alone(
    service: Service, calendars: httpx.AsyncClient, shelf: Shelf, scene: Scene, reads: Readings
) -> None:
    others = _more_meetings(service, scene)
    before = (await calendars.get(SESSION)).text
    (assembly,) = set(shelf.known.values())
    assert assembly.written is not None
    kept = {id_: each[2] for id_, each in assembly.written.kept.items()}

    _rename(service, scene.meeting, "Another")
    after = (await calendars.get(SESSION)).text

    assert ["Another" in before, "Another" in after] == [False, True]
    assert reads.whole == ["ahc-2"]
    now_kept = {id_: each[2] for id_, each in assembly.written.kept.items()}
    assert [now_kept[id_] is kept[id_] for id_ in others] == [True] * len(others)
    assert now_kept[scene.meeting] is not kept[scene.meeting]


def _more_meetings(service: Service, scene: Scene) -> list[str]:
    of = Scopes(scene.body, scene.session)
    return service.writer.act_now(lambda tx: [speaking.meeting(tx, of, number) for number in (2, 3, 4)])


async def test_entry_is_acted_on_once_though_it_is_heard_twice(
    shelf: Shelf, scene: Scene, calendars: httpx.AsyncClient
) -> None:
    await calendars.get(SESSION)
    (assembly,) = set(shelf.known.values())
    entry = _entry("meeting.changed", scene)

    shelf.heard([entry])
    heard = assembly.marked
    shelf.told([entry])
    told = assembly.marked
    shelf.told([_entry("meeting.changed", scene, 1_001)])

    assert (told, assembly.marked) == (heard, heard + 1)


async def test_change_during_a_reading_is_in_the_next_answer(
    service: Service, calendars: httpx.AsyncClient, scene: Scene, reads: Readings
) -> None:
    reads.during.append(lambda: _rename(service, scene.meeting, "During"))

    first, second = (await calendars.get(SESSION)).text, (await calendars.get(SESSION)).text

    assert ["During" in first, "During" in second] == [False, True]


async def test_many_changed_meetings_are_read_together(
    service: Service, calendars: httpx.AsyncClient, shelf: Shelf, scene: Scene, reads: Readings
) -> None:
    await calendars.get(SESSION)

    for number in range(40):
        to = Audience(public=True, session=scene.session, meeting=str(number))
        at = datetime(2022, 5, 1, tzinfo=UTC)
        shelf.told([Entry(at, "meeting.moved", "meeting", str(number), CLOCK, to, id=2_000 + number)])
    await calendars.get(SESSION)

    assert reads.whole == ["ahc-2", "ahc-2"]


async def test_feed_that_cannot_be_read_is_a_problem_and_then_read_anew(
    calendars: httpx.AsyncClient, scene: Scene, reads: Readings
) -> None:
    reads.broken = True
    failed = await calendars.get(SESSION)
    reads.broken = False

    assert (failed.status_code, failed.json()["code"]) == (500, "internal")
    assert "fire" not in failed.text
    assert (await calendars.get(SESSION)).status_code == 200


async def test_longest_unused_feed_makes_room(
    service: Service, clock: SettableClock, scene: Scene, reads: Readings
) -> None:
    small = Shelf(most_bytes=30_000)
    others = (
        f"meetings/{scene.meeting}.ics",
        "programme.ics",
        "programme.ics?kind=session",
        "programme.ics?kind=briefing",
    )
    async with _client(service, small, reads) as client:
        for path in (SESSION, *others, SESSION, SESSION, *others):
            clock.advance(1)
            assert (await client.get(path)).status_code == 200

    assert reads.whole == ["ahc-2", "ahc-2"]
    assert sum(each.size for each in set(small.known.values())) <= 30_000


async def test_unknown_addresses_leave_nothing_behind(calendars: httpx.AsyncClient, shelf: Shelf, scene: Scene) -> None:
    for number in range(20):
        await calendars.get(f"private/{number}.ics")
        await calendars.get(f"sessions/none-{number}.ics")

    assert shelf.known == {}


async def test_feed_follows_rows_that_are_written_behind_its_back_once_told(
    service: Service, calendars: httpx.AsyncClient, shelf: Shelf, scene: Scene
) -> None:
    await calendars.get(SESSION)
    service.writer.act_now(lambda tx: tx.conn.update(Meeting, scene.meeting, title="Behind"))
    unaware = (await calendars.get(SESSION)).text

    shelf.told([_entry("something.new", scene)])

    assert ["Behind" in unaware, "Behind" in (await calendars.get(SESSION)).text] == [False, True]
