from typing import Any

import httpx
import pytest

from api.web.service import Service
from scheduler.lists import booking
from scheduler.lists.booking import Booking
from scheduler.people.permission import Actor, Grant
from tests.api.conftest import Sign
from tests.makers import speaking
from tests.makers.speaking import Scene


@pytest.fixture
def hers(service: Service, scene: Scene, ada: Actor) -> str:
    wanted = Booking("remote", topic="Article 6")
    return service.writer.act_now(lambda tx: booking.book(tx, ada, scene.slots[0], wanted)).id


async def test_inscription_is_read_in_full_by_her_and_cut_by_the_public(
    client: httpx.AsyncClient, scene: Scene, ada: Actor, hers: str, sign: Sign
) -> None:
    full = (await client.get(f"/inscriptions/{hers}", headers=sign(ada))).json()
    cut = (await client.get(f"/inscriptions/{hers}")).json()

    assert full == {
        "id": hers,
        "list": scene.list,
        "slot": scene.slots[0],
        "person": {"id": ada.id, "name": "Ada Example"},
        "organisation": {"id": ada.organisation, "name": "Organisation of Ada Example"},
        "category": "member_state",
        "mode": "remote",
        "language": None,
        "topic": "Article 6",
        "on_behalf_of": None,
        "delivered_by": None,
        "seconds_requested": None,
        "status": "allotted",
        "created_at": "2022-05-01T12:00:00Z",
        "version": 1,
        "warnings": [],
        "swap": None,
    }
    assert cut == full | {"topic": None}
    assert (await client.get(f"/lists/{scene.list}/inscriptions")).json() == {"items": [cut], "next": None}


async def test_inscription_is_changed_and_a_stale_change_refused(
    client: httpx.AsyncClient, ada: Actor, hers: str, sign: Sign
) -> None:
    path, headers = f"/inscriptions/{hers}", sign(ada)

    sent = {"delivered_by": "Sub Stitute", "topic": None, "mode": "in_person"}
    changed = await client.patch(path, json=sent, headers=headers)
    stale = await client.patch(path, json={"topic": "x", "expected_version": 1}, headers=headers)

    assert changed.status_code == 200
    assert [changed.json()[name] for name in ("delivered_by", "topic", "mode", "version")] == [
        "Sub Stitute",
        None,
        "in_person",
        2,
    ]
    assert (stale.status_code, stale.json()["current"]) == (409, changed.json())


@pytest.mark.parametrize(
    ("sent", "field"),
    [({"mode": None}, "mode"), ({"status": "allotted"}, "status"), ({"delivered_by": " "}, "delivered_by")],
)
async def test_change_of_the_wrong_shape_is_refused_by_its_field(
    client: httpx.AsyncClient, ada: Actor, hers: str, sign: Sign, *, sent: dict[str, Any], field: str
) -> None:
    answer = await client.patch(f"/inscriptions/{hers}", json=sent, headers=sign(ada))

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_withdrawn_inscription_stays_among_her_own(
    client: httpx.AsyncClient, scene: Scene, ada: Actor, hers: str, sign: Sign
) -> None:
    headers = sign(ada)
    assert (await client.delete(f"/inscriptions/{hers}", headers=headers)).status_code == 204
    again = (await client.post(f"/slots/{scene.slots[1]}/booking", json={"mode": "video"}, headers=headers)).json()[
        "id"
    ]

    own = (await client.get("/me/inscriptions", headers=headers)).json()
    first = (await client.get("/me/inscriptions?limit=1", headers=headers)).json()
    rest = (await client.get("/me/inscriptions", params={"cursor": first["next"]}, headers=headers)).json()

    assert {(each["id"], each["status"]) for each in own["items"]} == {(hers, "withdrawn"), (again, "allotted")}
    assert [each["id"] for page in (first, rest) for each in page["items"]] == [each["id"] for each in own["items"]]
    assert rest["next"] is None
    assert (await client.delete(f"/inscriptions/{hers}", headers=headers)).json()["code"] == "not-allowed-now"
    assert [each["id"] for each in (await client.get(f"/lists/{scene.list}/inscriptions")).json()["items"]] == [again]


async def test_focal_point_reads_her_organisations_inscriptions(
    client: httpx.AsyncClient, service: Service, ada: Actor, hers: str, sign: Sign
) -> None:
    grants = (Grant("focal_point", "organisation", ada.organisation),)
    focal = service.writer.act_now(lambda tx: speaking.colleague(tx, ada, grants=grants))
    path = f"/organisations/{ada.organisation}/inscriptions"

    found = (await client.get(path, headers=sign(focal))).json()

    assert [(each["id"], each["topic"]) for each in found["items"]] == [(hers, "Article 6")]
    assert (await client.get(path, headers=sign(ada))).status_code == 403
    assert (await client.get(path)).status_code == 401


@pytest.mark.parametrize("id_", ["nonsense", "%00", "c0ffee00-0000-4000-8000-000000000000"])
async def test_inscription_that_is_not_there_is_not_found(
    client: httpx.AsyncClient, secretariat: Actor, sign: Sign, id_: str
) -> None:
    headers = sign(secretariat)
    found = [
        await client.get(f"/inscriptions/{id_}"),
        await client.get(f"/lists/{id_}/inscriptions"),
        await client.get(f"/organisations/{id_}/inscriptions", headers=headers),
        await client.patch(f"/inscriptions/{id_}", json={}, headers=headers),
        await client.delete(f"/inscriptions/{id_}", headers=headers),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in found] == [(404, "not-found")] * 5


@pytest.mark.parametrize(
    "cursor",
    [
        "nonsense",
        "WyJ5ZXN0ZXJkYXkiLCJ4Il0",
        "WyIyMDIyLTA1LTAxVDEyOjAwOjAwIiwieCJd",
        "WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAwIiwieCJd",
    ],
)
async def test_cursor_of_another_kind_is_refused(
    client: httpx.AsyncClient, ada: Actor, sign: Sign, cursor: str
) -> None:
    answer = await client.get("/me/inscriptions", params={"cursor": cursor}, headers=sign(ada))

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "cursor")
