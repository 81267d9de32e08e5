"""`/secretariat/import`: a participants' list imported, after a look at what it would change."""

from typing import Any, get_args

from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import who
from api.pages.door import FilePageDoor, pages, said, see
from api.pages.rendering import READ
from api.pages.secretariat.frame import ROOT, show
from api.pages.secretariat.looked import Looked, look
from api.pages.times import Times
from api.spreadsheets.reading import read
from api.web.service import service_of
from scheduler.people.permission import Actor
from scheduler.people.rules import Category
from scheduler.secretariat.importing import Imported, import_beside, require_import
from scheduler.storage.connection import Connection

router = pages(FilePageDoor)
_PATH = f"{ROOT}/import"
_MOST_SHOWN = 500


@router.api_route(_PATH, methods=READ)
async def importing(request: Request) -> Response:
    """Asks for a list."""
    return await _page(request, Looked())


@router.post(_PATH)
async def bring_in(request: Request) -> Response:
    """Looks at a list, and imports it once it was looked at."""
    service, actor, category = service_of(request), who(request), said(request).get("category")
    of_new = category if category in get_args(Category) else None

    def load(data: bytes, dry_run: bool) -> Imported:
        return import_beside(service.reads.now, service.writer, actor, read(data), category=of_new, dry_run=dry_run)

    looked = await look(request, load)
    if looked.found and looked.applied:
        people = looked.found.people
        return see(f"{_PATH}?done=imported&made={people.created}&changed={people.changed}")
    return await _page(request, looked)


async def _page(request: Request, looked: Looked[Imported]) -> Response:
    category = said(request).get("category", "") if request.method not in READ else ""

    def known(_: Connection, actor: Actor, __: Times) -> dict[str, Any]:
        require_import(actor)
        changes = looked.found.changes[:_MOST_SHOWN] if looked.found else []
        return {"imported": looked.found, "changes": changes, "category": category} | looked.known(request)

    return await show(request, "import", known, looked.tried)
