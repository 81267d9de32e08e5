"""Two chairs send commands at once, twenty of them at each version: each version is taken once.

`python -m tests.stories.test_two_chairs` does it on each database and prints what it counted.
"""

import asyncio
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.app import build, close
from api.settings import read_settings
from scheduler.clock.now import SettableClock
from scheduler.journal.following import entries_after
from scheduler.people.permission import Grant
from scheduler.storage.engine import database
from tests.makers import people
from tests.makers.speaking import STARTS_AT
from tests.scheduler.floor.meeting import sat
from tests.stories import serving
from tests.stories.at_once import Answer, Wanted, ask, codes

COMMANDS, VERSIONS = 200, 10
"""So many at once, each for one of so many versions that follow each other: twenty want the same."""


@dataclass(frozen=True)
class Outcome:
    """What came of it: each command with its answer, the version before, the numbers that the journal has."""

    asked: list[dict[str, Any]]
    answers: list[Answer]
    before: int
    numbers: list[int]


def _asked(before: int) -> list[dict[str, Any]]:
    return [
        {"command": "announce", "text": f"Number {number}", "expected_version": before + number % VERSIONS}
        for number in range(COMMANDS)
    ]


def run(database_url: str, folder: Path) -> Outcome:
    """The story on a database: two services, a chair at each."""
    environment = serving.settings(database_url, folder / "var", ROSTRUM_CLOCK="2022-06-08T08:00:00Z")
    service = build(read_settings(environment))
    here = sat(service.writer, SettableClock(STARTS_AT))
    grants = (Grant("chair", "session", here.scene.session),)
    tokens = service.writer.act_now(
        lambda tx: [people.token(tx, people.person(tx, name, grants=grants)) for name in ("One", "Two")]
    )
    before = here.do(0, "open").version
    close(service)
    asked = _asked(before)
    with ExitStack() as stack:
        urls = [stack.enter_context(serving.serving(environment)) for _ in tokens]
        path = f"/meetings/{here.scene.meeting}/floor"
        wanted = [Wanted(urls[n // 2 % 2], tokens[n // 2 % 2], "POST", path, each) for n, each in enumerate(asked)]
        answers = asyncio.run(ask(wanted))
    return Outcome(asked, answers, before, _numbers(database_url, here.scene.meeting))


def _numbers(database_url: str, meeting: str) -> list[int]:
    conn = database(database_url).connect(reading=True)
    entries = entries_after(conn, 0, 10_000)
    conn.close()
    return [each.meeting_number for each in entries if each.audience.meeting == meeting and each.meeting_number]


def test_each_version_is_taken_once_and_who_is_late_sees_the_floor(database_url: str, tmp_path: Path) -> None:
    found = run(database_url, tmp_path)

    done = [
        (said, answer.body) for said, answer in zip(found.asked, found.answers, strict=True) if answer.status == 200
    ]
    late = [(said, answer) for said, answer in zip(found.asked, found.answers, strict=True) if answer.status != 200]
    versions = sorted(floor["version"] for _, floor in done)
    assert versions == list(range(found.before + 1, found.before + len(done) + 1))
    assert found.numbers == list(range(1, versions[-1] + 1))
    assert 1 <= len(done) <= VERSIONS
    assert all(floor["version"] == said["expected_version"] + 1 for said, floor in done)
    assert all(floor["notice"]["text"] == said["text"] for said, floor in done)
    assert {(answer.status, answer.code) for _, answer in late} == {(409, "version-conflict")}
    assert all(answer.body["current"]["version"] != said["expected_version"] for said, answer in late)
    assert {answer.body["current"]["status"] for _, answer in late} == {"in_progress"}


def _main() -> None:
    with serving.database_of_each_kind() as kinds, tempfile.TemporaryDirectory() as folder:
        for kind, url in kinds.items():
            found = run(url, Path(folder) / kind)
            counted = dict(codes(found.answers))
            sys.stdout.write(f"{kind}: of {COMMANDS} commands at once {counted}, versions to {found.numbers[-1]}\n")


if __name__ == "__main__":
    _main()
