"""People, organisations, accreditations and oneself over HTTP."""

from typing import Any

import httpx
import pytest
from sqlalchemy import select

from api.delivery.mail_folder import MailFolder
from api.web.service import Service
from scheduler.errors import NotFound
from scheduler.journal.tables import IdempotentAnswer
from scheduler.outbox.actions import plan
from scheduler.outbox.queries import messages_to
from scheduler.people.permission import Actor, Grant
from scheduler.storage.columns import table
from scheduler.subscriptions import feeds
from scheduler.subscriptions.feeds import NewFeed
from scheduler.subscriptions.queries import subscription
from tests.api.conftest import Sign
from tests.makers.letters import SENDER, letter
from tests.makers.outbox import due

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
    hers = sign(participant)
    (only,) = (await client.get("/me/sign-ins", headers=hers)).json()["items"]
    still = sign(participant)

    ended = await client.delete(f"/me/sign-ins/{only['id']}", headers=still)

    assert ended.status_code == 204
    assert [(await client.get("/me", headers=h)).status_code for h in (hers, still)] == [401, 200]


async def test_unknown_fields_are_named(client: httpx.AsyncClient, sec: dict[str, str]) -> None:
    answer = await client.post("/organisations", json={"name": "X", "category": "ngo", "colour": "red"}, headers=sec)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "colour")


async def test_mail_to_an_erased_person_that_no_server_took_is_gone_with_her(
    client: httpx.AsyncClient, service: Service, sec: dict[str, str], secretariat: Actor, participant: Actor
) -> None:
    keys = {participant.id: ("hers", "hers-too"), secretariat.id: ("another's",)}
    told = [due(key, person_id=str(person)) for person, own in keys.items() for key in own]
    service.writer.act_now(lambda tx: plan(tx, told, "rostrum.test"))
    sent = await service.reads.short(lambda conn: {person: messages_to(conn, str(person)) for person in keys})
    folder = MailFolder(service.settings.mail_folder, SENDER)
    letters = [letter(message_id=each) for messages in sent.values() for each in messages[:2]]
    await folder.send(letters[1:], 1.0)

    answers = [await client.delete(f"/people/{participant.id}", headers=sec) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [204, 204]
    assert [mail.message_id for mail in folder.newest(9)] == sent[secretariat.id]


async def test_an_erased_persons_feed_is_gone_with_her(
    client: httpx.AsyncClient, service: Service, sec: dict[str, str], participant: Actor
) -> None:
    _, secret = service.writer.act_now(lambda tx: feeds.make(tx, participant, NewFeed("mine")))

    await client.delete(f"/people/{participant.id}", headers=sec)

    with pytest.raises(NotFound):
        service.reads.now(lambda conn: subscription(conn, secret))


async def test_a_kept_answer_about_someone_erased_is_forgotten(
    client: httpx.AsyncClient, service: Service, sec: dict[str, str]
) -> None:
    once = {**sec, "Idempotency-Key": "only-once"}
    made = (await client.post("/people", json=PERSON, headers=once)).json()
    again = (await client.post("/people", json=PERSON, headers=once)).json()

    await client.delete(f"/people/{made['id']}", headers=sec)

    assert again == made
    assert service.reads.now(lambda conn: conn.all(select(table(IdempotentAnswer)))) == []


async def test_a_change_on_a_stale_reading_gives_the_person_as_she_is_now(
    client: httpx.AsyncClient, sec: dict[str, str]
) -> None:
    made = (await client.post("/people", json=PERSON, headers=sec)).json()
    address = f"/people/{made['id']}"
    await client.patch(address, json={"name": "First", "expected_version": 1}, headers=sec)

    answer = await client.patch(address, json={"name": "Second", "expected_version": 1}, headers=sec)

    assert (answer.status_code, answer.json()["code"]) == (409, "version-conflict")
    assert answer.json()["current"] == (await client.get(address, headers=sec)).json()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "nowhere"}, "email"),
        ({"email": None}, "email"),
        ({"timezone": "UTC+2"}, "timezone"),
        ({"language": "de"}, "language"),
        ({"organisation": "4cf0a6ab-6f4b-4f7e-b7f5-3a3a8f4b8a10"}, "organisation"),
        ({"roles": [{"role": "king"}]}, "roles.0.role"),
        ({"roles": [{"role": "focal_point"}]}, "roles.0.scope"),
        ({"roles": [{"role": "chair", "scope": {"type": "session", "id": "nowhere"}}]}, "roles.0.scope.id"),
    ],
)
async def test_what_cannot_be_said_of_a_person_is_refused_at_its_field(
    client: httpx.AsyncClient, sec: dict[str, str], change: dict[str, Any], field: str
) -> None:
    made = (await client.post("/people", json=PERSON, headers=sec)).json()

    answers = [
        await client.patch(f"/people/{made['id']}", json=change, headers=sec),
        await client.post("/people", json={"email": "bob@example.org", "name": "Bob"} | change, headers=sec),
    ]

    assert [(a.status_code, [each["field"] for each in a.json()["errors"]]) for a in answers] == [(422, [field])] * 2
    assert (await client.get(f"/people/{made['id']}", headers=sec)).json() == made


async def test_organisations_are_read_by_everybody_a_page_at_a_time(
    client: httpx.AsyncClient, sec: dict[str, str]
) -> None:
    for name in ("Tonga", "Samoa", "Kiribati"):
        sent = {"name": name, "category": "member_state", "region": "asia_pacific", "groups": ["SIDS", "SIDS"]}
        await client.post("/organisations", json=sent, headers=sec)

    first = (await client.get("/organisations?limit=2")).json()
    rest = (await client.get(f"/organisations?limit=2&cursor={first['next']}")).json()

    assert [each["name"] for each in first["items"]] == ["Kiribati", "Samoa"]
    assert [(each["name"], each["groups"], each["country"]) for each in rest["items"]] == [("Tonga", ["SIDS"], None)]
    assert [each["name"] for each in (await client.get("/organisations?q=MO")).json()["items"]] == ["Samoa"]


async def test_an_organisations_name_is_its_own(client: httpx.AsyncClient, sec: dict[str, str]) -> None:
    sent = {"name": "Samoa", "category": "member_state"}
    made = (await client.post("/organisations", json=sent, headers=sec)).json()
    other = (await client.post("/organisations", json={**sent, "name": "Tonga"}, headers=sec)).json()

    answers = [
        await client.post("/organisations", json=sent, headers=sec),
        await client.patch(f"/organisations/{other['id']}", json={"name": "Samoa"}, headers=sec),
    ]

    assert [(a.status_code, a.json()["code"]) for a in answers] == [(409, "already-exists")] * 2
    assert (await client.get(f"/organisations/{made['id']}")).json() == made


async def test_null_clears_what_may_be_empty(client: httpx.AsyncClient, sec: dict[str, str]) -> None:
    sent = {"name": "Samoa", "category": "member_state", "country": "WS", "region": "asia_pacific"}
    made = (await client.post("/organisations", json=sent, headers=sec)).json()

    cleared = await client.patch(f"/organisations/{made['id']}", json={"country": None, "region": None}, headers=sec)

    assert cleared.json() == {**made, "country": None, "region": None, "version": 2}
