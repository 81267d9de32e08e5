"""Oneself over HTTP: preferences, sign-ins, and everything that is held about her."""

from typing import Any

import httpx
import pytest

from api.web.service import Service
from scheduler.lists import booking, waiting
from scheduler.lists.booking import Booking
from scheduler.people import persons
from scheduler.people.permission import OPERATOR, Actor, Scopes
from scheduler.storage.writer import Tx
from scheduler.subscriptions import feeds
from scheduler.subscriptions.feeds import NewFeed
from tests.api.conftest import Sign
from tests.makers import people, speaking


@pytest.fixture
def hers(participant: Actor, sign: Sign) -> dict[str, str]:
    return sign(participant)


async def test_she_reads_herself_with_every_field_of_the_contract(
    client: httpx.AsyncClient, hers: dict[str, str], participant: Actor
) -> None:
    me = (await client.get("/me", headers=hers)).json()

    assert me.pop("email").endswith("@example.org")
    assert me == {
        "id": participant.id,
        "name": "Par Ticipant",
        "organisation": {"id": participant.organisation, "name": "Republic of Exampleland"},
        "roles": [],
        "timezone": "Europe/Vienna",
        "language": "en",
        "channels": ["mail"],
        "lead_minutes": [1440, 60, 15],
        "quiet_hours": None,
        "quiet_own_turn": False,
        "turn_rules": ["turn-near", "turn-next", "turn-moved"],
        "list_rules": ["list-opens", "list-closes"],
        "feed_moves_minutes": 15,
        "slots_by": "invitation",
        "version": 1,
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "new@example.org"}, "email"),
        ({"roles": []}, "roles"),
        ({"organisation": None}, "organisation"),
        ({"name": None}, "name"),
        ({"name": " "}, "name"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": None}, "timezone"),
        ({"language": "de"}, "language"),
        ({"channels": ["pigeon"]}, "channels.0"),
        ({"lead_minutes": [-1]}, "lead_minutes.0"),
        ({"lead_minutes": [10081]}, "lead_minutes.0"),
        ({"lead_minutes": [1.5]}, "lead_minutes.0"),
        ({"lead_minutes": list(range(11))}, "lead_minutes"),
        ({"quiet_hours": {"start": "22:00"}}, "quiet_hours.end"),
        ({"quiet_hours": {"start": "24:00", "end": "07:00"}}, "quiet_hours.start"),
        ({"quiet_own_turn": "yes"}, "quiet_own_turn"),
        ({"turn_rules": ["turn-given"]}, "turn_rules.0"),
        ({"feed_moves_minutes": 2**40}, "feed_moves_minutes"),
        ({"slots_by": "pigeon"}, "slots_by"),
    ],
)
async def test_what_she_may_not_say_of_herself_is_refused_at_its_field(
    client: httpx.AsyncClient, hers: dict[str, str], change: dict[str, Any], field: str
) -> None:
    answer = await client.patch("/me", json=change, headers=hers)

    assert (answer.status_code, [each["field"] for each in answer.json()["errors"]]) == (422, [field])


async def test_a_change_on_a_stale_reading_gives_her_as_she_is_now(
    client: httpx.AsyncClient, hers: dict[str, str]
) -> None:
    await client.patch("/me", json={"name": "First", "expected_version": 1}, headers=hers)

    answer = await client.patch("/me", json={"name": "Second", "expected_version": 1}, headers=hers)

    assert (answer.status_code, answer.json()["code"]) == (409, "version-conflict")
    assert answer.json()["current"] == (await client.get("/me", headers=hers)).json()


async def test_sign_ins_come_a_page_at_a_time(
    client: httpx.AsyncClient, hers: dict[str, str], participant: Actor, sign: Sign
) -> None:
    sign(participant)
    sign(participant)

    first = (await client.get("/me/sign-ins?limit=2", headers=hers)).json()
    rest = (await client.get(f"/me/sign-ins?limit=2&cursor={first['next']}", headers=hers)).json()

    assert [len(first["items"]), len(rest["items"]), rest["next"]] == [2, 1, None]
    assert len({each["id"] for each in first["items"] + rest["items"]}) == 3
    assert {each["kind"] for each in first["items"]} == {"token"}


async def test_nobody_ends_the_sign_in_of_another(
    client: httpx.AsyncClient, hers: dict[str, str], secretariat: Actor, sign: Sign
) -> None:
    (own,) = (await client.get("/me/sign-ins", headers=hers)).json()["items"]

    answers = [
        await client.delete(f"/me/sign-ins/{id_}", headers=sign(secretariat)) for id_ in (own["id"], "nothing", "%00")
    ]

    assert [(a.status_code, a.json()["code"]) for a in answers] == [(404, "not-found")] * 3
    assert (await client.get("/me", headers=hers)).status_code == 200


@pytest.mark.parametrize("address", ["/me", "/me/sign-ins", "/me/export"])
async def test_the_public_is_nobody(client: httpx.AsyncClient, address: str) -> None:
    answer = await client.get(address)

    assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in")


def _held(tx: Tx) -> tuple[Actor, str]:
    """Somebody with a slot and a feed, changed by the secretariat; her feed's secret."""
    scene = speaking.scene(tx)
    ada = speaking.speaker(tx, scene)
    booking.book(tx, ada, scene.slots[0], Booking("remote", topic="Evidence"))
    full = speaking.scene_in(tx, Scopes(scene.body, scene.session), meeting_values={"number": 2}, slot_seconds=10_800)
    booking.book(tx, speaking.speaker(tx, scene, "Somebody"), full.slots[0], Booking("in_person"))
    waiting.join(tx, ada, full.list, Booking("video"))
    _, secret = feeds.make(tx, ada, NewFeed("mine"))
    persons.change(tx, OPERATOR, str(ada.id), {"name": "Ada Changed"})
    another = people.person(tx, "Some Body")
    feeds.make(tx, another, NewFeed("mine"))
    return ada, secret


async def test_she_gets_everything_that_is_held_about_her_and_nothing_of_others(
    client: httpx.AsyncClient, service: Service, sign: Sign
) -> None:
    ada, secret = service.writer.act_now(_held)
    headers = sign(ada)

    answer = await client.get("/me/export", headers=headers)

    held = answer.json()
    assert list(held) == ["profile", "sign_ins", "inscriptions", "waiting", "feeds", "reminders", "changes"]
    assert held["profile"] == (await client.get("/me", headers=headers)).json()
    assert [each["topic"] for each in held["inscriptions"]] == ["Evidence"]
    assert [(each["mode"], each["status"]) for each in held["waiting"]] == [("video", "waiting")]
    assert [each["scope"] for each in held["feeds"]] == ["mine"]
    assert len(held["sign_ins"]) == 1
    assert held["reminders"] == []
    assert [(each["kind"], each["by"]) for each in held["changes"]][-2:] == [
        ("feed.made", "participant"),
        ("person.changed", "secretariat"),
    ]
    assert secret not in answer.text
    assert headers["Authorization"].removeprefix("Bearer ") not in answer.text
    assert "Some Body" not in answer.text
