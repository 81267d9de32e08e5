"""Queue lists over HTTP: inscribing, turns given and moved by hand, leaving."""

from typing import Any

import httpx
import pytest

from api.web.service import Service
from scheduler.people.permission import Actor
from tests.api.conftest import Sign
from tests.makers import queueing, speaking
from tests.makers.speaking import Scene


@pytest.fixture
def scene(service: Service) -> Scene:
    return service.writer.act_now(queueing.scene)


@pytest.fixture
def abc(service: Service, scene: Scene) -> list[str]:
    """The slots of three who have turns of three minutes."""
    return service.writer.act_now(lambda tx: [queueing.turn(tx, scene, name).id for name in "ABC"])


async def test_inscription_is_made_read_and_answered_once_under_a_key(
    client: httpx.AsyncClient, scene: Scene, ada: Actor, sign: Sign
) -> None:
    path, headers = f"/lists/{scene.list}/inscriptions", sign(ada) | {"Idempotency-Key": "one"}
    sent = {
        "mode": "remote",
        "language": "es",
        "topic": "Article 6",
        "on_behalf_of": "Organisation of Ada Example",
        "seconds_requested": 300,
    }

    made = await client.post(path, json=sent, headers=headers)
    again = await client.post(path, json=sent, headers=headers)

    assert (made.status_code, again.status_code) == (201, 201)
    assert made.json() == again.json()
    assert made.json() == {
        "id": made.json()["id"],
        "list": scene.list,
        "slot": None,
        "person": {"id": ada.id, "name": "Ada Example"},
        "organisation": {"id": ada.organisation, "name": "Organisation of Ada Example"},
        "category": "member_state",
        "delivered_by": None,
        "status": "pending",
        "created_at": "2022-05-01T12:00:00Z",
        "version": 1,
        "warnings": made.json()["warnings"],
        "swap": None,
        **sent,
    }
    assert [each["code"] for each in made.json()["warnings"]] == ["language-not-interpreted", "seconds-above-limit"]
    assert (await client.get("/me/inscriptions", headers=headers)).json()["items"] == [made.json()]
    assert (await client.get(path)).json()["items"] == []
    assert (await client.get(f"/inscriptions/{made.json()['id']}")).status_code == 404
    taken = await client.post(path, json={"mode": "video"}, headers=sign(ada))
    assert (taken.status_code, taken.json()["code"]) == (409, "already-inscribed")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "mode"),
        ({"mode": "remote", "seconds_requested": 0}, "seconds_requested"),
        ({"mode": "remote", "on_behalf_of": " "}, "on_behalf_of"),
        ({"mode": "remote", "person": "ada"}, "person"),
        ({"mode": "remote", "status": "allotted"}, "status"),
    ],
)
async def test_inscription_of_the_wrong_shape_is_refused_by_its_field(
    client: httpx.AsyncClient, scene: Scene, ada: Actor, sign: Sign, *, sent: dict[str, Any], field: str
) -> None:
    answer = await client.post(f"/lists/{scene.list}/inscriptions", json=sent, headers=sign(ada))

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_inscribing_is_refused_in_the_contracts_order(
    client: httpx.AsyncClient, service: Service, sign: Sign, *, scene: Scene, ada: Actor, participant: Actor
) -> None:
    path, timed = (
        f"/lists/{scene.list}/inscriptions",
        service.writer.act_now(lambda tx: speaking.scene(tx, code="ahc-3")),
    )
    closed = service.writer.act_now(lambda tx: queueing.scene(tx, code="ahc-4", opened=False, modes=["in_person"]))
    bea = service.writer.act_now(lambda tx: speaking.speaker(tx, closed, "Bea"))
    eve = service.writer.act_now(lambda tx: speaking.speaker(tx, timed, "Eve"))

    async def asked(where: str, who: Actor | None, body: dict[str, Any]) -> tuple[int, str]:
        answer = await client.post(where, json=body, headers=sign(who) if who else {})
        return answer.status_code, answer.json()["code"]

    remote = {"mode": "remote"}
    assert await asked(path, None, {}) == (401, "not-signed-in")
    assert await asked("/lists/nonsense/inscriptions", ada, {}) == (422, "invalid")
    assert await asked("/lists/nonsense/inscriptions", ada, remote) == (404, "not-found")
    assert await asked(path, participant, remote | {"person": ada.id}) == (403, "not-allowed")
    assert await asked(path, participant, remote) == (403, "not-accredited")
    assert await asked(f"/lists/{closed.list}/inscriptions", bea, remote) == (422, "mode-not-offered")
    assert await asked(f"/lists/{closed.list}/inscriptions", bea, {"mode": "in_person"}) == (409, "list-not-open")
    assert await asked(f"/lists/{timed.list}/inscriptions", eve, remote) == (409, "not-allowed-now")


async def test_chair_gives_a_turn_and_it_is_public(
    client: httpx.AsyncClient, sign: Sign, chair: dict[str, str], *, scene: Scene, ada: Actor, abc: list[str]
) -> None:
    hers = (await client.post(f"/lists/{scene.list}/inscriptions", json={"mode": "remote"}, headers=sign(ada))).json()[
        "id"
    ]
    path = f"/lists/{scene.list}/slots"

    refused = await client.post(path, json={"inscription": hers}, headers=sign(ada))
    made = await client.post(path, json={"inscription": hers, "after": abc[0], "seconds": 90}, headers=chair)
    again = await client.post(path, json={"inscription": hers}, headers=chair)

    assert (refused.status_code, again.status_code, again.json()["code"]) == (403, 409, "not-allowed-now")
    assert (made.status_code, made.json()["position"], made.json()["starts_at"]) == (201, 2, "2022-06-08T08:03:00Z")
    assert (made.json()["speaker"], made.json()["seconds"]) == ({"id": ada.id, "name": "Ada Example"}, 90)
    assert [slot["id"] for slot in (await client.get(path)).json()["items"]] == [
        abc[0],
        made.json()["id"],
        *abc[1:],
    ]
    shown = (await client.get(f"/inscriptions/{hers}")).json()
    assert (shown["status"], shown["slot"]) == ("allotted", made.json()["id"])
    assert (await client.get(f"/lists/{scene.list}")).json()["seconds_left"] == 10_800 - 630


async def test_turn_is_last_where_nothing_is_said_and_first_behind_null(
    client: httpx.AsyncClient, service: Service, scene: Scene, chair: dict[str, str], abc: list[str]
) -> None:
    last, first = service.writer.act_now(lambda tx: [queueing.speaker(tx, scene, name) for name in "DE"])
    path = f"/lists/{scene.list}/slots"

    positions = [
        (await client.post(path, json=sent, headers=chair)).json()["position"]
        for sent in ({"inscription": last}, {"inscription": first, "after": None})
    ]

    assert positions == [4, 1]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "kind"),
        ({"kind": "break"}, "seconds"),
        ({"kind": "statement", "seconds": 60}, "kind"),
        ({"inscription": "ada"}, "inscription"),
        ({"inscription": "c0ffee00-0000-4000-8000-000000000000", "kind": "break"}, "kind"),
        ([], ""),
    ],
)
async def test_new_slot_of_the_wrong_shape_is_refused_by_its_field(
    client: httpx.AsyncClient, scene: Scene, chair: dict[str, str], *, sent: Any, field: str
) -> None:
    answer = await client.post(f"/lists/{scene.list}/slots", json=sent, headers=chair)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_two_chairs_move_at_once_and_the_second_sees_what_the_first_did(
    client: httpx.AsyncClient, chair: dict[str, str], secretariat: Actor, sign: Sign, abc: list[str]
) -> None:
    path = f"/slots/{abc[2]}/move"

    first = await client.post(path, json={"after": None, "expected_version": 1}, headers=chair)
    second = await client.post(path, json={"after": abc[0], "expected_version": 1}, headers=sign(secretariat))

    assert (first.status_code, first.json()["position"], first.json()["version"]) == (200, 1, 2)
    assert (second.status_code, second.json()["code"]) == (409, "version-conflict")
    assert second.json()["current"] == first.json() == (await client.get(f"/slots/{abc[2]}")).json()


async def test_move_is_for_who_runs_the_list(
    client: httpx.AsyncClient, ada: Actor, sign: Sign, chair: dict[str, str], abc: list[str]
) -> None:
    found = [
        await client.post(f"/slots/{abc[0]}/move", content=b"{"),
        await client.post(f"/slots/{abc[0]}/move", json={}, headers=chair),
        await client.post("/slots/%00/move", json={"after": None}, headers=chair),
        await client.post(f"/slots/{abc[0]}/move", json={"after": None}, headers=sign(ada)),
        await client.post(f"/slots/{abc[0]}/move", json={"after": abc[0]}, headers=chair),
    ]

    assert [answer.status_code for answer in found] == [401, 422, 404, 403, 422]


async def test_turn_is_left_in_both_ways(
    client: httpx.AsyncClient, service: Service, sign: Sign, *, scene: Scene, ada: Actor, chair: dict[str, str]
) -> None:
    def given(path: str) -> str:
        return service.writer.act_now(lambda tx: queueing.allotted(tx, scene, path)).id

    hers = (await client.post(f"/lists/{scene.list}/inscriptions", json={"mode": "video"}, headers=sign(ada))).json()[
        "id"
    ]
    slot = given(hers)
    removed = await client.delete(f"/slots/{slot}", headers=chair)
    pending = (await client.get(f"/inscriptions/{hers}", headers=sign(ada))).json()
    given(hers)
    withdrawn = await client.delete(f"/inscriptions/{hers}", headers=sign(ada))

    assert (removed.status_code, pending["status"], pending["slot"]) == (204, "pending", None)
    assert (await client.get(f"/slots/{slot}")).status_code == 404
    assert withdrawn.status_code == 204
    counts = (await client.get(f"/lists/{scene.list}")).json()["counts"]
    assert counts == {"slots": 0, "free": 0, "booked": 0, "pending": 0, "allotted": 0, "waiting": 0}
