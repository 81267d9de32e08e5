"""Errors that no act raises: no such address, no such method."""

import httpx
import psycopg
import pytest

from api.web.service import Service
from scheduler.people.permission import Actor
from tests.api.conftest import Sign


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/people/x", "DELETE, GET, PATCH"),
        ("/slots/x/booking", "DELETE, POST"),
        ("/changes", "GET"),
        ("/people/import", "POST"),
    ],
)
async def test_a_method_that_an_address_does_not_take_is_told_all_that_it_takes(
    client: httpx.AsyncClient, path: str, allowed: str
) -> None:
    answer = await client.options(path)

    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
    assert answer.json()["code"] == "method-not-allowed"


async def test_what_is_at_no_address_is_not_found_whatever_the_method(client: httpx.AsyncClient) -> None:
    answers = [await client.request(method, "/nowhere") for method in ("GET", "PUT", "DELETE")]

    assert [(each.status_code, each.json()["code"]) for each in answers] == [(404, "not-found")] * 3


async def test_a_body_that_is_no_json_is_told_where_it_breaks_off(
    client: httpx.AsyncClient, secretariat: Actor, sign: Sign
) -> None:
    headers = {**sign(secretariat), "Content-Type": "application/json"}

    answer = await client.patch("/me", content='{"name": ', headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    sentence = "The body is not JSON: Expecting value, at character 9."
    assert answer.json()["errors"] == [{"field": "", "message": sentence}]


@pytest.mark.parametrize("kind", [{}, {"Content-Type": "application/x-www-form-urlencoded"}])
async def test_a_body_that_nobody_called_json_is_told_how_to(
    client: httpx.AsyncClient, secretariat: Actor, sign: Sign, kind: dict[str, str]
) -> None:
    answer = await client.post("/bodies", content='{"code": "ga", "name": "A"}', headers=sign(secretariat) | kind)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    sentence = "Say that the body is JSON, by the header `Content-Type: application/json`."
    assert answer.json()["errors"] == [{"field": "", "message": sentence}]


async def test_a_member_that_is_none_is_named_as_it_was_sent(
    client: httpx.AsyncClient, secretariat: Actor, sign: Sign
) -> None:
    answer = await client.post(
        "/meetings/x/lists",
        json={"title": "L", "allocation": "queue", "seconds_by_category": {"martian": 60}},
        headers=sign(secretariat),
    )

    assert [fault["field"] for fault in answer.json()["errors"]] == ["seconds_by_category.martian"]


@pytest.mark.parametrize("write", [False, True])
async def test_a_database_that_does_not_answer_is_told_as_busy(
    service: Service, client: httpx.AsyncClient, secretariat: Actor, sign: Sign, *, write: bool
) -> None:
    def breaks_off(_: object) -> None:
        raise psycopg.OperationalError("the connection is lost")

    headers = sign(secretariat)
    if write:
        service.ledger.open = breaks_off  # type: ignore[method-assign,assignment]  # -- the accident under test
        answer = await client.patch("/me", json={"name": "Ada"}, headers=headers)
    else:
        service.reads.short = breaks_off  # type: ignore[method-assign,assignment]  # -- the accident under test
        answer = await client.get("/sessions", headers=headers)

    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "busy", "5")
