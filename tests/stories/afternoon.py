"""The afternoon meeting of 13 June 2022 with thirty speakers, run by its chair over HTTP at 60 times the speed.

`python -m tests.stories.afternoon [--database URL] [--speed N] [--standby]` plays it on a fresh database of each kind,
or on the empty one that is named, with a worker in a process of its own that is killed twice and a mail server. It
prints what the record accounts for, whether its replay shows what the service did, the remote minutes and the letters.
"""

import argparse
import asyncio
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import httpx
from aiosmtpd.smtp import Envelope
from sqlalchemy import select

from api.app import build, close
from api.settings import read_settings
from api.web.rehearsal import clock_of
from scheduler.clock.now import Clock, SettableClock, seconds_until
from scheduler.clock.zones import rfc3339
from scheduler.programme.tables import Session
from scheduler.storage.columns import table
from scheduler.storage.engine import database
from scheduler.storage.migrate import migrate
from scheduler.storage.writer import Tx
from tests.makers import people, speaking
from tests.makers.mail_server import OK, mail_server
from tests.stories import afternoon_record, serving
from tests.stories.at_once import Wanted
from tests.stories.chairing import STARTS_AT, Chair, afternoon, asked
from tests.stories.following import Follower
from tests.stories.turn_reminders import Outcome, judged

PROGRAMME = serving.ROOT / "scheduler" / "demo" / "programme.toml"
LOADED_AT, NEXT_STARTS_AT = datetime(2022, 6, 1, 8, tzinfo=UTC), datetime(2022, 6, 14, 8, tzinfo=UTC)
ENDS_THEN = "17:15"
SPEED = 60
READY_SECONDS = 5.0
"""Real seconds that the processes may take to stand ready, and thirty people to inscribe, before the meeting opens."""

CATEGORIES = ("member_state",) * 16 + ("observer_state",) * 2 + ("igo",) * 2 + ("ngo",) * 6 + ("academia",) * 4
ZONES = ("Europe/Vienna", "America/Bogota", "Pacific/Apia", "Asia/Kathmandu", "Africa/Nairobi", "America/New_York")

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Killed:
    """So many minutes after the planned start the worker is killed.

    `standby`: another has just been started then; else it is started now, which at 60 times the speed takes minutes.
    """

    after: Sequence[float] = (25.0, 70.0)
    standby: bool = False


@dataclass(frozen=True, slots=True)
class Played:
    """The meeting when it is over: its chair, its record as everybody gets it, its last floor as bytes.

    `next_floor` is that of the meeting in which it goes on, `follower` read its stream from before the opening on.
    `arrived` are the letters that came in, by Message-ID and moment.
    """

    chair: Chair
    record: dict[str, Any]
    shown: bytes
    next_floor: dict[str, Any]
    follower: Follower
    arrived: list[tuple[str, datetime]]


@dataclass(frozen=True, slots=True)
class _Cast:
    """The secretariat's, the chair's and the speakers' tokens, and the delegation that raises points."""

    office: str
    chair: str
    speakers: list[str]
    delegation: str


async def played(url: str, folder: Path, speed: int = SPEED, killed: Killed | None = None) -> Played:
    """Plays it on a migrated, empty database. Where it is killed now and then, a worker sends letters meanwhile."""
    cast = _cast(url, folder)
    begins = STARTS_AT - timedelta(seconds=speed * READY_SECONDS)
    async with AsyncExitStack() as stack:
        arrived: list[tuple[str, datetime]] = []

        async def note(envelope: Envelope, _: int) -> str:
            content = envelope.content if isinstance(envelope.content, bytes) else b""
            arrived.append((str(message_from_bytes(content)["Message-ID"]), clock.now()))
            return OK

        mail = await stack.enter_async_context(mail_server(data=note))
        environment = serving.settings(
            url,
            folder / "var",
            ROSTRUM_SMTP_URL=f"smtp://127.0.0.1:{mail.port}",
            ROSTRUM_CLOCK=f"{rfc3339(begins)}x{speed}",
            ROSTRUM_WORKER="apart",
        )
        clock = clock_of(read_settings(environment))
        address = stack.enter_context(serving.serving(environment))
        office = Chair(address, cast.office, await _meeting(address, cast.office, STARTS_AT), clock)
        await _drawn_up(office, cast.speakers)
        chair = Chair(address, cast.chair, office.meeting, clock)
        follower = Follower(address, chair.meeting)
        beside = [asyncio.create_task(follower.follow())]
        if killed:
            beside.append(asyncio.create_task(_worked(environment, clock, killed)))
        await afternoon(chair, cast.delegation)
        if killed:
            await chair.wait(4)
        assert await serving.until(lambda: follower.versions[-1:] == [chair.floors[-1]["version"]])
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        return await _over(chair, follower, arrived)


async def _over(chair: Chair, follower: Follower, arrived: list[tuple[str, datetime]]) -> Played:
    following = chair.floors[-1]["next_meeting"]["id"]
    async with httpx.AsyncClient(base_url=f"{chair.url}/api/v1/meetings/") as anybody:
        record = await anybody.get(f"{chair.meeting}/record")
        shown = await anybody.get(f"{chair.meeting}/floor")
        then = await anybody.get(f"{following}/floor")
    assert [each.status_code for each in (record, shown, then)] == [200, 200, 200]
    return Played(chair, record.json(), shown.content, then.json(), follower, arrived)


async def _worked(environment: dict[str, str], clock: Clock, killed: Killed) -> None:
    """A worker, killed at its moments, and another each time."""
    with ExitStack() as stack:

        async def another() -> subprocess.Popen[str]:
            return await asyncio.to_thread(stack.enter_context, serving.working(environment))

        worker = await another()
        for minutes in killed.after:
            await asyncio.sleep(seconds_until(clock, STARTS_AT + minutes * _MINUTE))
            standby = await another() if killed.standby else None
            worker.kill()
            await asyncio.to_thread(worker.wait)
            worker = standby or await another()
        await asyncio.Event().wait()


def _cast(url: str, folder: Path) -> _Cast:
    """Loads the programme and adds thirty people to it, two weeks before."""
    environment = serving.settings(url, folder / "var", ROSTRUM_CLOCK=rfc3339(LOADED_AT))
    loaded = serving.command(environment, "load", str(PROGRAMME))
    assert loaded.code == 0, loaded.err
    tokens = serving.command(environment, "token", "secretariat@example.org", "chair@example.org").out.split()
    service = build(read_settings(environment), SettableClock(LOADED_AT))
    try:
        speakers, delegation = service.writer.act_now(_speakers)
    finally:
        close(service)
    return _Cast(tokens[0], tokens[1], speakers, delegation)


def _speakers(tx: Tx) -> tuple[list[str], str]:
    session = table(Session).c
    session_id = tx.conn.all(select(session.id).where(session.code == "ahc-c2"))[0][0]
    tokens, organisation = [], ""
    for number, category in enumerate(CATEGORIES, 1):
        organisation = people.organisation(tx, f"Party {number:02}", category)
        speaking.accredited(tx, session_id, organisation)
        zone = ZONES[number % len(ZONES)]
        tokens.append(
            people.token(tx, people.person(tx, f"Speaker {number:02}", organisation=organisation, timezone=zone))
        )
    return tokens, organisation


async def _drawn_up(office: Chair, speakers: Sequence[str]) -> None:
    """The item, the end and the list of the meeting; thirty inscribe and are given their turns; some say ready."""
    item = (await office.ask("GET", "/sessions/ahc-c2/items"))["items"][1]["id"]
    following = await _meeting(office.url, office.token, NEXT_STARTS_AT)
    await office.ask("PATCH", f"/meetings/{office.meeting}", {"items": [item], "end_if_exceeded": ENDS_THEN})
    await office.ask("PATCH", f"/meetings/{following}", {"items": [item]})
    new = {"title": "Technical assistance", "allocation": "queue", "item": item, "gap_seconds": 20}
    made = await office.ask("POST", f"/meetings/{office.meeting}/lists", new)
    await office.ask("POST", f"/lists/{made['id']}/open")
    hers = []
    for number, token in enumerate(speakers):
        mode = "remote" if number % 3 == 1 else "in_person"
        path = f"/lists/{made['id']}/inscriptions"
        hers.append((token, mode, (await asked(Wanted(office.url, token, "POST", path, {"mode": mode})))["id"]))
    await office.ask("POST", f"/lists/{made['id']}/allocation", {"policy": "protocol"})
    for token, _, inscription in [each for each in hers if each[1] == "remote"][::2]:
        await asked(Wanted(office.url, token, "POST", f"/inscriptions/{inscription}/ready", {"ready": True}))


async def _meeting(url: str, token: str, starts_at: datetime) -> str:
    held = await asked(Wanted(url, token, "GET", "/sessions/ahc-c2/meetings"))
    return next(str(each["id"]) for each in held["items"] if each["starts_at"] == rfc3339(starts_at))


def told(over: Played) -> list[str]:
    """What came of it, for people to read."""
    record, floors = over.record, over.chair.floors
    lengths, wall = afternoon_record.seconds(record), afternoon_record.wall_seconds(record)
    differ = afternoon_record.shown_otherwise(record, over.follower.told, over.shown, ENDS_THEN)
    counted = Counter(turn["status"] for turn in record["turns"])
    warned = next(floor for floor in floors if floor["remote"]["warning"])["remote"]
    carried = [turn["speaker"]["name"] for turn in over.next_floor["queue"]]
    remote, end = floors[-1]["remote"], warned["end_if_exceeded"]
    account = " + ".join(f"{what} {length:,.3f}" for what, length in lengths.items())
    turns = ", ".join(f"{count} {status}" for status, count in sorted(counted.items()))
    return [
        f"{len(record['events'])} events, {over.chair.late} times somebody was quicker than the chair; turns: {turns}",
        f"{account} = {sum(lengths.values()):,.3f} s",
        f"from the opening to the close {wall:,.3f} s by the events, {_wall(floors):,.3f} s by what the chair was told",
        f"faults in the account: {afternoon_record.unaccounted(record) or 'none'}",
        f"replayed from an empty state, {len(over.follower.told)} versions and the last floor: in other bytes {differ}",
        f"remote minutes: warned at {warned['used_seconds']:,.0f} of {warned['budget_seconds']:,} s, new end {end}",
        f"remote minutes in the end: {remote['used_seconds']:,.0f} s, passed: {remote['exceeded']}",
        f"carried to the next meeting on the item: {', '.join(carried)}",
    ]


def _wall(floors: Sequence[dict[str, Any]]) -> float:
    opened = next(floor for floor in floors if floor["status"] == "in_progress")
    return round((datetime.fromisoformat(floors[-1]["now"]) - datetime.fromisoformat(opened["now"])).total_seconds(), 3)


def letters(url: str, over: Played) -> Outcome:
    """What people were told of their turns."""
    conn = database(url).connect(reading=True)
    try:
        return judged(conn, over.chair.meeting, over.arrived)
    finally:
        conn.close()


async def _print(name: str, url: str, speed: int, killed: Killed) -> None:
    with tempfile.TemporaryDirectory() as folder:
        over = await played(url, Path(folder), speed, killed)
    found = letters(url, over)
    lines = [*told(over), f"the worker killed twice: {found.told()}"]
    sys.stdout.write("".join(f"{name}: {line}\n" for line in lines))


def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.stories.afternoon", description=__doc__)
    parser.add_argument("--database", help="the address of an empty database; default: a fresh one of each kind")
    parser.add_argument("--speed", type=int, default=SPEED)
    parser.add_argument("--standby", action="store_true", help="another worker runs already when one is killed")
    given = parser.parse_args()
    killed = Killed(standby=given.standby)
    if given.database:
        migrate(given.database)
        asyncio.run(_print("this database", given.database, given.speed, killed))
        return
    with serving.database_of_each_kind() as kinds:
        for kind, url in kinds.items():
            asyncio.run(_print(kind, url, given.speed, killed))


if __name__ == "__main__":
    _main()
