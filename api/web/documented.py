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


_BY_CODE: dict[str, type[errors.Refusal]] = {}


def _gather(kind: type[errors.Refusal]) -> None:
    _BY_CODE[kind.code] = kind
    for child in kind.__subclasses__():
        _gather(child)


_gather(errors.Refusal)


def documented(model: Any, *codes: str, status: int = 200, description: str = "") -> dict[str, Any]:
    """Arguments of a route: its answer's model (None: no content), and the contract's error codes that it can give.

    `invalid` and the codes of signing in and of limits are added to all.
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
    if model is not None:
        responses[status] = {"model": model}
    return {"status_code": status, "response_model": None, "responses": responses} | (
        {"description": description} if description else {}
    )
