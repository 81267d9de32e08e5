"""What the OpenAPI document promises of every operation."""

from collections.abc import Iterator, Sequence
from typing import Any

import httpx
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from api.web.shapes import Shape
from scheduler.ids import A_CODE, AN_ID

Operations = dict[str, dict[str, Any]]


async def _operations(client: httpx.AsyncClient) -> Operations:
    document = (await client.get("/openapi.json")).json()
    return {
        f"{method.upper()} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


async def test_the_document_says_how_one_signs_in(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()

    schemes = document["components"]["securitySchemes"]
    assert {name: scheme["type"] for name, scheme in schemes.items()} == {"bearer": "http", "cookie": "apiKey"}


async def test_each_operation_says_whether_one_must_sign_in(client: httpx.AsyncClient) -> None:
    operations = await _operations(client)

    refused = {}
    for operation in operations:
        method, path = operation.split()
        answer = await client.request(method, f"http://rostrum.test{path}")
        refused[operation] = answer.status_code in {401, 429}  # unsigned writes are also counted by address
    said = {operation: {} not in told["security"] for operation, told in operations.items()}
    assert said == refused


async def test_a_file_of_slots_is_documented_as_what_it_is(client: httpx.AsyncClient) -> None:
    operations = await _operations(client)

    answer = operations["GET /api/v1/lists/{list_id}/slots.csv"]["responses"]["200"]
    assert set(answer["content"]) == {"text/csv"}


async def test_ids_and_codes_are_shown_by_their_pattern(client: httpx.AsyncClient) -> None:
    schemas = (await client.get("/openapi.json")).json()["components"]["schemas"]

    assert schemas["AccreditationIn"]["properties"]["organisation"]["pattern"] == f"^{AN_ID}$"
    assert schemas["SessionIn"]["properties"]["code"]["pattern"] == f"^{A_CODE}$"


def _shapes(of: type[Shape] = Shape) -> Iterator[type[Shape]]:
    for shape in of.__subclasses__():
        yield shape
        yield from _shapes(shape)


async def test_a_text_that_may_not_be_empty_is_shown_so(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    shown = {name: schema for name, schema in document["components"]["schemas"].items() if "properties" in schema}

    wrong = []
    for shape in _shapes():
        for name, schema in shown.get(shape.__name__, {"properties": {}})["properties"].items():
            refused = any(fault["loc"][0] == name for fault in _faults(shape, {name: ""}))
            if refused and Draft202012Validator({**schema, "components": document["components"]}).is_valid(""):
                wrong.append(f"{shape.__name__}.{name}")
    assert wrong == []


def _faults(shape: type[Shape], sent: dict[str, str]) -> Sequence[Any]:
    try:
        shape.model_validate(sent)
    except ValidationError as error:
        return error.errors()
    return []
