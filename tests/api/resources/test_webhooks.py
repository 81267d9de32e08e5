from dataclasses import replace

import httpx
import pytest

from api.delivery.webhook import webhook_secret
from api.web.service import Service
from scheduler.people.permission import Actor
from tests.api.conftest import Sign
from tests.makers import places

URL = "https://hooks.example.org/rostrum"


async def test_webhook_is_made_with_its_secret_told_once(
    client: httpx.AsyncClient, service: Service, secretariat: Actor, sign: Sign
) -> None:
    service.writer.act_now(places.session)
    headers = sign(secretariat) | {"Idempotency-Key": "k"}
    wanted = {"url": URL, "kinds": ["meeting", "slot.moved"], "session": "ahc-2"}

    made = await client.post("/webhooks", json=wanted, headers=headers)
    again = await client.post("/webhooks", json=wanted, headers=headers)

    view = made.json()
    secret = view.pop("secret")
    assert (made.status_code, again.status_code, again.json()) == (201, 201, view)
    assert view == {
        "id": view["id"],
        "url": URL,
        "kinds": ["meeting", "slot.moved"],
        "session": "ahc-2",
        "status": "active",
        "created_at": "2022-05-01T12:00:00Z",
    }
    assert secret == webhook_secret(service.settings.secret_key, view["id"])
    assert (await client.get("/webhooks", headers=headers)).json() == {"items": [view], "next": None}
    assert (await client.delete(f"/webhooks/{view['id']}", headers=headers)).status_code == 204
    assert (await client.delete(f"/webhooks/{view['id']}", headers=headers)).status_code == 404


async def test_webhooks_are_the_secretariats(client: httpx.AsyncClient, participant: Actor, sign: Sign) -> None:
    headers = sign(participant)

    assert (await client.get("/webhooks", headers=headers)).json()["code"] == "not-allowed"
    assert (await client.post("/webhooks", json={"url": "http://10.0.0.1/"}, headers=headers)).status_code == 403
    assert (await client.get("/webhooks")).status_code == 401


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"url": "http://hooks.example.org/"}, "url"),
        ({"url": "https://10.0.0.1/"}, "url"),
        ({"url": "https://[::1]/"}, "url"),
        ({"url": "https://[::ffff:127.0.0.1]/"}, "url"),
        ({"url": "https://user:password@hooks.example.org/"}, "url"),
        ({"url": "ftp://hooks.example.org/"}, "url"),
        ({"url": "https://hooks.example.org/ x"}, "url"),
        ({"url": URL, "kinds": ["*"]}, "kinds.0"),
        ({"url": URL, "kinds": [""]}, "kinds.0"),
    ],
)
async def test_address_that_may_not_be_reached_is_refused(
    client: httpx.AsyncClient, secretariat: Actor, sign: Sign, *, wanted: dict[str, object], field: str
) -> None:
    headers = sign(secretariat)

    answer = await client.post("/webhooks", json=wanted, headers=headers)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert (await client.get("/webhooks", headers=headers)).json()["items"] == []


async def test_rehearsal_reaches_this_machine_alone(
    client: httpx.AsyncClient, service: Service, secretariat: Actor, sign: Sign
) -> None:
    service.settings = replace(service.settings, clock="2022-06-13T12:55:00Z", webhook_allow=("127.0.0.1",))
    headers = sign(secretariat)

    answers = [
        await client.post("/webhooks", json={"url": url}, headers=headers) for url in (URL, "http://127.0.0.1:9/")
    ]

    assert [answer.status_code for answer in answers] == [422, 201]
