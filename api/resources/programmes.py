"""A whole programme at once."""

from typing import Any, ClassVar

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act
from api.auth.door import OpenDoor, SignedDoor
from api.web.answers import answer
from api.web.documented import documented
from api.web.limits import MOST_BYTES_OF_A_FILE
from scheduler.people.permission import Actor
from scheduler.secretariat.document import read, schema
from scheduler.secretariat.loading import Report, Undone, load
from scheduler.storage.writer import Tx


class FileDoor(SignedDoor):
    """Takes a file."""

    most_bytes: ClassVar[int] = MOST_BYTES_OF_A_FILE


router = APIRouter(route_class=FileDoor, tags=["programmes"])
public = APIRouter(route_class=OpenDoor, tags=["programmes"])
_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"type": "object"}}, "application/toml": {"schema": {}}},
    }
}


@public.get("/programmes/schema", **documented(dict[str, Any]))
async def read_schema() -> Response:
    """The JSON Schema of a programme file."""
    return answer(schema())


@router.post("/programmes", openapi_extra=_BODY, **documented(Report, "not-allowed"))
async def load_programme(request: Request, *, dry_run: bool = False) -> Response:
    """Loads a whole programme, JSON or (`Content-Type: application/toml`) TOML: idempotent, all or nothing.

    Every fault is named with its place, such as `sessions[3].meetings[2].start`. The service's secretariat may.
    """
    document = read(await request.body(), toml="toml" in request.headers.get("content-type", ""))

    def loaded(tx: Tx, actor: Actor) -> Report:
        return load(tx, actor, document, dry_run=dry_run)

    try:
        return answer(await act(request, loaded, alone=True))
    except Undone as undone:
        return answer(undone.report)
