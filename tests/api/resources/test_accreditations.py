"""Accreditations over HTTP: who sees them, and what taking one back would do."""

from dataclasses import dataclass

import httpx
import pytest

from api.web.service import Service
from scheduler.lists import booking
from scheduler.lists.booking import Booking
from scheduler.people.permission import Actor, Grant
from scheduler.storage.writer import Tx
from tests.api.conftest import Sign
from tests.makers import people, speaking
from tests.makers.speaking import Scene

HERE = "/sessions/ahc-2/accreditations"


@dataclass(frozen=True)
class Cast:
    """A session in which two organisations are accredited, and people who look at it."""

    scene: Scene
    ada: Actor
    chair: Actor


def _cast(tx: Tx) -> Cast:
    scene = speaking.scene(tx)
    ada = speaking.speaker(tx, scene)
    speaking.speaker(tx, scene, "Zoe Zenith")
    booking.book(tx, ada, scene.slots[0], Booking("remote"))
    return Cast(scene, ada, people.person(tx, "Cha Ir", grants=(Grant("chair", "session", scene.session),)))


@pytest.fixture
def cast(service: Service) -> Cast:
    return service.writer.act_now(_cast)


async def test_each_sees_the_accreditations_that_concern_her(
    client: httpx.AsyncClient, cast: Cast, participant: Actor, sign: Sign
) -> None:
    seen = [
        [each["organisation"]["name"] for each in (await client.get(HERE, headers=sign(who))).json()["items"]]
        for who in (cast.chair, cast.ada, participant)
    ]

    hers = "Organisation of Ada Example"
    assert seen == [[hers, "Organisation of Zoe Zenith"], [hers], []]
    assert (await client.get(HERE)).status_code == 401


async def test_accreditations_come_a_page_at_a_time(client: httpx.AsyncClient, cast: Cast, sign: Sign) -> None:
    hers = sign(cast.chair)

    first = (await client.get(f"{HERE}?limit=1", headers=hers)).json()
    rest = (await client.get(f"{HERE}?limit=1&cursor={first['next']}", headers=hers)).json()

    assert [each["organisation"]["name"] for each in first["items"] + rest["items"]] == [
        "Organisation of Ada Example",
        "Organisation of Zoe Zenith",
    ]
    assert rest["next"] is None


async def test_a_dry_run_says_whom_taking_back_bars_and_changes_nothing(
    client: httpx.AsyncClient, cast: Cast, secretariat: Actor, sign: Sign
) -> None:
    sec = sign(secretariat)
    before = (await client.get(HERE, headers=sec)).json()
    of = before["items"][0]["id"]

    seen = await client.patch(f"/accreditations/{of}?dry_run=true", json={"status": "objected"}, headers=sec)

    told = seen.json()
    assert (seen.status_code, told["accreditation"]["status"]) == (200, "objected")
    assert (told["affected"]["people"], told["affected"]["booked"], told["affected"]["accredited"]) == (1, 1, 0)
    assert [slot["id"] for slot in told["slots"]] == [cast.scene.slots[0]]
    assert (await client.get(HERE, headers=sec)).json() == before


async def test_what_is_taken_back_bars_booking_and_leaves_the_slot(
    client: httpx.AsyncClient, cast: Cast, secretariat: Actor, sign: Sign
) -> None:
    sec, hers = sign(secretariat), sign(cast.ada)
    of = (await client.get(HERE, headers=sec)).json()["items"][0]["id"]

    await client.patch(f"/accreditations/{of}", json={"status": "objected"}, headers=sec)

    slots = (await client.get(f"/lists/{cast.scene.list}/slots?free=false")).json()["items"]
    assert [(slot["id"], slot["status"]) for slot in slots] == [(cast.scene.slots[0], "booked")]
    await client.delete(f"/slots/{cast.scene.slots[0]}/booking", headers=hers)
    again = await client.post(f"/slots/{cast.scene.slots[1]}/booking", json={"mode": "remote"}, headers=hers)
    assert (again.status_code, again.json()["code"]) == (403, "not-accredited")


async def test_an_objection_bars_booking_and_inscribing_and_says_why(
    client: httpx.AsyncClient, cast: Cast, secretariat: Actor, sign: Sign
) -> None:
    sec, hers = sign(secretariat), sign(cast.ada)
    of = (await client.get(HERE, headers=sec)).json()["items"][0]
    queue = {"title": "Queue", "allocation": "queue"}
    day = {"title": "Next", "date": "2022-06-09", "start": "10:00", "end": "13:00"}
    meeting = (await client.post("/sessions/ahc-2/meetings", json=day, headers=sec)).json()["id"]
    made = (await client.post(f"/meetings/{meeting}/lists", json=queue, headers=sec)).json()
    await client.post(f"/lists/{made['id']}/open", headers=sec)

    await client.patch(
        f"/accreditations/{of['id']}", json={"status": "objected", "note": "Two members object."}, headers=sec
    )

    for here in (f"/slots/{cast.scene.slots[1]}/booking", f"/lists/{made['id']}/inscriptions"):
        answer = await client.post(here, json={"mode": "remote"}, headers=hers)
        told = answer.json()
        assert (answer.status_code, told["code"], told["accreditation"]) == (403, "not-accredited", "objected")
        assert told["organisation"] == of["organisation"]["id"]
        assert told["detail"] == (
            "There is an objection to the accreditation of Organisation of Ada Example to this session: "
            "Two members object. Ask the secretariat."
        )


async def test_several_are_looked_at_and_decided_at_once(
    client: httpx.AsyncClient, cast: Cast, secretariat: Actor, sign: Sign
) -> None:
    sec = sign(secretariat)
    before = (await client.get(HERE, headers=sec)).json()
    asked = {"accreditations": [each["id"] for each in before["items"]], "status": "objected", "note": "Late"}

    looked = await client.post(f"{HERE}/decisions", json=asked | {"dry_run": True}, headers=sec)
    assert (await client.get(HERE, headers=sec)).json() == before
    done = await client.post(f"{HERE}/decisions", json=asked, headers=sec)

    told = looked.json()
    assert (looked.status_code, done.status_code) == (200, 200)
    assert (
        told["accreditations"] == done.json()["accreditations"] == (await client.get(HERE, headers=sec)).json()["items"]
    )
    assert {(each["status"], each["note"]) for each in told["accreditations"]} == {("objected", "Late")}
    assert (told["affected"]["people"], told["affected"]["booked"], told["affected"]["accredited"]) == (2, 1, 1)
    assert [slot["id"] for slot in told["slots"]] == [cast.scene.slots[0]]
    assert told["inscriptions"] == []


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"accreditations": [], "status": "approved"}, "accreditations"),
        ({"accreditations": ["nothing"], "status": "approved"}, "accreditations.0"),
        ({"accreditations": ["4cf0a6ab-6f4b-4f7e-b7f5-3a3a8f4b8a10"], "status": "approved"}, "accreditations.0"),
        ({"accreditations": ["4cf0a6ab-6f4b-4f7e-b7f5-3a3a8f4b8a10"]}, "status"),
    ],
)
async def test_decisions_that_cannot_be_are_refused(  # noqa: PLR0917  -- fixtures and parameters
    client: httpx.AsyncClient, cast: Cast, secretariat: Actor, sign: Sign, sent: dict[str, object], field: str
) -> None:
    answer = await client.post(f"{HERE}/decisions", json=sent, headers=sign(secretariat))

    assert (answer.status_code, [each["field"] for each in answer.json()["errors"]]) == (422, [field])


async def test_only_who_runs_the_session_decides_on_several(client: httpx.AsyncClient, cast: Cast, sign: Sign) -> None:
    asked = {"accreditations": ["4cf0a6ab-6f4b-4f7e-b7f5-3a3a8f4b8a10"], "status": "approved"}

    answers = [await client.post(f"{HERE}/decisions", json=asked, headers=sign(who)) for who in (cast.ada, cast.chair)]

    assert [(each.status_code, each.json()["code"]) for each in answers] == [(403, "not-allowed")] * 2
    assert (await client.post(f"{HERE}/decisions", json=asked)).status_code == 401


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"status": "maybe"}, 422, "invalid"),
        ({"status": None}, 422, "invalid"),
        ({"organisation": "another"}, 422, "invalid"),
        ({"status": "objected", "expected_version": 7}, 409, "version-conflict"),
    ],
)
async def test_a_decision_that_cannot_be_is_refused(  # noqa: PLR0917  -- fixtures and parameters
    client: httpx.AsyncClient,
    cast: Cast,
    secretariat: Actor,
    sign: Sign,
    change: dict[str, object],
    status: int,
    code: str,
) -> None:
    sec = sign(secretariat)
    of = (await client.get(HERE, headers=sec)).json()["items"][0]["id"]

    for query in ("", "?dry_run=true"):
        answer = await client.patch(f"/accreditations/{of}{query}", json=change, headers=sec)

        assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize("unknown", ["nothing", "%00", "4cf0a6ab-6f4b-4f7e-b7f5-3a3a8f4b8a10"])
async def test_what_is_not_there_is_not_found(
    client: httpx.AsyncClient, secretariat: Actor, sign: Sign, unknown: str
) -> None:
    sec = sign(secretariat)
    answers = [
        await client.get(f"/sessions/{unknown}/accreditations", headers=sec),
        await client.patch(f"/accreditations/{unknown}", json={"status": "approved"}, headers=sec),
        await client.patch(f"/people/{unknown}", json={"name": "New"}, headers=sec),
        await client.get(f"/people/{unknown}", headers=sec),
        await client.delete(f"/people/{unknown}", headers=sec),
        await client.patch(f"/organisations/{unknown}", json={"name": "New"}, headers=sec),
        await client.get(f"/organisations/{unknown}", headers=sec),
    ]

    assert [(a.status_code, a.json()["code"]) for a in answers] == [(404, "not-found")] * len(answers)
