"""Four hundred people want the sixty slots of one list at the same moment, while somebody adds a person by hand.

`python -m tests.stories.test_rush` does it on each database, on PostgreSQL with a disk that is waited for, and prints
what it counted.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from api.cli.databases import act
from api.settings import read_settings
from scheduler.storage.writer import Tx
from tests.makers import people, speaking
from tests.stories import serving
from tests.stories.at_once import Answer, Wanted, ask, ask_one, codes
from tests.stories.serving import Ran

PEOPLE, SLOTS = 400, 60
ONE_EACH = {"201": SLOTS, "slot-taken": PEOPLE - SLOTS}
SECONDS = 30.0
REMOTE = {"mode": "remote"}


@dataclass(frozen=True)
class Place:
    """A running service with a list to be booked; person number n signs in with `tokens[n]`."""

    urls: list[str]
    environment: dict[str, str]
    speakers: str
    slots: tuple[str, ...]
    tokens: list[str]

    def booking(self, person: int, slot: int) -> Wanted:
        """A person's wish, sent to one of the processes in turn."""
        url = self.urls[person % len(self.urls)]
        return Wanted(url, self.tokens[person], "POST", f"/slots/{self.slots[slot]}/booking", REMOTE)

    def get(self, path: str) -> Wanted:
        return Wanted(self.urls[-1], self.tokens[0], "GET", path)


@dataclass(frozen=True)
class Rush:
    """What came of it: the first wave's answers by person, those of the waves after it, and the command beside it."""

    first: list[Answer]
    more: list[Answer]
    added: Ran


def _prepare(tx: Tx) -> tuple[speaking.Scene, list[str]]:
    scene = speaking.scene(tx, slot_seconds=180)
    speakers = [speaking.speaker(tx, scene, f"Person {number}") for number in range(PEOPLE)]
    return scene, [people.token(tx, each) for each in speakers]


@contextmanager
def place(database_url: str, folder: Path, processes: int = 1) -> Iterator[Place]:
    """So many `rostrum serve` on a migrated database."""
    environment = serving.settings(database_url, folder / "var", ROSTRUM_CLOCK="2022-06-01T08:00:00Z")
    scene, tokens = act(read_settings(environment), _prepare)
    with ExitStack() as running:
        urls = [running.enter_context(serving.serving(environment)) for _ in range(processes)]
        yield Place(urls, environment, scene.list, scene.slots, tokens)


async def rush(at: Place) -> Rush:
    """Everybody wants a slot at once, then another one, again and again while the command runs beside them."""
    add = ("person", "add", "late@example.org", "--name", "Late Comer", "--timezone", "America/Bogota")
    command = asyncio.create_task(asyncio.to_thread(serving.command, at.environment, *add))
    first = await ask([at.booking(person, person % SLOTS) for person in range(PEOPLE)])
    more: list[Answer] = []
    while not more or not command.done():
        more += await ask([at.booking(person, (person + 7) % SLOTS) for person in range(PEOPLE)])
    return Rush(first, more, await command)


async def taken(at: Place) -> list[str | None]:
    """Whose each slot is, in order: the inscription."""
    found = await ask_one(at.get(f"/lists/{at.speakers}/slots?limit=200"))
    assert {slot["status"] for slot in found.body["items"]} == {"booked"}
    return [slot["inscription"] for slot in found.body["items"]]


async def _everybody_wants_one(at: Place) -> Rush:
    came = await rush(at)

    won = {person: answer.body for person, answer in enumerate(came.first) if answer.status == 201}
    assert {won_["slot"] for won_ in won.values()} == set(at.slots)
    assert sorted(won_["id"] for won_ in won.values()) == sorted(map(str, await taken(at)))
    assert codes(came.more).keys() == {"already-inscribed", "slot-taken"}
    assert codes(came.more)["already-inscribed"] * PEOPLE == SLOTS * len(came.more)
    assert all(answer.body["nearest"] == [] for answer in came.more if answer.code == "slot-taken")
    assert (came.added.code, came.added.err) == (0, "")
    assert came.added.out.startswith("Late Comer is added: ")
    return came


async def _those_who_lost_are_told_what_is_free(at: Place, came: Rush) -> None:
    """Three withdraw, and whoever asks for the slot in their midst is told of them, the nearest first."""
    holders = {number: await _holder(at, at.slots[number]) for number in (9, 13, 40, 41)}
    for inscription, person in holders.values():
        freed = await ask_one(Wanted(at.urls[0], at.tokens[person], "DELETE", f"/inscriptions/{inscription}"))
        assert freed.status == 204
    loser = next(person for person in range(PEOPLE) if person % SLOTS == 12 and came.first[person].status == 409)

    for url in at.urls:
        lost = await ask_one(Wanted(url, at.tokens[loser], "POST", f"/slots/{at.slots[12]}/booking", REMOTE))
        assert (lost.status, lost.code) == (409, "slot-taken")
        assert [slot["position"] for slot in lost.body["nearest"]] == [14, 10, 41]
        assert [slot["id"] for slot in lost.body["nearest"]] == [at.slots[13], at.slots[9], at.slots[40]]
    won = await ask_one(Wanted(at.urls[0], at.tokens[loser], "POST", f"/slots/{at.slots[13]}/booking", REMOTE))
    assert (won.status, won.body["slot"]) == (201, at.slots[13])


async def _others_show_it_too(at: Place) -> float:
    """One who holds a slot withdraws at the first process: how long until her calendar at the last one says so."""
    inscription, person = await _holder(at, at.slots[20])
    made = await ask_one(Wanted(at.urls[0], at.tokens[person], "POST", "/me/feeds", {"scope": "mine"}))
    path = "/calendars/" + made.body["url"].partition("/calendars/")[2]
    async with httpx.AsyncClient(base_url=at.urls[-1]) as elsewhere:
        assert "STATUS:CONFIRMED" in (await elsewhere.get(path)).text
        await ask_one(Wanted(at.urls[0], at.tokens[person], "DELETE", f"/inscriptions/{inscription}"))
        began = time.monotonic()
        async with asyncio.timeout(SECONDS):
            while "STATUS:CANCELLED" not in (await elsewhere.get(path)).text:  # noqa: ASYNC110  -- another process makes it so
                await asyncio.sleep(0.01)
    return time.monotonic() - began


async def _holder(at: Place, slot: str) -> tuple[str, int]:
    """The inscription that has a slot, and the number of its person."""
    found = await ask_one(at.get(f"/slots/{slot}"))
    name = found.body["speaker"]["name"]
    return found.body["inscription"], int(name.removeprefix("Person "))


async def test_each_slot_goes_to_one_and_all_others_are_told_what_is_left(database_url: str, tmp_path: Path) -> None:
    with place(database_url, tmp_path) as at:
        came = await _everybody_wants_one(at)
        await _those_who_lost_are_told_what_is_free(at, came)

    assert codes(came.first) == ONE_EACH


async def test_each_slot_goes_to_one_though_two_processes_give_them_away(postgresql_url: str, tmp_path: Path) -> None:
    with place(postgresql_url, tmp_path, processes=2) as at:
        came = await _everybody_wants_one(at)
        await _those_who_lost_are_told_what_is_free(at, came)
        await _others_show_it_too(at)

    assert codes(came.first) == ONE_EACH


async def test_each_slot_goes_to_one_though_two_processes_share_a_file(sqlite_url: str, tmp_path: Path) -> None:
    with place(sqlite_url, tmp_path, processes=2) as at:
        came = await _everybody_wants_one(at)
        await _others_show_it_too(at)

    assert codes(came.first) == ONE_EACH


async def _told(name: str, database_url: str, processes: int) -> None:
    with tempfile.TemporaryDirectory() as folder, place(database_url, Path(folder), processes) as at:
        came = await _everybody_wants_one(at)
        await _those_who_lost_are_told_what_is_free(at, came)
        shown = await _others_show_it_too(at)
    assert codes(came.first) == ONE_EACH
    sys.stdout.write(
        f"{name}, {processes} process(es): of {PEOPLE} at once {dict(codes(came.first))}; "
        f"{len(came.more)} more tries {dict(codes(came.more))}; "
        f"`person add` meanwhile {came.added.seconds:.2f} s; "
        f"a change was in the last process's feed after {shown:.2f} s\n"
    )


if __name__ == "__main__":
    for number in (1, 2):
        with serving.database_of_each_kind() as kinds:
            for kind, each in kinds.items():
                asyncio.run(_told(kind, each, number))
