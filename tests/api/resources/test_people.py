"""People, organisations, accreditations and oneself over HTTP."""

import httpx
import pytest

from scheduler.people.permission import Actor, Grant
from tests.api.conftest import Sign

PERSON = {"email": "Ada@example.org", "name": "Ada Example", "timezone": "Pacific/Apia"}


@pytest.fixture
def sec(secretariat: Actor, sign: Sign) -> dict[str, str]:
    return sign(secretariat)


async def _session(client: httpx.AsyncClient, sec: dict[str, str]) -> None:
    await client.post("/bodies", json={"code": "ahc", "name": "Committee"}, headers=sec)
    session = {"code": "ahc-2", "body": "ahc", "title": "Second", "timezone": "Europe/Vienna", "status": "published"}
    await client.post("/sessions", json={**session, "starts_on": "2022-05-30", "ends_on": "2022-06-10"}, headers=sec)


async def test_the_secretariat_adds_a_person_whose_address_is_hers_in_any_case(
    client: httpx.AsyncClient, sec: dict[str, str]
) -> None:
    made = await client.post("/people", json=PERSON, headers=sec)
    again = await client.post("/people", json={**PERSON, "email": "ada@EXAMPLE.org"}, headers=sec)

    assert (made.status_code, made.json()["email"], made.json()["roles"]) == (201, "Ada@example.org", [])
    assert (again.status_code, again.json()["code"]) == (409, "already-exists")


async def test_people_are_for_the_secretariat(
    client: httpx.AsyncClient, sec: dict[str, str], participant: Actor, sign: Sign
) -> None:
    answers = [await client.get("/people", headers=headers) for headers in ({}, sign(participant), sec)]

    assert [a.status_code for a in answers] == [401, 403, 200]


async def test_a_role_is_granted_on_a_session_by_its_code(client: httpx.AsyncClient, sec: dict[str, str]) -> None:
    await _session(client, sec)
    role = {"role": "chair", "scope": {"type": "session", "id": "ahc-2"}}

    made = await client.post("/people", json={**PERSON, "roles": [role]}, headers=sec)

    assert made.json()["roles"] == [role]


async def test_the_last_secretariat_stays(client: httpx.AsyncClient, sec: dict[str, str], secretariat: Actor) -> None:
    answers = [
        await client.patch(f"/people/{secretariat.id}", json={"roles": []}, headers=sec),
        await client.delete(f"/people/{secretariat.id}", headers=sec),
    ]

    assert [(a.status_code, a.json()["code"]) for a in answers] == [(409, "not-allowed-now")] * 2


async def test_an_erased_person_is_signed_out_and_nameless(
    client: httpx.AsyncClient, sec: dict[str, str], participant: Actor, sign: Sign
) -> None:
    hers = sign(participant)

    erased = await client.delete(f"/people/{participant.id}", headers=sec)

    left = (await client.get(f"/people/{participant.id}", headers=sec)).json()
    assert (erased.status_code, left["name"], left["email"]) == (204, "erased", None)
    assert (await client.get("/me", headers=hers)).status_code == 401


async def test_a_focal_point_asks_and_the_secretariat_decides(
    client: httpx.AsyncClient, sec: dict[str, str], sign: Sign
) -> None:
    await _session(client, sec)
    sent = {"name": "Kingdom of Example", "category": "member_state", "country": "AT"}
    organisation = (await client.post("/organisations", json=sent, headers=sec)).json()["id"]
    role = {"role": "focal_point", "scope": {"type": "organisation", "id": organisation}}
    focal = (await client.post("/people", json={**PERSON, "roles": [role]}, headers=sec)).json()
    hers = sign(Actor(focal["id"], "Ada", None, "UTC", "en", (Grant("focal_point", "organisation", organisation),)))

    forward = await client.post(
        "/sessions/ahc-2/accreditations", json={"organisation": organisation, "status": "approved"}, headers=hers
    )
    asked = await client.post("/sessions/ahc-2/accreditations", json={"organisation": organisation}, headers=hers)
    decided = await client.patch(f"/accreditations/{asked.json()['id']}", json={"status": "approved"}, headers=sec)

    assert (forward.status_code, asked.status_code, asked.json()["status"]) == (403, 201, "pending")
    assert (decided.json()["status"], decided.json()["organisation"]["name"]) == ("approved", "Kingdom of Example")


async def test_she_says_how_she_is_told(client: httpx.AsyncClient, participant: Actor, sign: Sign) -> None:
    changes = {"lead_minutes": [15, 60, 15], "quiet_hours": {"start": "22:00", "end": "07:00"}, "language": "fr"}

    answer = (await client.patch("/me", json=changes, headers=sign(participant))).json()

    assert (answer["lead_minutes"], answer["quiet_hours"], answer["language"]) == (
        [60, 15],
        {"start": "22:00", "end": "07:00"},
        "fr",
    )


async def test_an_ended_sign_in_opens_no_door(client: httpx.AsyncClient, participant: Actor, sign: Sign) -> None:
    first, second = sign(participant), sign(participant)
    ids = [s["id"] for s in (await client.get("/me/sign-ins", headers=first)).json()["items"]]

    for sign_in in ids:
        await client.delete(f"/me/sign-ins/{sign_in}", headers=second)

    assert [(await client.get("/me", headers=h)).status_code for h in (first, second)] == [401, 401]


async def test_unknown_fields_are_named(client: httpx.AsyncClient, sec: dict[str, str]) -> None:
    answer = await client.post("/organisations", json={"name": "X", "category": "ngo", "colour": "red"}, headers=sec)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "colour")
