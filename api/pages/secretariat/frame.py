"""What the secretariat's pages have in common: who sees them, and how one is made."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from api.pages.door import signed
from api.pages.rendering import html, render
from api.pages.secretariat.tried import Tried
from api.pages.times import Times
from api.pages.viewer import viewer_of
from api.web.problems import status_of
from api.web.service import service_of
from scheduler.people.permission import Actor
from scheduler.secretariat.desk import runs_service
from scheduler.storage.connection import Connection

ROOT = "/secretariat"
Known = Callable[[Connection, Actor, Times], dict[str, Any]]
"""What a page shows, found while it is made: for whom, and how it says times. Raises what she may not see with."""


async def show(request: Request, template: str, known: Known, tried: Tried | None = None) -> Response:
    """A page of the secretariat's, after a form that was refused with its status."""
    service, viewer, actor, tried = service_of(request), viewer_of(request), signed(request), tried or Tried()

    def body(conn: Connection) -> bytes:
        times = Times(viewer.language, service.clock.now(), viewer.zone)
        values = {"here": "secretariat", "whole": runs_service(actor), "tried": tried, "done": None, "root": ROOT}
        values["clocks"] = times.pair(viewer.zone or actor.timezone, None)
        values |= {"done": request.query_params.get("done"), **known(conn, actor, times)}
        return render(service, conn, viewer, f"secretariat/{template}.html", **values)

    return html(await service.reads.long(body), status_of(type(tried.refusal)) if tried.refusal else 200)
