from datetime import timedelta

import httpx
import pytest

from api.web.service import Service
from scheduler.clock.now import SettableClock
from scheduler.people.permission import Actor
from tests.api.conftest import Sign
from tests.makers import speaking
from tests.makers.speaking import Scene

IN_PERSON = {"mode": "in_person"}


@pytest.fixture
def scene(service: Service) -> Scene:
    return service.writer.act_now(lambda tx: speaking.scene(tx, slot_seconds=10_800))


@pytest.fixture
def speakers(service: Service, scene: Scene) -> list[Actor]:
    return service.writer.act_now(lambda tx: [speaking.speaker(tx, scene, name) for name in ("Ada", "Bob", "Cleo")])


@pytest.fixture
async def booking(client: httpx.AsyncClient, scene: Scene, speakers: list[Actor], sign: Sign) -> str:
    """The only slot is booked by the first speaker; the address of its booking."""
    path = f"/slots/{scene.slots[0]}/booking"
    assert (await client.post(path, json=IN_PERSON, headers=sign(speakers[0]))).status_code == 201
    return path


async def test_who_waits_is_offered_what_becomes_free_until_a_deadline(
    client: httpx.AsyncClient, scene: Scene, speakers: list[Actor], sign: Sign, booking: str
) -> None:
    ada, bob, cleo = map(sign, speakers)
    path = f"/lists/{scene.list}/waiting"

    made = await client.post(path, json=IN_PERSON | {"language": "fr"}, headers=bob)
    again = await client.post(path, json=IN_PERSON, headers=bob)
    await client.post(path, json=IN_PERSON, headers=cleo)
    await client.delete(booking, headers=ada)
    offered = (await client.get("/me/waiting", headers=bob)).json()["items"]
    taken = await client.post(booking, json=IN_PERSON, headers=cleo)
    booked = await client.post(booking, json=IN_PERSON, headers=bob)

    assert made.status_code == 201
    assert made.json() == {
        "id": made.json()["id"],
        "list": scene.list,
        "position": 1,
        "person": {"id": speakers[1].id, "name": "Bob"},
        "mode": "in_person",
        "slot": None,
        "offered_until": None,
        "status": "waiting",
        "organisation": {"id": speakers[1].organisation, "name": "Organisation of Bob"},
        "before": 0,
        "created_at": "2022-05-01T12:00:00Z",
    }
    assert (again.status_code, again.json()["code"]) == (409, "already-inscribed")
    assert offered == [
        made.json() | {"status": "offered", "slot": scene.slots[0], "offered_until": "2022-05-01T12:15:00Z"}
    ]
    assert (taken.status_code, taken.json()["code"]) == (409, "slot-taken")
    assert (booked.status_code, booked.json()["language"]) == (201, "fr")
    assert (await client.get("/me/waiting", headers=bob)).json()["items"][0]["status"] == "taken"


async def test_offer_lapses_though_no_worker_runs(
    client: httpx.AsyncClient, scene: Scene, speakers: list[Actor], sign: Sign, *, booking: str, clock: SettableClock
) -> None:  # fmt: skip
    ada, bob, cleo = map(sign, speakers)
    entries = [
        (await client.post(f"/lists/{scene.list}/waiting", json=IN_PERSON, headers=who)).json()["id"]
        for who in (bob, cleo)
    ]
    await client.delete(booking, headers=ada)

    clock.set(clock.now() + timedelta(minutes=20))
    slot = (await client.get(f"/slots/{scene.slots[0]}")).json()["status"]
    hers = (await client.get(f"/lists/{scene.list}/waiting", headers=cleo)).json()["items"]
    late = await client.post(booking, json=IN_PERSON, headers=bob)
    gone = await client.delete(f"/waiting/{entries[1]}", headers=cleo)

    assert (slot, hers[0]["status"], hers[0]["offered_until"]) == ("offered", "offered", "2022-05-01T12:30:00Z")
    assert (late.status_code, late.json()["code"]) == (409, "slot-taken")
    assert gone.status_code == 204
    counts = (await client.get(f"/lists/{scene.list}")).json()["counts"]
    assert (counts["free"], counts["waiting"]) == (1, 0)
    assert (await client.post(f"/lists/{scene.list}/waiting", json=IN_PERSON, headers=bob)).json()["allowed"] == [
        "book"
    ]


async def test_those_who_wait_come_page_by_page(
    client: httpx.AsyncClient, scene: Scene, speakers: list[Actor], sign: Sign, secretariat: Actor, *, booking: str
) -> None:  # fmt: skip
    path = f"/lists/{scene.list}/waiting"
    for who in speakers[1:]:
        await client.post(path, json=IN_PERSON, headers=sign(who))

    first = (await client.get(f"{path}?limit=1", headers=sign(secretariat))).json()
    second = (await client.get(f"{path}?limit=1&cursor={first['next']}", headers=sign(secretariat))).json()

    assert [each["person"]["name"] for each in (*first["items"], *second["items"])] == ["Bob", "Cleo"]
    assert second["next"] is None
    assert (await client.get(path)).status_code == 401
