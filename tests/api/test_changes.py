from datetime import datetime

import httpx

from api.web.service import Service
from scheduler.journal.entries import Audience, Author, append
from scheduler.people.permission import Actor
from scheduler.storage.writer import Tx
from tests.api.conftest import Sign


def _three_entries(tx: Tx) -> None:
    append(tx, "session.published", ("session", "s"), Author("p", "secretariat"), Audience(public=True, session="s"))
    append(tx, "session.changed", ("session", "d"), Author("p", "secretariat"), Audience(session="d"))
    append(tx, "meeting.moved", ("meeting", "m"), Author("p", "chair"), Audience(public=True, session="s", meeting="m"))


async def test_the_public_reads_public_entries_with_roles_for_persons(
    client: httpx.AsyncClient, service: Service
) -> None:
    service.writer.act_now(_three_entries)

    answer = await client.get("/changes")

    assert [(e["kind"], e["by"]) for e in answer.json()["items"]] == [
        ("session.published", "secretariat"),
        ("meeting.moved", "chair"),
    ]
    assert answer.json()["next"] is None


async def test_the_secretariat_reads_all_entries_and_who_made_them(
    client: httpx.AsyncClient, service: Service, secretariat: Actor, sign: Sign
) -> None:
    service.writer.act_now(_three_entries)

    answer = await client.get("/changes", headers=sign(secretariat))

    assert [e["by"] for e in answer.json()["items"]] == ["p", "p", "p"]
    assert [e["subject"] for e in answer.json()["items"]][1] == {"type": "session", "id": "d"}


async def test_a_cursor_reads_on_where_it_stopped(client: httpx.AsyncClient, service: Service) -> None:
    service.writer.act_now(_three_entries)

    first = (await client.get("/changes?limit=1")).json()
    second = (await client.get(f"/changes?limit=1&after={first['next']}")).json()

    assert [first["items"][0]["kind"], second["items"][0]["kind"]] == ["session.published", "meeting.moved"]
    assert second["next"] is None
    assert datetime.fromisoformat(first["items"][0]["at"]).isoformat() == "2022-05-01T12:00:00+00:00"


async def test_a_token_that_nobody_has_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.get("/changes", headers={"Authorization": "Bearer nonsense"})

    assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in")


async def test_a_limit_that_is_no_number_is_a_shape_error(client: httpx.AsyncClient) -> None:
    answer = await client.get("/changes?limit=many")

    assert (answer.status_code, answer.json()["code"], answer.json()["errors"][0]["field"]) == (422, "invalid", "limit")


async def test_an_address_that_leads_nowhere_is_a_problem(client: httpx.AsyncClient) -> None:
    answer = await client.get("/nowhere")

    assert (answer.status_code, answer.headers["content-type"], answer.json()["code"]) == (
        404,
        "application/problem+json",
        "not-found",
    )
