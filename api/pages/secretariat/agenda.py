"""`/secretariat/sessions/…/agenda`: a session's agenda items, added and changed, started and ended."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act
from api.pages.door import pages, see
from api.pages.rendering import READ
from api.pages.secretariat.filled import Filled
from api.pages.secretariat.frame import ROOT, show
from api.pages.secretariat.tried import Tried, attempt
from api.pages.times import Times
from api.web.paths import an_id
from api.web.said.items import ItemChange, ItemIn
from scheduler.people.permission import Actor
from scheduler.people.reader import Reader
from scheduler.programme import items, queries
from scheduler.programme.items import NewItem
from scheduler.programme.views import ItemView
from scheduler.secretariat import agenda
from scheduler.secretariat.desk import item_of_hers, session_of_hers
from scheduler.storage.connection import Connection

router = pages()
_MOST, _NO_ITEM = 500, "There is no such agenda item."


@router.api_route(f"{ROOT}/sessions/{{code}}/agenda", methods=READ)
async def all_items(request: Request, code: str) -> Response:
    """The agenda, with the form of a new item."""
    return await _page(request, code)


@router.post(f"{ROOT}/sessions/{{code}}/agenda")
async def add(request: Request, code: str) -> Response:
    """Adds an item behind the others."""

    async def do() -> ItemView:
        form = Filled.of(request)
        new = form.shaped(
            ItemIn, {name: form.raw(name) for name in ("number", "title")} | {"parent": form.text("parent")}
        )
        return await act(request, lambda tx, actor: items.add(tx, actor, code, NewItem(**new.model_dump())))

    done = await attempt(request, do)
    return await _page(request, code, done) if isinstance(done, Tried) else _see(done)


@router.api_route(f"{ROOT}/items/{{item_id}}", methods=READ)
async def item(request: Request, item_id: str) -> Response:
    """The form that changes an item."""
    return await _item_page(request, item_id)


@router.post(f"{ROOT}/items/{{item_id}}")
async def change(request: Request, item_id: str) -> Response:
    """Changes an item; one that starts or ends closes the lists that close with it."""
    id_ = an_id(item_id, _NO_ITEM)

    async def do() -> ItemView:
        form = Filled.of(request)
        said: dict[str, Any] = {name: form.raw(name) for name in ("number", "title", "status") if name in form.fields}
        said |= {"parent": form.text("parent")} if "parent" in form.fields else {}
        sent = form.shaped(ItemChange, said | {"expected_version": form.number("expected_version")})
        changes, expected = sent.sent(), sent.expected_version
        return await act(
            request, lambda tx, actor: agenda.change_item(tx, actor, id_, changes, expected_version=expected)
        )

    done = await attempt(request, do)
    return await _item_page(request, item_id, done) if isinstance(done, Tried) else _see(done)


def _see(view: ItemView) -> Response:
    return see(f"{ROOT}/sessions/{view.session}/agenda?done=saved#{view.id}")


async def _page(request: Request, code: str, tried: Tried | None = None) -> Response:
    def known(conn: Connection, actor: Actor, _: Times) -> dict[str, Any]:
        session = session_of_hers(conn, actor, code)
        return {"session": session, "items": queries.items(conn, Reader(actor), session.code, limit=_MOST)}

    return await show(request, "agenda", known, tried)


async def _item_page(request: Request, item_id: str, tried: Tried | None = None) -> Response:
    def known(conn: Connection, actor: Actor, _: Times) -> dict[str, Any]:
        session, found = item_of_hers(conn, actor, item_id)
        others = queries.items(conn, Reader(actor), session.code, limit=_MOST)
        parents = [(each.id, f"{each.number} {each.title}") for each in others if each.id != found.id]
        return {"session": session, "item": found, "parents": parents}

    return await show(request, "item", known, tried)
