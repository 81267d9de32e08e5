import asyncio
import threading
from typing import Any

import httpx
import pytest

from api.web.service import Service
from scheduler.people.permission import Actor
from tests.api.conftest import Sign
from tests.makers import speaking
from tests.makers.speaking import Scene


async def test_slot_is_booked_shown_and_withdrawn(
    client: httpx.AsyncClient, scene: Scene, ada: Actor, sign: Sign
) -> None:
    headers, path = sign(ada), f"/slots/{scene.slots[0]}"

    made = await client.post(f"{path}/booking", json={"mode": "remote", "language": "es"}, headers=headers)
    shown = (await client.get(f"{path}?tz=America/Bogota")).json()
    gone = await client.delete(f"{path}/booking", headers=headers)

    assert (made.status_code, made.json()["slot"], made.json()["status"]) == (201, scene.slots[0], "allotted")
    assert [warning["code"] for warning in made.json()["warnings"]] == ["language-not-interpreted"]
    assert shown == {
        "id": scene.slots[0],
        "list": scene.list,
        "position": 1,
        "kind": "statement",
        "title": None,
        "seconds": 540,
        "starts_at": "2022-06-08T08:00:00Z",
        "ends_at": "2022-06-08T08:09:00Z",
        "reserved_for": None,
        "inscription": made.json()["id"],
        "speaker": {"id": ada.id, "name": "Ada Example"},
        "organisation": {"id": ada.organisation, "name": "Organisation of Ada Example"},
        "mode": "remote",
        "status": "booked",
        "version": 2,
        "viewer": {
            "timezone": "America/Bogota",
            "date": "2022-06-08",
            "start": "03:00",
            "end": "03:09",
            "end_date": "2022-06-08",
            "day_shift": 0,
            "civil": "night",
        },
    }
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await client.get(path)).json()["status"] == "free"
    assert (await client.delete(f"{path}/booking", headers=headers)).status_code == 404


async def test_taken_slot_names_the_nearest_free_ones(
    client: httpx.AsyncClient, service: Service, scene: Scene, ada: Actor, sign: Sign
) -> None:
    bob = service.writer.act_now(lambda tx: speaking.speaker(tx, scene, "Bob Example"))
    path = f"/slots/{scene.slots[4]}/booking"
    await client.post(path, json={"mode": "in_person"}, headers=sign(ada))

    again = await client.post(path, json={"mode": "in_person"}, headers=sign(ada))
    taken = await client.post(path, json={"mode": "in_person"}, headers=sign(bob))

    assert (again.status_code, again.json()["code"]) == (409, "already-inscribed")
    assert (taken.status_code, taken.json()["code"]) == (409, "slot-taken")
    nearest = taken.json()["nearest"]
    assert [slot["id"] for slot in nearest] == [scene.slots[n] for n in (3, 5, 2)]
    assert nearest[0] == (await client.get(f"/slots/{scene.slots[3]}")).json()


async def test_repeat_under_one_key_gets_the_first_answer(
    client: httpx.AsyncClient, scene: Scene, ada: Actor, sign: Sign
) -> None:
    headers = sign(ada) | {"Idempotency-Key": "once"}
    path, sent = f"/slots/{scene.slots[0]}/booking", {"mode": "remote"}

    first = await client.post(path, json=sent, headers=headers)
    second = await client.post(path, json=sent, headers=headers)
    other = await client.post(path, json={"mode": "video"}, headers=headers)

    assert (second.status_code, second.json()) == (201, first.json())
    assert (other.status_code, other.json()["code"]) == (422, "invalid")


@pytest.mark.parametrize("keys", [("a", "b", "c"), ("a", "b", "a")])
async def test_bookings_under_keys_that_come_at_once_are_each_made_once(
    client: httpx.AsyncClient, service: Service, scene: Scene, sign: Sign, keys: tuple[str, ...]
) -> None:
    ada = service.writer.act_now(lambda tx: speaking.speaker(tx, scene))
    bob = service.writer.act_now(lambda tx: speaking.speaker(tx, scene, "Bob Example"))
    earlier = sign(service.writer.act_now(lambda tx: speaking.speaker(tx, scene, "Ear Lier"))) | {
        "Idempotency-Key": "one"
    }
    path, sent = "/slots/{}/booking", {"mode": "remote"}
    first = await client.post(path.format(scene.slots[0]), json=sent, headers=earlier)
    asked = [
        (scene.slots[number], sign(who) | {"Idempotency-Key": key})
        for number, (who, key) in enumerate(zip((ada, bob, ada), keys, strict=True), start=1)
    ]
    if keys[0] == keys[2]:
        asked[2] = asked[0]
    for _, headers in asked:
        await client.get("/me", headers=headers)  # whose sign-in is known need not be looked up: they keep their order
    gate = threading.Event()
    held = asyncio.create_task(service.writer.act(lambda _: gate.wait(10)))
    waiting = [
        asyncio.create_task(client.post(path.format(slot), json=sent, headers=headers))
        for slot, headers in [(scene.slots[0], earlier), *asked]
    ]
    await asyncio.sleep(0.2)  # as a rule enough for all to wait; what follows holds in any case

    gate.set()
    repeated, of_ada, of_bob, last = await asyncio.gather(*waiting)

    assert await held
    assert (repeated.status_code, repeated.json()) == (201, first.json())
    assert [each.json()["slot"] for each in (of_ada, of_bob)] == [scene.slots[1], scene.slots[2]]
    if keys[0] == keys[2]:
        assert (last.status_code, last.json()) == (201, of_ada.json())
    else:
        assert (last.status_code, last.json()["code"]) == (409, "already-inscribed")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "mode"),
        ({"mode": "telepathy"}, "mode"),
        ({"mode": "remote", "language": "Spanish!"}, "language"),
        ({"mode": "remote", "person": "ada"}, "person"),
        ({"mode": "remote", "topic": "x" * 501}, "topic"),
    ],
)
async def test_booking_of_the_wrong_shape_is_refused_by_its_field(
    client: httpx.AsyncClient, scene: Scene, ada: Actor, sign: Sign, *, sent: dict[str, Any], field: str
) -> None:
    answer = await client.post(f"/slots/{scene.slots[0]}/booking", json=sent, headers=sign(ada))

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_slots_are_filtered_and_come_page_by_page(
    client: httpx.AsyncClient, scene: Scene, ada: Actor, sign: Sign
) -> None:
    await client.post(f"/slots/{scene.slots[0]}/booking", json={"mode": "remote"}, headers=sign(ada))
    path = f"/lists/{scene.list}/slots"

    first = (await client.get(path, params={"limit": 15, "free": "true"})).json()
    rest = (await client.get(path, params={"limit": 15, "free": "true", "cursor": first["next"]})).json()
    held = (await client.get(path, params={"free": "false", "mode": "remote", "tz": "Asia/Tokyo"})).json()

    assert [slot["id"] for page in (first, rest) for slot in page["items"]] == list(scene.slots[1:])
    assert rest["next"] is None
    assert [(slot["id"], slot["viewer"]["start"]) for slot in held["items"]] == [(scene.slots[0], "17:00")]


async def test_chair_puts_a_break_changes_and_takes_it_out(
    client: httpx.AsyncClient, scene: Scene, chair: dict[str, str]
) -> None:
    new = {"kind": "break", "title": "Coffee", "seconds": 900, "after": scene.slots[1]}

    made = await client.post(f"/lists/{scene.list}/slots", json=new, headers=chair)
    path = f"/slots/{made.json()['id']}"
    longer = await client.patch(path, json={"seconds": 1_200, "title": None}, headers=chair)
    moved = (await client.get(f"/slots/{scene.slots[2]}")).json()["starts_at"]
    gone = await client.delete(path, headers=chair)

    assert (made.status_code, made.json()["starts_at"], made.json()["title"]) == (201, "2022-06-08T08:18:00Z", "Coffee")
    assert (longer.status_code, longer.json()["ends_at"], longer.json()["title"]) == (
        200,
        "2022-06-08T08:38:00Z",
        None,
    )
    assert moved == "2022-06-08T08:38:00Z"
    assert gone.status_code == 204
    assert (await client.get(f"/slots/{scene.slots[2]}")).json()["starts_at"] == "2022-06-08T08:18:00Z"


async def test_chair_reserves_a_slot(
    client: httpx.AsyncClient, scene: Scene, chair: dict[str, str], ada: Actor, sign: Sign
) -> None:
    path = f"/slots/{scene.slots[0]}"

    kept = await client.patch(path, json={"reserved_for": {"category": "ngo"}}, headers=chair)
    refused = await client.post(f"{path}/booking", json={"mode": "remote"}, headers=sign(ada))
    freed = await client.patch(path, json={"reserved_for": None, "expected_version": 2}, headers=chair)

    assert kept.json()["reserved_for"] == {"category": "ngo", "mode": None, "organisation": None}
    assert (refused.status_code, refused.json()["code"]) == (403, "category-not-eligible")
    assert freed.json()["reserved_for"] is None


async def test_break_without_room_is_refused_with_the_turns_in_its_way(
    client: httpx.AsyncClient, scene: Scene, chair: dict[str, str], ada: Actor, sign: Sign
) -> None:
    await client.post(f"/slots/{scene.slots[19]}/booking", json={"mode": "remote"}, headers=sign(ada))

    answer = await client.post(f"/lists/{scene.list}/slots", json={"kind": "break", "seconds": 60}, headers=chair)

    assert (answer.status_code, answer.json()["code"]) == (409, "over-budget")
    assert answer.json()["slots"] == [scene.slots[19]]


@pytest.mark.parametrize("id_", ["nonsense", "%00", "c0ffee00-0000-4000-8000-000000000000"])
async def test_slot_that_is_not_there_is_not_found(
    client: httpx.AsyncClient, secretariat: Actor, sign: Sign, id_: str
) -> None:
    headers = sign(secretariat)
    found = [
        await client.get(f"/slots/{id_}"),
        await client.get(f"/lists/{id_}/slots"),
        await client.post(f"/lists/{id_}/slots", json={"kind": "break", "seconds": 60}, headers=headers),
        await client.patch(f"/slots/{id_}", json={}, headers=headers),
        await client.delete(f"/slots/{id_}", headers=headers),
        await client.post(f"/slots/{id_}/booking", json={"mode": "remote"}, headers=headers),
        await client.delete(f"/slots/{id_}/booking", headers=headers),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in found] == [(404, "not-found")] * 7


async def test_nobody_unsigned_writes(client: httpx.AsyncClient, scene: Scene) -> None:
    found = [
        await client.post(f"/lists/{scene.list}/slots", content=b"{"),
        await client.patch(f"/slots/{scene.slots[0]}", content=b"{"),
        await client.delete(f"/slots/{scene.slots[0]}"),
        await client.post(f"/slots/{scene.slots[0]}/booking", content=b"{"),
        await client.delete(f"/slots/{scene.slots[0]}/booking"),
    ]

    assert [answer.json()["code"] for answer in found] == ["not-signed-in"] * 5
