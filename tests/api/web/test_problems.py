"""Errors that no act raises: no such address, no such method."""

import httpx
import pytest


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
