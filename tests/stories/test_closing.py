"""A list closes while a hundred people inscribe in it: each is in before or refused after, none half.

`python -m tests.stories.test_closing` does it on each database and prints what it counted.
"""

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from api.cli.databases import act
from api.settings import read_settings
from scheduler.journal.following import entries_after
from scheduler.lists.tables import Inscription
from scheduler.people.permission import Grant
from scheduler.storage.columns import table
from scheduler.storage.engine import database
from scheduler.storage.writer import Tx
from tests.makers import people, queueing, speaking
from tests.stories import serving
from tests.stories.at_once import Answer, Wanted, ask, codes

PEOPLE, EARLY, LATE = 100, 10, 10


@dataclass(frozen=True)
class Place:
    """Two running services on one database; the last token is the chair's."""

    urls: list[str]
    speakers: str
    tokens: list[str]

    def inscribing(self, person: int) -> Wanted:
        url = self.urls[person % len(self.urls)]
        return Wanted(url, self.tokens[person], "POST", f"/lists/{self.speakers}/inscriptions", {"mode": "remote"})

    def closing(self) -> Wanted:
        return Wanted(self.urls[0], self.tokens[-1], "POST", f"/lists/{self.speakers}/close")


@dataclass(frozen=True)
class Closing:
    """What came of it: the answers of those before, during and after it, and its own."""

    early: list[Answer]
    during: list[Answer]
    late: list[Answer]
    closed: Answer


def _prepare(tx: Tx) -> tuple[str, list[str]]:
    scene = queueing.scene(tx)
    speakers = [speaking.speaker(tx, scene, f"Person {number}") for number in range(EARLY + PEOPLE + LATE)]
    chair = people.person(tx, "Chair", grants=(Grant("chair", "session", scene.session),))
    return scene.list, [people.token(tx, each) for each in [*speakers, chair]]


@contextmanager
def place(database_url: str, folder: Path) -> Iterator[Place]:
    environment = serving.settings(database_url, folder / "var", ROSTRUM_CLOCK="2022-06-01T08:00:00Z")
    speakers, tokens = act(read_settings(environment), _prepare)
    with ExitStack() as running:
        yield Place([running.enter_context(serving.serving(environment)) for _ in range(2)], speakers, tokens)


async def shut(at: Place) -> Closing:
    """The chair closes the list in the midst of a hundred who inscribe at the same moment."""
    early = await ask([at.inscribing(person) for person in range(EARLY)])
    crowd = [at.inscribing(EARLY + person) for person in range(PEOPLE)]
    half = PEOPLE // 2
    answers = await ask([*crowd[:half], at.closing(), *crowd[half:]])
    late = await ask([at.inscribing(EARLY + PEOPLE + person) for person in range(LATE)])
    return Closing(early, [*answers[:half], *answers[half + 1 :]], late, answers[half])


def written(database_url: str) -> tuple[set[str], list[str]]:
    """The inscriptions that stand, and the journal's words about them and the closing, in order."""
    conn = database(database_url).connect(reading=True)
    i = table(Inscription).c
    made = {row[0] for row in conn.all(select(i.id).where(i.status == "pending"))}
    kinds = [entry.kind for entry in entries_after(conn, 0, 10_000)]
    conn.close()
    return made, [kind for kind in kinds if kind in {"inscription.made", "list.closed"}]


def test_each_is_in_before_or_refused_after(database_url: str, tmp_path: Path) -> None:
    with place(database_url, tmp_path) as at:
        came = asyncio.run(shut(at))

    made, told = written(database_url)
    inside = [answer.body["id"] for answer in [*came.early, *came.during] if answer.status == 201]
    assert codes(came.early) == {"201": EARLY}
    assert came.closed.status == 200
    assert codes(came.during).keys() <= {"201", "list-closed"}
    assert codes(came.late) == {"list-closed": LATE}
    assert made == set(inside)
    assert told == ["inscription.made"] * len(inside) + ["list.closed"]


def main() -> int:
    """Does it on both databases."""
    with tempfile.TemporaryDirectory() as name, serving.database_of_each_kind() as kinds:
        for kind, url in kinds.items():
            with place(url, Path(name) / kind) as at:
                came = asyncio.run(shut(at))
            made, told = written(url)
            sys.stdout.write(
                f"{kind}: before {dict(codes(came.early))}, while it closed "
                f"{dict(codes(came.during))}, after {dict(codes(came.late))}; {len(made)} inscriptions, "
                f"the journal tells of {told.count('inscription.made')} and then of {told[-1]}\n"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
