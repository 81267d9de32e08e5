"""What the OpenAPI document says beside shapes: sentences, units, codes of errors, and examples that are true to it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from api.app import Application, build, close, create_app
from api.settings import read_settings

Document = dict[str, Any]


@pytest.fixture(scope="module")
def document(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Document:
    settings = read_settings(
        {
            "ROSTRUM_DATABASE_URL": f"sqlite:///{migrated_sqlite}",
            "ROSTRUM_DATA_DIR": str(tmp_path_factory.mktemp("var")),
        }
    )
    service = build(settings)
    app: Application = create_app(service)
    told = app.openapi()
    close(service)
    return told


def operations(document: Document) -> Iterator[tuple[str, Document]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def bodies(document: Document) -> Iterator[tuple[str, Document]]:
    """Each content that is sent or answered on success, but files that are no text."""
    for name, operation in operations(document):
        contents = {"body": operation.get("requestBody", {}).get("content", {})}
        contents |= {at: told.get("content", {}) for at, told in operation["responses"].items() if at.startswith("2")}
        for what, content in contents.items():
            for media, body in content.items():
                if body["schema"].get("format") != "binary":
                    yield f"{name} {what} {media}", body


def test_each_operation_has_a_summary_and_a_description(document: Document) -> None:
    assert [name for name, each in operations(document) if not (each.get("summary") and each.get("description"))] == []


def test_each_part_of_an_address_and_of_a_query_is_described(document: Document) -> None:
    lacking = [
        f"{name} {parameter['name']}"
        for name, operation in operations(document)
        for parameter in operation.get("parameters", [])
        if not (parameter.get("description") or parameter["schema"].get("description"))
    ]

    assert lacking == []


def test_each_operation_lists_codes_of_errors_for_each_status(document: Document) -> None:
    bare = [
        f"{name} {status}"
        for name, operation in operations(document)
        for status, answer in operation["responses"].items()
        if not status.startswith("2") and not answer["description"].startswith("Problem: `")
    ]

    assert bare == []


def test_each_operation_can_refuse_a_shape_and_ask_for_patience(document: Document) -> None:
    statuses = {name: operation["responses"].keys() for name, operation in operations(document)}

    assert [name for name, listed in statuses.items() if not {"422", "429", "503"} <= listed] == []


def test_each_body_and_answer_has_an_example(document: Document) -> None:
    assert [name for name, body in bodies(document) if "example" not in body] == []


def test_examples_have_the_shapes_that_they_are_examples_of(document: Document) -> None:
    wrong = {
        name: error.message
        for name, body in bodies(document)
        for error in Draft202012Validator({**body["schema"], "components": document["components"]}).iter_errors(
            body["example"]
        )
    }

    assert wrong == {}


def counts_something(schema: Document) -> bool:
    """Whether a number stands in it: itself, in a list, by key, or null."""
    inner = [*schema.get("anyOf", []), schema.get("items", {}), schema.get("additionalProperties", {})]
    is_number = schema.get("type") in {"integer", "number"} and "const" not in schema
    return is_number or any(counts_something(each) for each in inner if isinstance(each, dict) and each)


def fields(document: Document) -> Iterator[tuple[str, Document]]:
    for model, schema in document["components"]["schemas"].items():
        for field, told in schema.get("properties", {}).items():
            yield f"{model}.{field}", told


def test_each_number_says_what_it_counts(document: Document) -> None:
    silent = [name for name, told in fields(document) if counts_something(told) and not told.get("description")]

    assert silent == []


@pytest.mark.parametrize("unit", ["seconds", "minutes"])
def test_lengths_say_their_unit(document: Document, unit: str) -> None:
    lengths = {name: told["description"].lower() for name, told in fields(document) if unit in name.partition(".")[2]}

    assert [name for name, text in lengths.items() if unit not in text] == []


def test_what_makes_something_takes_an_idempotency_key(document: Document) -> None:
    made = {name for name, operation in operations(document) if "201" in operation["responses"]}
    keyed = {
        name
        for name, operation in operations(document)
        if "Idempotency-Key" in {parameter["name"] for parameter in operation.get("parameters", [])}
    }

    assert keyed == made
