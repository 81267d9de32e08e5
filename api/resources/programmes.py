"""A whole programme at once."""

import asyncio
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import who
from api.auth.door import FileDoor, OpenDoor
from api.web.answers import answer
from api.web.documented import documented
from api.web.service import service_of
from api.web.shapes import DryRun
from scheduler.secretariat.account import Report
from scheduler.secretariat.document import schema
from scheduler.secretariat.reading import read
from scheduler.secretariat.rehearsing import load_beside

router = APIRouter(route_class=FileDoor, tags=["programmes"])
public = APIRouter(route_class=OpenDoor, tags=["programmes"])
_EXAMPLE = {
    "bodies": [{"code": "ahc", "name": "Ad Hoc Committee"}],
    "sessions": [
        {
            "code": "ahc-2",
            "body": "ahc",
            "title": "Second session",
            "timezone": "Europe/Vienna",
            "starts_on": "2022-05-30",
            "ends_on": "2022-06-10",
            "days": [{"first": "2022-05-30", "last": "2022-06-07", "at": [["10:00", "12:00"], ["15:00", "17:00"]]}],
        }
    ],
}
_TOML = '[[bodies]]\ncode = "ahc"\nname = "Ad Hoc Committee"\n'
_BODY = {
    "requestBody": {
        "required": True,
        "description": "A programme file; its JSON Schema is at `/api/v1/programmes/schema`.",
        "content": {
            "application/json": {"schema": {"type": "object"}, "example": _EXAMPLE},
            "application/toml": {"schema": {"type": "string"}, "example": _TOML},
        },
    }
}


@public.get("/programmes/schema", **documented(dict[str, Any]))
async def read_schema() -> Response:
    """The JSON Schema (draft 2020-12) of a programme file."""
    return answer(schema())


@router.post("/programmes", openapi_extra=_BODY, **documented(Report, "not-allowed"))
async def load_programme(request: Request, dry_run: DryRun = False) -> Response:
    """Loads a whole programme, JSON or (`Content-Type: application/toml`) TOML: idempotent, all or nothing.

    What the file does not mention stays. Every fault is named with its place, such as `sessions[3].meetings[2].start`.
    A dry run answers with what would change. The service's secretariat may.
    """
    sent, is_toml = await request.body(), "toml" in request.headers.get("content-type", "")
    service, actor = service_of(request), who(request)

    def load() -> Report:
        file = read(sent, toml=is_toml)
        return load_beside(service.reads.now, service.writer, actor, file, dry_run=dry_run)

    # A large file takes long to read, too: others are answered meanwhile.
    return answer(await asyncio.to_thread(load))
