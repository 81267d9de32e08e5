"""`/secretariat/import`: a participants' list imported, after a look at what it would change."""

import asyncio
from typing import Any, get_args

from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import who
from api.pages.door import FilePageDoor, pages, said, see, signed
from api.pages.forms import Upload
from api.pages.rendering import READ
from api.pages.secretariat.carried import chosen, is_fresh, packed
from api.pages.secretariat.frame import ROOT, show
from api.pages.secretariat.tried import Tried, attempt
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
    return await _page(request)


@router.post(_PATH)
async def bring_in(request: Request) -> Response:
    """Looks at a list, and imports it once it was looked at: all of it or nothing."""
    # Asked again in the act; here so that nobody else can have large files unpacked.
    require_import(signed(request))
    looking = is_fresh(request) or said(request).get("do") != "apply"

    async def choose() -> Upload:
        return chosen(request)

    upload = await attempt(request, choose)
    if isinstance(upload, Tried):
        return await _page(request, upload)
    imported = await attempt(request, lambda: _import(request, upload, dry_run=looking))
    if isinstance(imported, Tried):
        return await _page(request, imported, upload)
    if not looking:
        return see(f"{_PATH}?done=imported&made={imported.people.created}&changed={imported.people.changed}")
    return await _page(request, upload=upload, imported=imported)


async def _import(request: Request, upload: Upload, *, dry_run: bool) -> Imported:
    service, actor, category = service_of(request), who(request), said(request).get("category")

    def work() -> Imported:
        reads, of_new = service.reads.now, category if category in get_args(Category) else None
        return import_beside(reads, service.writer, actor, read(upload.data), category=of_new, dry_run=dry_run)

    return await asyncio.to_thread(work)


async def _page(
    request: Request, tried: Tried | None = None, upload: Upload | None = None, imported: Imported | None = None
) -> Response:
    counts = [request.query_params.get(name, "")[:9] for name in ("made", "changed")]
    category = said(request).get("category", "") if request.method not in READ else ""

    def known(_: Connection, actor: Actor, __: Times) -> dict[str, Any]:
        require_import(actor)
        return {
            "upload": upload,
            "carried": packed(upload) if upload else "",
            "imported": imported,
            "changes": imported.changes[:_MOST_SHOWN] if imported else [],
            "category": category,
            "faults": tried.refusal.faults if tried and tried.refusal else (),
            "counts": [int(each) if each.isdecimal() else 0 for each in counts],
        }

    return await show(request, "import", known, tried)
