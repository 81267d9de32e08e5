"""Signing in by a mailed link, the session in a cookie, and what no other site may do with it."""

import re
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from api.auth.cookie import COOKIE
from api.delivery.signing_in import letter, secret_of
from api.web.service import Service
from scheduler.clock.now import SettableClock
from scheduler.outbox.actions import claim as take
from scheduler.outbox.views import ClaimedDue
from scheduler.people import queries
from scheduler.people.permission import Actor
from scheduler.people.tables import Person, SignIn
from scheduler.storage.columns import table
from scheduler.storage.installation import fixed_text
from tests.makers import people

ROOT = "http://rostrum.test"
Form = dict[str, str]


def mails(service: Service) -> list[ClaimedDue]:
    return service.writer.act_now(take)


def address(service: Service, of: Actor) -> str:
    email = service.reads.now(lambda conn: queries.me(conn, str(of.id))).email
    assert email is not None
    return email


async def form(client: httpx.AsyncClient, path: str = "/sign-in") -> str:
    found = re.search(r'name="form" value="([^"]+)"', (await client.get(f"{ROOT}{path}")).text)
    assert found is not None
    return found.group(1)


async def post(client: httpx.AsyncClient, path: str, token: str, **fields: Any) -> httpx.Response:
    return await client.post(f"{ROOT}{path}", data={"form": token, **fields})


async def link(client: httpx.AsyncClient, service: Service, of: Actor, **fields: str) -> str:
    """The path of a link that was mailed."""
    assert (await post(client, "/sign-in", await form(client), email=address(service, of), **fields)).status_code == 200
    [due] = mails(service)
    me = service.reads.now(lambda conn: queries.me(conn, str(of.id)))
    text = letter(due, me, service.clock.now(), ROOT, service.settings.secret_key).text
    found = re.search(rf"{ROOT}(/sign-in/link/\S+)", text)
    assert found is not None
    return found.group(1)


async def enter(client: httpx.AsyncClient, service: Service, of: Actor) -> None:
    """Signs the client's browser in."""
    path = await link(client, service, of)
    assert (await post(client, path, await form(client, path))).status_code == 303


async def test_a_mailed_link_signs_a_browser_in(
    client: httpx.AsyncClient, service: Service, participant: Actor
) -> None:
    path = await link(client, service, participant, back="/sessions/ahc-2")

    opened = await client.get(f"{ROOT}{path}")
    done = await post(client, path.partition("?")[0], await form(client, path), back="/sessions/ahc-2")

    assert opened.status_code == 200
    assert COOKIE not in opened.headers.get("set-cookie", "")
    assert (done.status_code, done.headers["location"]) == (303, "/sessions/ahc-2")
    kept = next(each for each in done.headers.get_list("set-cookie") if each.startswith(f"{COOKIE}="))
    assert "HttpOnly" in kept
    assert "SameSite=lax" in kept
    assert "Par Ticipant" in (await client.get(f"{ROOT}/")).text
    assert (await client.get("/me")).json()["name"] == "Par Ticipant"


async def test_a_link_works_once(client: httpx.AsyncClient, service: Service, participant: Actor) -> None:
    path = await link(client, service, participant)
    token = await form(client, path)

    first = await post(client, path, token)
    again = await post(client, path, await form(client, path))

    assert (first.status_code, again.status_code) == (303, 404)


async def test_a_link_works_for_fifteen_minutes(
    client: httpx.AsyncClient, service: Service, participant: Actor, clock: SettableClock
) -> None:
    path = await link(client, service, participant)
    clock.advance(15 * 60)

    assert (await post(client, path, await form(client, path))).status_code == 404


async def test_of_links_and_sessions_only_hashes_are_kept(
    client: httpx.AsyncClient, service: Service, participant: Actor
) -> None:
    path = await link(client, service, participant)
    secret = path.rpartition("/")[2]
    kept = service.reads.now(lambda conn: conn.all(select(*table(SignIn).c)))

    assert [row[2] for row in kept] == ["link"]
    assert secret == secret_of(service.settings.secret_key, kept[0][0])
    assert secret not in str(kept)
    assert (await client.get("/me", headers={"Authorization": f"Bearer {secret}"})).status_code == 401


async def test_nobody_can_tell_who_has_an_account(
    client: httpx.AsyncClient, service: Service, participant: Actor
) -> None:
    token = await form(client)
    said = [
        re.sub(r'name="form" value="[^"]+"', "", (await post(client, "/sign-in", token, email=email)).text)
        for email in (address(service, participant), "nobody@example.org")
    ]

    assert said[0] == said[1]
    assert len(mails(service)) == 1


async def test_nobody_is_flooded_with_links(client: httpx.AsyncClient, service: Service, participant: Actor) -> None:
    token = await form(client)
    for _ in range(8):
        await post(client, "/sign-in", token, email=address(service, participant))

    assert len(mails(service)) == 5


async def test_asking_for_links_is_counted_by_address(client: httpx.AsyncClient) -> None:
    token = await form(client)

    answers = {(await post(client, "/sign-in", token, email="nobody@example.org")).status_code for _ in range(40)}

    assert answers == {200, 429}


@pytest.mark.parametrize("token", ["", "0" * 64, "é"])
async def test_a_form_without_its_token_does_nothing(
    client: httpx.AsyncClient, service: Service, participant: Actor, token: str
) -> None:
    await form(client)

    assert (await post(client, "/sign-in", token, email=address(service, participant))).status_code == 403
    assert mails(service) == []


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.test"}]
)
async def test_the_cookie_counts_for_nothing_that_another_site_sends(
    client: httpx.AsyncClient, service: Service, participant: Actor, headers: Form
) -> None:
    await enter(client, service, participant)

    assert (await client.patch("/me", json={"name": "Evil"}, headers=headers)).status_code == 401
    assert (await client.patch("/me", json={"name": "Own"}, headers={"Origin": ROOT})).status_code == 200


async def test_a_browser_is_listed_and_ended_like_a_token(
    client: httpx.AsyncClient, service: Service, participant: Actor
) -> None:
    await enter(client, service, participant)
    [listed] = (await client.get("/me/sign-ins")).json()["items"]

    assert listed["kind"] == "browser"
    assert (await client.delete(f"/me/sign-ins/{listed['id']}")).status_code == 204
    assert (await client.get("/me")).status_code == 401
    assert "Par Ticipant" not in (await client.get(f"{ROOT}/")).text


async def test_signing_out_ends_the_session_not_only_the_cookie(
    client: httpx.AsyncClient, service: Service, participant: Actor
) -> None:
    await enter(client, service, participant)
    session = client.cookies[COOKIE]

    left = await post(client, "/sign-out", await form(client, "/"))

    assert left.status_code == 303
    assert (await client.get("/me", headers={"Cookie": f"{COOKIE}={session}"})).status_code == 401


async def test_a_session_ends_after_thirty_days(
    client: httpx.AsyncClient, service: Service, participant: Actor, clock: SettableClock
) -> None:
    await enter(client, service, participant)
    assert (await client.get("/me")).status_code == 200

    clock.advance(30 * 86_400)

    assert (await client.get("/me")).status_code == 401


@pytest.mark.parametrize("back", ["//evil.test", "https://evil.test/", "/\\evil.test", "javascript:alert(1)"])
async def test_signing_in_leads_nowhere_else(
    client: httpx.AsyncClient, service: Service, participant: Actor, back: str
) -> None:
    path = await link(client, service, participant, back=back)

    assert (await post(client, path, await form(client, path), back=back)).headers["location"] == "/"


async def test_only_the_demonstration_lets_one_choose_who_one_is(client: httpx.AsyncClient, service: Service) -> None:
    chosen = {"email": "laura.rojas@example.org"}
    laura = service.writer.act_now(lambda tx: people.person(tx, "Laura"))
    service.writer.act_now(lambda tx: tx.conn.update(Person, str(laura.id), email_key=chosen["email"]))

    refused = await post(client, "/sign-in/demo", await form(client), **chosen)
    service.writer.act_now(lambda tx: fixed_text(tx, "made_by", "demonstration"))
    let_in = await post(client, "/sign-in/demo", await form(client), **chosen)

    assert (refused.status_code, let_in.status_code) == (404, 303)
    assert (await client.get("/me")).json()["id"] == laura.id
