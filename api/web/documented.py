"""What each operation says of itself in the OpenAPI document: its answer, its errors by code, an example."""

from collections import defaultdict
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, Field

from api.web.problems import status_of
from scheduler import errors

T = TypeVar("T")


class FieldFault(BaseModel):
    """One thing that is wrong in what was sent."""

    field: str
    message: str


class Problem(BaseModel):
    """RFC 9457. `code` is for programs, `detail` for people."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldFault] | None = Field(default=None, description="With 422: each thing that is wrong.")


class Page(BaseModel, Generic[T]):
    """A page; `next` is the cursor of the following one or null."""

    items: list[T]
    next: str | None


_MADE = 201
_DONE = {200: "What was asked for, or what became of it.", _MADE: "What was made.", 204: "It is done; nothing is said."}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A text of your own. A repeat under it within 24 hours gets the first answer, and makes nothing.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}
_BY_CODE: dict[str, type[errors.Refusal]] = {}


def _gather(kind: type[errors.Refusal]) -> None:
    _BY_CODE[kind.code] = kind
    for child in kind.__subclasses__():
        _gather(child)


_gather(errors.Refusal)


def documented(model: Any, *codes: str, status: int = 200, description: str = "", streamed: str = "") -> dict[str, Any]:
    """Arguments of a route: its answer's model (None: no content), and the contract's error codes that it can give.

    `invalid` and the codes of signing in and of limits are added to all; `streamed` is an example of what a stream of
    events sends.
    """
    by_status: dict[int, list[str]] = defaultdict(list)
    for code in (*codes, "not-signed-in", "too-many-requests", "invalid", "busy", "too-large"):
        by_status[status_of(_BY_CODE[code])].append(code)
    responses: dict[int | str, dict[str, Any]] = {
        at: {
            "model": Problem,
            "description": "Problem: " + ", ".join(f"`{c}`" for c in found),
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for at, found in sorted(by_status.items())
    }
    responses[status] = {"description": _DONE[status]} | ({} if model is None else {"model": model})
    if streamed:
        responses[status]["content"] = {"text/event-stream": {"schema": {"type": "string"}, "example": streamed}}
    told: dict[str, Any] = {"status_code": status, "response_model": None, "responses": responses}
    if status == _MADE:
        told["openapi_extra"] = {"parameters": [_KEY]}
    return told | ({"description": description} if description else {})
