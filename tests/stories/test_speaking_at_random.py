"""Two hundred people inscribe, book, withdraw, swap and wait at random, through two processes on one database.

Afterwards the tables agree with each other, the order of those who waited was kept, and the journal alone gives the
same lists. `python -m tests.stories.test_speaking_at_random [SECONDS]` does it for a minute on each database and prints
what it counted.
"""

import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from api.cli.databases import act
from api.settings import read_settings
from scheduler.journal.entries import Entry
from scheduler.journal.following import entries_after
from scheduler.lists import drawing_up, opening
from scheduler.lists.particulars import NewList
from scheduler.lists.tables import Inscription, Slot, SpeakersList, Swap, Waiting
from scheduler.people.permission import OPERATOR, Scopes
from scheduler.programme.tables import Meeting
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection
from scheduler.storage.engine import database
from scheduler.storage.writer import Tx
from tests.makers import people, speaking
from tests.stories import serving
from tests.stories.at_once import Answer, Wanted, ask_one
from tests.stories.speaking_replayed import Lists, replayed

PEOPLE, QUICK_SECONDS, OFFER_SECONDS = 200, 8.0, 2
_s, _i, _l, _m, _w = (table(model).c for model in (Slot, Inscription, SpeakersList, Meeting, Waiting))


@dataclass(frozen=True)
class Place:
    """Two running services; two timed lists of two meetings, the second for one of each organisation, and a queue."""

    urls: list[str]
    timed: tuple[str, str]
    queue: str
    slots: dict[str, list[str]]
    tokens: list[str]


@dataclass
class Walk:
    """What everybody does, and how it was answered: by act, the codes. `turns` are inscriptions that may be had."""

    at: Place
    seed: int
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    turns: dict[str, int] = field(default_factory=dict)

    async def run(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        await asyncio.gather(*(Walker(self, number).walk(until) for number in range(PEOPLE)))

    def done(self, act: str) -> int:
        return sum(count for (what, code), count in self.counts.items() if what == act and code < "3")


class Walker:
    """One person, who does one thing after the other."""

    def __init__(self, walk: Walk, number: int) -> None:
        self._walk, self._number = walk, number
        self._dice = random.Random(walk.seed * PEOPLE + number)  # noqa: S311  -- a walk that can be walked again
        self._mine: dict[str, str] = {}
        self._waits: dict[str, str] = {}

    async def walk(self, until: float) -> None:
        acts = [self._book, self._book, self._withdraw, self._swap, self._answer, self._wait, self._leave, self._change]
        acts += [self._inscribe, self._take_offer, self._take_offer]
        await asyncio.sleep(self._dice.random())
        while time.monotonic() < until:
            await self._dice.choice(acts)()

    async def _ask(self, act: str, method: str, path: str, body: dict[str, Any] | None = None) -> Answer:
        url = self._dice.choice(self._walk.at.urls)
        answer = await ask_one(Wanted(url, self._walk.at.tokens[self._number], method, path, body))
        self._walk.counts[act, answer.code or str(answer.status)] += 1
        return answer

    def _mode(self) -> str:
        return self._dice.choice(["in_person", "in_person", "remote", "video"])

    async def _book(self, slot: str | None = None) -> None:
        list_id = self._dice.choice(self._walk.at.timed)
        wanted = slot or self._dice.choice(self._walk.at.slots[list_id])
        self._has(await self._ask("book", "POST", f"/slots/{wanted}/booking", {"mode": self._mode()}))

    async def _inscribe(self) -> None:
        self._has(await self._ask("inscribe", "POST", f"/lists/{self._walk.at.queue}/inscriptions", {"mode": "remote"}))

    def _has(self, answer: Answer) -> None:
        if answer.status == 201:
            self._mine[answer.body["id"]] = answer.body["list"]
            self._walk.turns[answer.body["id"]] = self._number

    async def _withdraw(self) -> None:
        if self._mine:
            mine = self._dice.choice(list(self._mine))
            del self._mine[mine]
            self._walk.turns.pop(mine, None)
            await self._ask("withdraw", "DELETE", f"/inscriptions/{mine}")

    async def _swap(self) -> None:
        others = [id_ for id_, number in self._walk.turns.items() if number != self._number]
        if self._mine and others:
            mine, other = self._dice.choice(list(self._mine)), self._dice.choice(others)
            await self._ask("propose", "POST", f"/inscriptions/{mine}/swap", {"with": other})

    async def _answer(self) -> None:
        if self._mine:
            mine = self._dice.choice(list(self._mine))
            shown = await self._ask("look", "GET", f"/inscriptions/{mine}")
            swap = shown.body.get("swap") if shown.status == 200 else None
            if swap and swap["proposed_by"] == "them":
                act, said = self._dice.choice([("accept", True), ("accept", True), ("refuse", False)])
                await self._ask(act, "POST", f"/inscriptions/{mine}/swap", {"accept": said})
            elif swap and self._dice.random() < 0.2:
                await self._ask("take back", "DELETE", f"/inscriptions/{mine}/swap")

    async def _wait(self) -> None:
        list_id = self._dice.choice([*self._walk.at.timed, self._walk.at.queue])
        answer = await self._ask("wait", "POST", f"/lists/{list_id}/waiting", {"mode": self._mode()})
        if answer.status == 201:
            self._waits[answer.body["id"]] = list_id

    async def _leave(self) -> None:
        if self._waits and self._dice.random() < 0.3:
            entry = self._dice.choice(list(self._waits))
            del self._waits[entry]
            await self._ask("leave", "DELETE", f"/waiting/{entry}")

    async def _take_offer(self) -> None:
        if not self._waits:
            return
        entries = (await self._ask("look", "GET", "/me/waiting?limit=200")).body["items"]
        for entry in (each for each in entries if each["status"] == "offered"):
            if entry["slot"] is None:
                await self._inscribe()
            else:
                await self._book(entry["slot"])

    async def _change(self) -> None:
        if self._mine:
            mine = self._dice.choice(list(self._mine))
            await self._ask("change", "PATCH", f"/inscriptions/{mine}", {"mode": self._mode()})


def _prepare(tx: Tx) -> tuple[Any, ...]:
    first = speaking.scene(tx, slot_seconds=300, meeting_values={"remote_budget_seconds": 3_000})
    of = Scopes(first.body, first.session)
    times = {"number": 2, "date": "2022-06-09", "room": "Another"}
    second = speaking.scene_in(tx, of, meeting_values=times, slot_seconds=450, one_per_organisation=True)
    held = speaking.meeting(tx, of, number=3, room="Third")
    queue = drawing_up.add(tx, OPERATOR, held, NewList(title="Queue", allocation="queue", capacity=30))
    opening.open_list(tx, OPERATOR, queue.id)
    pairs = [speaking.speaker(tx, first, f"Person {number}") for number in range(PEOPLE // 2)]
    everybody = [*pairs, *(speaking.colleague(tx, each, f"{each.name} too") for each in pairs)]
    slots = {scene.list: list(scene.slots) for scene in (first, second)}
    return (first.list, second.list), queue.id, slots, [people.token(tx, each) for each in everybody]


@contextmanager
def place(database_url: str, folder: Path) -> Iterator[Place]:
    environment = serving.settings(
        database_url,
        folder / "var",
        ROSTRUM_CLOCK="2022-06-01T08:00:00Z",
        ROSTRUM_OFFER_SECONDS=str(OFFER_SECONDS),
        ROSTRUM_RATE="100000",
    )
    made = act(read_settings(environment), _prepare)
    with ExitStack() as running:
        yield Place([running.enter_context(serving.serving(environment)) for _ in range(2)], *made)


def _entries(conn: Connection) -> list[Entry]:
    found: list[Entry] = []
    while more := entries_after(conn, found[-1].id if found else 0, 10_000):
        found += more
    return found


def _kept(conn: Connection) -> Lists:
    """How the tables tell it."""
    rows = conn.all(select(_i.id, _i.list_id, _i.slot_id, _i.person_id).where(_i.status != "withdrawn"))
    waiting = conn.all(select(_w.id, _w.list_id, _w.position, _w.person_id, _w.status, _w.slot_id))
    swaps = table(Swap).c
    return Lists(
        slots={id_: (status, holder) for id_, status, holder in conn.all(select(_s.id, _s.status, _s.inscription_id))},
        inscriptions={id_: (list_id, slot, person) for id_, list_id, slot, person in rows},
        waiting={row[0]: tuple(row[1:]) for row in waiting},
        swaps=set(conn.all(select(swaps.id, swaps.with_id))),
    )


def _check_tables(conn: Connection, kept: Lists) -> None:
    """No slot has two holders, nobody two places where one is allowed, and the remote minutes are as booked."""
    holders = [holder for _, holder in kept.slots.values() if holder is not None]
    assert len(holders) == len(set(holders))
    held = {id_: slot for id_, (_, slot, _) in kept.inscriptions.items() if slot is not None}
    assert held == {holder: slot for slot, (_, holder) in kept.slots.items() if holder is not None}
    places = Counter((list_id, person) for list_id, _, person in kept.inscriptions.values())
    assert set(places.values()) <= {1}
    single = {row[0] for row in conn.all(select(_l.id).where(_l.one_per_organisation.is_(True)))}
    rows = conn.all(select(_i.list_id, _i.organisation_id).where(_i.status != "withdrawn"))
    assert {count for (of, _), count in Counter(rows).items() if of in single} <= {1}
    offered = [slot for *_, status, slot in kept.waiting.values() if status == "offered" and slot is not None]
    assert len(offered) == len(set(offered))
    remote: Counter[str] = Counter()
    for meeting_id, seconds in conn.all(
        select(_s.meeting_id, _s.seconds)
        .select_from(table(Slot).join(table(Inscription), _i.id == _s.inscription_id))
        .where(_i.mode == "remote")
    ):
        remote[meeting_id] += seconds
    budgets = conn.all(select(_m.id, _m.remote_booked_seconds, _m.remote_budget_seconds))
    assert {id_: booked for id_, booked, _ in budgets} == {id_: remote[id_] for id_, _, _ in budgets}
    assert all(budget is None or booked <= budget for _, booked, budget in budgets)


def judge(database_url: str, walk: Walk) -> str:
    """Looks at everything; what there is to say of it in a line."""
    conn = database(database_url).connect(reading=True)
    try:
        kept, entries = _kept(conn), _entries(conn)
        _check_tables(conn, kept)
        told = replayed(entries, list(kept.slots))
        unfit = {row[0] for row in conn.all(select(_w.id).where(_w.mode == "remote"))}
        organisations = dict(conn.all(select(_w.id, _w.organisation_key)))
    finally:
        conn.close()
    assert (told.slots, told.inscriptions, told.swaps) == (kept.slots, kept.inscriptions, kept.swaps)
    assert told.waiting == kept.waiting
    # Who waits for remote minutes, or has a colleague in a list of one each, may be passed over; nobody else.
    assert [id_ for id_ in told.passed_over if id_ not in unfit and organisations[id_] is None] == []
    kinds = Counter(entry.kind for entry in entries)
    tally = {
        "book": kinds["inscription.booked"],
        "inscribe": kinds["inscription.made"],
        "withdraw": kinds["inscription.withdrawn"],
        "propose": kinds["swap.proposed"] / 2,
        "accept": kinds["inscription.swapped"] / 2,
        "refuse": kinds["swap.refused"] / 2,
        "take back": kinds["swap.revoked"] / 2,
        "wait": kinds["waiting.joined"],
        "leave": kinds["waiting.left"],
    }
    assert {act: walk.done(act) for act in tally} == tally
    refused = Counter(code for _, code in walk.counts.elements() if code >= "3")
    assert not {code for code in refused if code.isdigit()}, refused
    offers = {kind: kinds[f"waiting.{kind}"] for kind in ("offered", "taken", "lapsed", "released")}
    return f"{sum(walk.counts.values())} requests; {tally}; offers {offers}; refused {dict(refused)}"


def test_two_processes_keep_every_promise(database_url: str, tmp_path: Path) -> None:
    with place(database_url, tmp_path) as at:
        walk = Walk(at, seed=1)
        asyncio.run(walk.run(QUICK_SECONDS))

    assert judge(database_url, walk)


def main(seconds: float) -> int:
    """Does it on both databases."""
    with tempfile.TemporaryDirectory() as name, serving.database_of_each_kind() as kinds:
        for kind, url in kinds.items():
            with place(url, Path(name) / kind) as at:
                walk = Walk(at, seed=int(time.time()))
                asyncio.run(walk.run(seconds))
            sys.stdout.write(f"{kind}, seed {walk.seed}: {judge(url, walk)}\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0))
