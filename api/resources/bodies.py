"""Bodies."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act, make
from api.auth.door import OpenDoor, SignedDoor
from api.web.answers import answer, page
from api.web.documented import Page, documented
from api.web.paging import Cursor, Limit, cursor_key, cut
from api.web.said.bodies import BodyChange, BodyIn
from api.web.service import service_of
from scheduler.programme import bodies, queries
from scheduler.programme.views import BodyView

router = APIRouter(route_class=SignedDoor, tags=["bodies"])
public = APIRouter(route_class=OpenDoor, tags=["bodies"])


@public.get("/bodies", **documented(Page[BodyView]))
async def read_bodies(request: Request, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """All bodies, by code."""
    key = cursor_key(cursor, (str,))
    after = key[0] if key else None
    found = await service_of(request).reads.long(lambda conn: queries.bodies(conn, after=after, limit=limit + 1))
    return page(*cut(found, limit, lambda view: (view.code,)))


@router.post("/bodies", **documented(BodyView, "not-allowed", "already-exists", status=201))
async def add_body(request: Request, new: BodyIn) -> Response:
    """Creates a body. The whole service's secretariat may."""
    return await make(request, lambda tx, actor: bodies.add(tx, actor, bodies.NewBody(**new.model_dump())))


@public.get("/bodies/{code}", **documented(BodyView, "not-found"))
async def read_body(request: Request, code: str) -> Response:
    """One body, by its code or id."""
    return answer(await service_of(request).reads.short(lambda conn: queries.body(conn, code)))


@router.patch(
    "/bodies/{code}", **documented(BodyView, "not-found", "not-allowed", "already-exists", "version-conflict")
)
async def change_body(request: Request, code: str, changes: BodyChange) -> Response:
    """Changes a body. Its secretariat may."""
    sent, expected = changes.sent(), changes.expected_version
    return answer(await act(request, lambda tx, actor: bodies.change(tx, actor, code, sent, expected_version=expected)))
