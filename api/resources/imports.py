"""Participants' lists, for the secretariat."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import who
from api.auth.door import FileDoor, actor_of
from api.spreadsheets.reading import read
from api.web.answers import answer
from api.web.documented import documented
from api.web.service import service_of
from api.web.shapes import Category, DryRun
from scheduler.errors import Meaningless
from scheduler.secretariat.importing import Imported, import_beside, require_import

router = APIRouter(route_class=FileDoor, tags=["people"])
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EXAMPLE = "email,name,organisation,category,timezone\nada@example.org,Ada Example,Rights Online,ngo,Pacific/Apia\n"
_BODY = {
    "requestBody": {
        "required": True,
        "description": "The file itself: CSV, or an XLSX workbook of which the first sheet is read (docs/imports.md).",
        "content": {
            "text/csv": {"schema": {"type": "string"}, "example": _EXAMPLE},
            _XLSX: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}
OfNew = Annotated[Category | None, Query(description="The category of new organisations for which the list says none.")]


@router.post("/people/import", openapi_extra=_BODY, **documented(Imported, "not-allowed"))
async def import_people(request: Request, category: OfNew = None, dry_run: DryRun = False) -> Response:
    """Imports a participants' list, at most 10 MB and 20,000 rows: all or nothing, the same again changes nothing.

    The first row names the columns: `email`, `name`, `organisation`, `category`, `country`, `region`, `groups`,
    `timezone`, `language`, `roles`, or those of an Indico registrants export (`First Name`, `Last Name`, `Email
    Address`, `Affiliation`, `Country`, `Registration state`). An empty cell leaves what is there. Every fault is named
    by row and column. A dry run answers with what would change. The whole service's secretariat may.
    """
    # Asked again in the act; here so that nobody else can have large files unpacked.
    require_import(actor_of(request))
    if request.headers.get("content-type", "").startswith("multipart/"):
        raise Meaningless("Send the file itself as the body, not a form: `curl --data-binary @people.csv`.")
    service, actor = service_of(request), who(request)
    data = await request.body()

    def do() -> Imported:
        reads = service.reads.now
        return import_beside(reads, service.writer, actor, read(data), category=category, dry_run=dry_run)

    return answer(await asyncio.to_thread(do))
