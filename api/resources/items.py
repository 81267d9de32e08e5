"""Agenda items."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act, make
from api.auth.door import OpenDoor, SignedDoor, actor_of
from api.web.answers import answer, page
from api.web.documented import Page, documented
from api.web.paging import Cursor, Limit, cursor_key, cut
from api.web.paths import an_id
from api.web.said.items import ItemChange, ItemIn
from api.web.service import service_of
from scheduler.lists.reader import reader_of
from scheduler.programme import items, queries
from scheduler.programme.views import ItemView
from scheduler.secretariat import agenda

router = APIRouter(route_class=SignedDoor, tags=["agenda items"])
public = APIRouter(route_class=OpenDoor, tags=["agenda items"])
_MISSING = "There is no such agenda item."
_ERRORS = ("not-found", "not-allowed", "already-exists")


@public.get("/sessions/{code}/items", **documented(Page[ItemView], "not-found"))
async def read_items(request: Request, code: str, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """The agenda of a session, in its order."""
    key = cursor_key(cursor, (int, str))
    actor = actor_of(request)
    found = await service_of(request).reads.long(
        lambda conn: queries.items(conn, reader_of(conn, actor), code, after=key, limit=limit + 1)
    )
    return page(*cut(found, limit, lambda view: (view.position, view.id)))


@router.post("/sessions/{code}/items", **documented(ItemView, *_ERRORS, status=201))
async def add_item(request: Request, code: str, new: ItemIn) -> Response:
    """Adds an agenda item behind the others. The session's secretariat may."""
    return await make(request, lambda tx, actor: items.add(tx, actor, code, items.NewItem(**new.model_dump())))


@router.patch("/items/{item_id}", **documented(ItemView, *_ERRORS, "version-conflict"))
async def change_item(request: Request, item_id: str, changes: ItemChange) -> Response:
    """Changes an agenda item, or says that it is started or ended. The session's secretariat may.

    The lists of speakers that close with it (`closes_when`) close in the same act, and `/changes` says so.
    """
    sent, expected = changes.sent(), changes.expected_version
    return answer(
        await act(
            request,
            lambda tx, actor: agenda.change_item(tx, actor, an_id(item_id, _MISSING), sent, expected_version=expected),
        )
    )
