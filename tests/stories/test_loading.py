"""Programme files loaded into a running service, by command and over HTTP, while people go on booking.

`python -m tests.stories.test_loading [MEETINGS]` loads 2,000 meetings with a list each on each database, and prints how
long that took and how long the slowest booking had to wait meanwhile.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from api.app import build, close
from api.settings import read_settings
from scheduler.people.permission import OPERATOR
from scheduler.people.tokens import make_for_address
from scheduler.secretariat.reading import read
from scheduler.secretariat.rehearsing import load_at_once
from tests.stories import serving
from tests.stories.at_once import Answer, Wanted, ask_one

DEMONSTRATION = serving.ROOT / "scheduler/demo/programme.toml"
PEOPLE = 4
BOOKED = """
[[bodies]]
code = "booked"
name = "Booked"

[[organisations]]
name = "Speakers"
category = "ngo"

[[sessions]]
code = "booked-1"
body = "booked"
title = "Booked"
timezone = "Europe/Vienna"
starts_on = 2022-06-13
ends_on = 2022-06-17
accreditations = [{ organisation = "Speakers" }]

[[sessions.meetings]]
number = 1
date = 2022-06-13
start = "10:00"
end = "13:00"
lists = [{ title = "Statements", slot_seconds = 180, opens_at = "2022-05-01T08:00:00Z" }]

[[people]]
email = "office@example.org"
name = "Office"
roles = [{ role = "secretariat" }]
""" + "".join(
    f"""
[[people]]
email = "speaker.{number}@example.org"
name = "Speaker {number}"
organisation = "Speakers"
"""
    for number in range(PEOPLE)
)
FAULTY = """
[[bodies]]
code = "new"
name = "New"

[[organisations]]
name = "Nobody's"
category = "club"

[[sessions]]
code = "new-1"
body = "old"
title = "New"
timezone = "Europe/Vienna"
starts_on = 2022-03-21
ends_on = 2022-04-01
meetings = [
  { date = 2022-03-27, start = "02:30", end = "04:00" },
  { date = 2022-04-04, start = "10:00", end = "13:00" },
]

[[people]]
email = "ada@example.org"
name = "Ada"
timezone = "Europe/Wien"
"""
FAULTS = [
    "organisations[0].category",
    "sessions[0].body",
    "sessions[0].meetings[0].start",
    "sessions[0].meetings[1].date",
    "people[0].timezone",
]


@dataclass(frozen=True)
class Installation:
    """A running service that holds BOOKED, and who may load and who may book."""

    url: str
    environment: dict[str, str]
    office: str
    speakers: list[str]

    async def post(self, file: bytes, media_type: str) -> httpx.Response:
        """The file as the office sends it."""
        headers = {"Authorization": f"Bearer {self.office}", "Content-Type": media_type}
        async with httpx.AsyncClient(base_url=self.url, headers=headers, timeout=300) as office:
            return await office.post("/api/v1/programmes", content=file)

    async def get(self, path: str) -> Any:
        return (await ask_one(Wanted(self.url, self.office, "GET", path))).body


@contextmanager
def installation(database_url: str, folder: Path) -> Iterator[Installation]:
    environment = serving.settings(database_url, folder / "var", ROSTRUM_CLOCK="2022-05-02T08:00:00Z")
    emails = ["office@example.org", *(f"speaker.{number}@example.org" for number in range(PEOPLE))]
    service = build(read_settings(environment))
    try:
        service.writer.act_now(lambda tx: load_at_once(tx, OPERATOR, read(BOOKED.encode(), toml=True)))
        made = [service.writer.act_now(partial(make_for_address, actor=OPERATOR, email=email)) for email in emails]
    finally:
        close(service)
    with serving.serving(environment) as url:
        office, *speakers = made
        yield Installation(url, environment, office, speakers)


async def journal(at: Installation) -> list[int]:
    """The numbers of all entries."""
    numbers: list[int] = []
    more: int | None = 0
    while more is not None:
        page = await at.get(f"/changes?limit=200&after={more}")
        numbers += [entry["id"] for entry in page["items"]]
        more = page["next"]
    return numbers


async def feeds(at: Installation, private: list[str]) -> dict[str, tuple[str, bytes]]:
    """All that anybody subscribes to, by address: its validator and its bytes."""
    sessions = [session["code"] for session in (await at.get("/sessions?limit=200"))["items"]]
    paths = ["programme.ics", "programme.ics?body=ahc", "programme.ics?kind=intersessional", *private]
    paths += [f"sessions/{code}.ics{query}" for code in sessions for query in ("", "?include=deadlines")]
    found = {}
    async with httpx.AsyncClient(base_url=f"{at.url}/calendars/", timeout=60) as anybody:
        for path in paths:
            answer = await anybody.get(path)
            assert answer.status_code == 200, path
            found[path] = answer.headers["etag"], answer.content
    return found


async def _book(at: Installation, number: int = 0) -> list[Wanted]:
    """A booking of a speaker's own slot, and its withdrawal."""
    (meeting,) = (await at.get("/sessions/booked-1/meetings"))["items"]
    (speakers,) = (await at.get(f"/meetings/{meeting['id']}/lists"))["items"]
    slot = (await at.get(f"/lists/{speakers['id']}/slots"))["items"][number]["id"]
    path, token = f"/slots/{slot}/booking", at.speakers[number]
    return [Wanted(at.url, token, "POST", path, {"mode": "remote"}), Wanted(at.url, token, "DELETE", path)]


async def test_the_same_file_again_changes_nothing_that_anybody_reads(database_url: str, tmp_path: Path) -> None:
    with installation(database_url, tmp_path) as at:
        first = await at.post(DEMONSTRATION.read_bytes(), "application/toml")
        assert (await ask_one((await _book(at))[0])).status == 201
        wanted: list[dict[str, Any]] = [
            {"scope": "mine", "include": ["deadlines"]},
            {"scope": "session", "session": "ahc-2"},
        ]
        answers = [await ask_one(Wanted(at.url, at.speakers[0], "POST", "/me/feeds", feed)) for feed in wanted]
        private = [answer.body["url"].partition("/calendars/")[2] for answer in answers]
        before, entries = await feeds(at, private), await journal(at)

        again = await at.post(DEMONSTRATION.read_bytes(), "application/toml")
        by_command = serving.command(at.environment, "load", str(DEMONSTRATION))

        parts = first.json()["created"]
        assert again.json() == {"created": 0, "changed": 0, "unchanged": parts, "changes": []}
        assert by_command.out.splitlines()[-1] == f"Nothing changes: all {parts} are as they were."
        assert await journal(at) == entries
        assert await feeds(at, private) == before


async def test_all_faults_of_a_file_are_named_at_once_and_nothing_of_it_is_loaded(
    database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "faulty.toml"
    _write(file, FAULTY)
    with installation(database_url, tmp_path) as at:
        before = await journal(at)

        refused = await at.post(FAULTY.encode(), "application/toml")
        by_command = serving.command(at.environment, "load", str(file))

        named = [f"{error['field']}: {error['message']}" for error in refused.json()["errors"]]
        assert refused.status_code == 422
        assert [line.partition(":")[0] for line in named] == FAULTS
        assert (by_command.code, by_command.out.splitlines()) == (1, named)
        assert by_command.err == "rostrum: The programme has 5 faults; nothing was changed.\n"
        assert await journal(at) == before
        assert (await at.get("/bodies/new"))["code"] == "not-found"


def _write(file: Path, text: str) -> None:
    file.write_text(text)


def large(code: str, meetings: int) -> bytes:
    """A programme of so many meetings, each with a list of six slots."""
    days = [date(2024, 1, 1) + timedelta(days=number // 8) for number in range(meetings)]
    slots = {"slot_seconds": 600, "opens_at": {"date": "2023-12-01", "time": "09:00", "timezone": "Europe/Vienna"}}
    held = [
        {
            "number": number + 1,
            "date": day.isoformat(),
            "start": f"{8 + number % 8:02}:00",
            "end": f"{9 + number % 8:02}:00",
            "lists": [{"title": "Statements", **slots}],
        }
        for number, day in enumerate(days)
    ]
    session = {
        "code": f"{code}-1",
        "body": code,
        "title": "Large",
        "timezone": "Europe/Vienna",
        "starts_on": days[0].isoformat(),
        "ends_on": days[-1].isoformat(),
        "meetings": held,
    }
    return json.dumps({"bodies": [{"code": code, "name": "Large"}], "sessions": [session]}).encode()


@dataclass(frozen=True)
class Meanwhile:
    """What a load answered, in how many seconds, and how long each booking beside it took."""

    created: int
    seconds: float
    out: str
    waits: list[float]
    refused: list[Answer]


async def _booked_until(done: "asyncio.Task[Any]", at: Installation, number: int, found: Meanwhile) -> None:
    """One speaker books and withdraws, over and over."""
    wishes = await _book(at, number)
    while not done.done():
        for wish in wishes:
            began = time.monotonic()
            answer = await ask_one(wish)
            found.waits.append(time.monotonic() - began)
            if answer.status >= 400:
                found.refused.append(answer)


async def _beside(load: "asyncio.Task[tuple[int, str]]", at: Installation) -> Meanwhile:
    began = time.monotonic()
    found = Meanwhile(0, 0.0, "", [], [])
    await asyncio.gather(*(_booked_until(load, at, number, found) for number in range(PEOPLE)))
    created, out = await load
    return Meanwhile(created, time.monotonic() - began, out, found.waits, found.refused)


async def over_http(at: Installation, meetings: int) -> Meanwhile:
    """Loads so many meetings over HTTP while people book."""

    async def load() -> tuple[int, str]:
        answer = await at.post(large("http", meetings), "application/json")
        assert answer.status_code == 200, answer.text
        return answer.json()["created"], ""

    return await _beside(asyncio.create_task(load()), at)


async def by_command(at: Installation, meetings: int, folder: Path) -> Meanwhile:
    """The same by `rostrum load`, a process beside the service."""
    file = folder / "large.json"

    def load() -> tuple[int, str]:
        file.write_bytes(large("cli", meetings))
        done = serving.command(at.environment, "load", str(file))
        assert done.code == 0, done
        return int(done.out.splitlines()[-1].split()[0].replace(",", "")), done.out

    return await _beside(asyncio.create_task(asyncio.to_thread(load)), at)


async def test_people_book_while_a_programme_is_loaded(database_url: str, tmp_path: Path) -> None:
    many = 300
    with installation(database_url, tmp_path) as at:
        for found in (await over_http(at, many), await by_command(at, many, tmp_path)):
            assert found.created == 2 + 2 * many
            assert found.refused == []
            assert len(found.waits) >= 2 * PEOPLE
        assert f"500 of {2 + 2 * many} looked at" in found.out


async def _told(kind: str, database_url: str, meetings: int) -> None:
    with tempfile.TemporaryDirectory() as name, installation(database_url, Path(name)) as at:
        alone = [await ask_one(wish) for wish in await _book(at)]
        assert [answer.status for answer in alone] == [201, 204]
        runs = {"HTTP": await over_http(at, meetings), "`rostrum load`": await by_command(at, meetings, Path(name))}
    for way, found in runs.items():
        progress = sum("looked at" in line for line in found.out.splitlines())
        sys.stdout.write(
            f"{kind}, {way}: {found.created} parts in {found.seconds:.1f} s ({progress} lines of progress); meanwhile "
            f"{len(found.waits)} bookings and withdrawals, {len(found.refused)} refused, the slowest "
            f"{max(found.waits):.2f} s\n"
        )


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    with serving.database_of_each_kind() as addresses:
        for each, address in addresses.items():
            asyncio.run(_told(each, address, wanted))
