"""`/secretariat/programme`: a programme file loaded, after a look at what it would change."""

import asyncio
from collections import Counter
from typing import Any

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
    return await _page(request)


@router.post(_PATH)
async def load(request: Request) -> Response:
    """Looks at a file, and loads it once it was looked at: all of it or nothing."""
    # Asked again in the act; here so that nobody else can have large files read.
    require_import(signed(request))
    looking = is_fresh(request) or said(request).get("do") != "apply"

    async def choose() -> Upload:
        return chosen(request)

    upload = await attempt(request, choose)
    if isinstance(upload, Tried):
        return await _page(request, upload)
    report = await attempt(request, lambda: _load(request, upload, dry_run=looking))
    if isinstance(report, Tried):
        return await _page(request, report, upload)
    if not looking:
        return see(f"{_PATH}?done=loaded&made={report.created}&changed={report.changed}")
    return await _page(request, upload=upload, report=report)


async def _load(request: Request, upload: Upload, *, dry_run: bool) -> Report:
    service, actor = service_of(request), who(request)

    def work() -> Report:
        file = read(upload.data, toml=not upload.data.lstrip().startswith(b"{"))
        return load_beside(service.reads.now, service.writer, actor, file, dry_run=dry_run)

    return await asyncio.to_thread(work)


async def _page(
    request: Request, tried: Tried | None = None, upload: Upload | None = None, report: Report | None = None
) -> Response:
    counts = [request.query_params.get(name, "")[:9] for name in ("made", "changed")]

    changes = list(Counter(report.changes).items()) if report else []

    def known(_: Connection, actor: Actor, __: Times) -> dict[str, Any]:
        require_import(actor)
        return {
            "upload": upload,
            "carried": packed(upload) if upload else "",
            "report": report,
            "changes": changes[:_MOST_SHOWN],
            "more": len(changes[_MOST_SHOWN:]),
            "faults": tried.refusal.faults if tried and tried.refusal else (),
            "counts": [int(each) if each.isdecimal() else 0 for each in counts],
        }

    return await show(request, "programme", known, tried)
