"""Whatever happens, in whatever order: no feed ever takes an edition back, nor says that another is the same."""

import random
from typing import Any

import pytest

from api.web.service import Service
from scheduler.people.permission import Actor, Grant
from tests.api.feeds.conftest import Feed, World, entries
from tests.makers import people

PUBLIC = ("programme.ics", "sessions/ahc-2.ics", "meetings/{meeting}.ics")
COUNTED = ("DTSTART", "DTEND", "LOCATION", "CONFERENCE", "STATUS")
STAMPS = {"SEQUENCE", "LAST-MODIFIED", "DTSTAMP"}
STEPS = 30
Wanted = tuple[str, str, Any, Actor]

CHANGES: dict[str, list[dict[str, Any]]] = {
    "/meetings/{meeting}": [
        *({"date": date} for date in ("2022-06-07", "2022-06-08", "2022-06-09")),
        *({"room": room} for room in ("Room A", "Room B", None)),
        *({"status": status} for status in ("cancelled", "scheduled", "scheduled")),
        *({"join_url": link} for link in ("https://video.example.org/1", "https://video.example.org/2", None)),
        *({"links_for": whom} for whom in ("accredited", "speakers", "accredited", "speakers")),
        *({"title": title} for title in ("Meeting 1", "Another")),
    ],
    "/sessions/ahc-2": [
        *({"status": status} for status in ("cancelled", "published", "published")),
        *({"title": title} for title in ("Session", "Renamed")),
        {"city": "Vienna"},
    ],
    "/lists/{list}": [
        *({"title": title} for title in ("Item 5", "Item 6")),
        *({"closes_at": at} for at in ("2022-06-01T10:00:00Z", None)),
    ],
    "/people/{ada}": [{"language": "en"}, {"language": "fr"}, {"name": "Ada"}, {"name": "Ada Example"}],
    "/organisations/{organisation}": [{"name": "One"}, {"name": "Two"}],
    "/people/{chair}": [{"roles": []}, {"roles": [{"role": "chair", "scope": {"type": "session", "id": "ahc-2"}}]}],
    "/accreditations/{accreditation}": [{"status": "approved"}, {"status": "objected"}, {"status": "approved"}],
}  # fmt: skip


class Walk:
    """What happens by lot, and the feeds that are read on the way."""

    def __init__(self, world: World, seed: int, chair: Actor, accreditation: str) -> None:
        self.world = world
        self.lot = random.Random(seed)  # noqa: S311  -- the same walk each time
        self.chair = chair
        self.names = {
            "meeting": world.scene.meeting, "list": world.scene.list, "ada": world.ada.id, "chair": chair.id,
            "organisation": world.ada.organisation, "accreditation": accreditation,
        }  # fmt: skip
        self.done: list[str] = []

    async def step(self) -> None:
        """Something happens, or is refused."""
        self.world.clock.advance(self.lot.choice([2, 61]))
        method, path, body, by = await (self._turn() if self.lot.random() < 0.3 else self._change())
        answer = await self.world.client.request(method, path, json=body, headers=self.world.sign(by))
        self.done.append(f"{method} {path} {body} {answer.status_code}")
        assert answer.status_code in {200, 201, 204, 403, 404, 409}, (self.done, answer.text)

    async def _change(self) -> Wanted:
        path = self.lot.choice(list(CHANGES))
        return "PATCH", path.format(**self.names), self.lot.choice(CHANGES[path]), self.world.secretariat

    async def _turn(self) -> Wanted:
        """Ada books, withdraws, or the chair puts a break before her turn."""
        mine = await self.world.client.get("/me/inscriptions", headers=self.world.sign(self.world.ada))
        live = [each for each in mine.json()["items"] if each["status"] == "allotted"]
        if not live:
            slot = self.lot.choice(self.world.scene.slots)
            return "POST", f"/slots/{slot}/booking", {"mode": "remote"}, self.world.ada
        if self.lot.random() < 0.5:
            return "DELETE", f"/inscriptions/{live[0]['id']}", None, self.world.ada
        pause = {"kind": "break", "seconds": 60, "after": None}
        return "POST", f"/lists/{self.world.scene.list}/slots", pause, self.world.secretariat


def faults(
    before: dict[str, dict[str, str]], after: dict[str, dict[str, str]], *, narrowed: bool, at_once: bool
) -> list[str]:
    """What one who has the entries of `before` could not believe of `after`. `at_once`: one thing happened between."""
    found = [f"{uid} is gone" for uid in before.keys() - after.keys() if not narrowed]
    for uid in before.keys() & after.keys():
        old, new = before[uid], after[uid]
        sequences, moments = (int(old["SEQUENCE"]), int(new["SEQUENCE"])), (old["LAST-MODIFIED"], new["LAST-MODIFIED"])
        changed = {name: (old.get(name), new.get(name)) for name in old | new if old.get(name) != new.get(name)}
        if not changed:
            continue
        counted = any(name in changed for name in COUNTED)
        # A meeting may be cancelled twice over, with its session and by itself: each counts, one shows.
        if at_once and new["STATUS"] != "CANCELLED" and not changed.keys() - STAMPS:
            found.append(f"{uid} looks the same: {changed}")
        if sequences[1] < sequences[0] + counted or moments[1] <= moments[0]:
            found.append(f"{uid}: {changed}")
    return found


@pytest.mark.parametrize("seed", range(3))
async def test_no_edition_is_taken_back(world: World, service: Service, feed: Feed, seed: int) -> None:
    grants = (Grant("chair", "session", world.scene.session),)
    chair = service.writer.act_now(lambda tx: people.person(tx, "Cha Ir", grants=grants))
    focal_grants = (Grant("focal_point", "organisation", world.ada.organisation),)
    focal = service.writer.act_now(lambda tx: people.person(tx, "Fo Cal", grants=focal_grants))
    (accreditation,) = (await world.do("GET", "/sessions/ahc-2/accreditations"))["items"]
    walk = Walk(world, seed, chair, accreditation["id"])
    wanted: list[tuple[Actor, dict[str, Any]]] = [
        (world.ada, {"scope": "mine"}), (world.ada, {"scope": "mine", "include": ["deadlines"]}),
        (world.ada, {"scope": "session", "session": "ahc-2"}), (focal, {"scope": "organisation"}),
        (chair, {"scope": "chair", "session": "ahc-2"}),
    ]  # fmt: skip
    paths = [path.format(**walk.names) for path in (*PUBLIC, "sessions/ahc-2.ics?include=deadlines")]
    paths += [await world.make_feed(by, **each) for by, each in wanted]
    narrowed = {paths[3], paths[5], paths[8]}
    last: dict[str, dict[str, dict[str, str]]] = {path: {} for path in paths}
    read_at = dict.fromkeys(paths, -1)
    for number in range(STEPS):
        await walk.step()
        for path in walk.lot.sample(paths, k=walk.lot.choice([0, 2, len(paths), len(paths)])):
            answer = await feed(path)
            read = {entry["UID"]: entry for entry in entries(answer)}
            once = read_at[path] == number - 1
            found = faults(last[path], read, narrowed=path in narrowed, at_once=once)
            assert found == [], "\n".join(walk.done)
            last[path], read_at[path] = read, number
