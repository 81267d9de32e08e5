"""`/secretariat/programme`: a programme file loaded, after a look at what it would change."""

from collections import Counter
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import who
from api.pages.door import FilePageDoor, pages, see
from api.pages.rendering import READ
from api.pages.secretariat.frame import ROOT, show
from api.pages.secretariat.looked import Looked, look
from api.pages.times import Times
from api.web.service import service_of
from scheduler.people.permission import Actor
from scheduler.secretariat.account import Report
from scheduler.secretariat.importing import require_import
from scheduler.secretariat.reading import read
from scheduler.secretariat.rehearsing import load_beside
from scheduler.storage.connection import Connection

router = pages(FilePageDoor)
_PATH = f"{ROOT}/programme"
_MOST_SHOWN = 500


@router.api_route(_PATH, methods=READ)
async def programme(request: Request) -> Response:
    """Asks for a file."""
    return await _page(request, Looked())


@router.post(_PATH)
async def bring_in(request: Request) -> Response:
    """Looks at a file, and loads it once it was looked at."""
    service, actor = service_of(request), who(request)

    def load(data: bytes, dry_run: bool) -> Report:
        file = read(data, toml=not data.lstrip().startswith(b"{"))
        return load_beside(service.reads.now, service.writer, actor, file, dry_run=dry_run)

    looked = await look(request, load)
    if looked.found and looked.applied:
        return see(f"{_PATH}?done=loaded&made={looked.found.created}&changed={looked.found.changed}")
    return await _page(request, looked)


async def _page(request: Request, looked: Looked[Report]) -> Response:
    changes = list(Counter(looked.found.changes).items()) if looked.found else []

    def known(_: Connection, actor: Actor, __: Times) -> dict[str, Any]:
        require_import(actor)
        more = len(changes[_MOST_SHOWN:])
        return {"report": looked.found, "changes": changes[:_MOST_SHOWN], "more": more} | looked.known(request)

    return await show(request, "programme", known, looked.tried)
