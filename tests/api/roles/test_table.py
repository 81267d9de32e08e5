"""The contract's role table over HTTP; `python -m tests.api.roles` prints it."""

import re

import httpx
import pytest

from api.web.service import Service
from tests.api.roles.table import TABLE
from tests.api.roles.trying import expected, trial, tried


def _operation(text: str) -> str:
    """An operation with its path's parameters as mere places."""
    return re.sub(r"\{\w+\}", "{}", text)


async def test_every_operation_belongs_to_a_row_of_the_contract(client: httpx.AsyncClient) -> None:
    paths = (await client.get("/openapi.json")).json()["paths"]

    documented = {
        _operation(f"{method.upper()} {path.removeprefix('/api/v1')}")
        for path, methods in paths.items()
        for method in methods
    }
    assert {_operation(each.operation) for row in TABLE.values() for each in row} == documented


@pytest.mark.parametrize("row", TABLE)
async def test_each_cell_answers_as_the_contract_says(trying: Service, row: str) -> None:
    async with trial(trying) as on:
        found = await tried(on, row)

    assert found == expected(row)
