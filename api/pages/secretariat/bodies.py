"""`/secretariat/bodies/…`: a body made and changed."""

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
from api.web.said.bodies import BodyChange, BodyIn
from scheduler.people.permission import Act, Actor, Scopes, require
from scheduler.programme import bodies
from scheduler.programme.views import BodyView
from scheduler.secretariat.desk import body_of_hers
from scheduler.storage.connection import Connection

router = pages()


@router.api_route(f"{ROOT}/new-body", methods=READ)
async def new(request: Request) -> Response:
    """The form of a new body."""
    return await _page(request, None)


@router.post(f"{ROOT}/bodies")
async def make(request: Request) -> Response:
    """Makes a body."""

    async def do() -> BodyView:
        form = Filled.of(request)
        wanted = bodies.NewBody(**form.shaped(BodyIn, _said(form)).model_dump())
        return await act(request, lambda tx, actor: bodies.add(tx, actor, wanted))

    made = await attempt(request, do)
    return await _page(request, None, made) if isinstance(made, Tried) else see(ROOT)


@router.api_route(f"{ROOT}/bodies/{{code}}", methods=READ)
async def body(request: Request, code: str) -> Response:
    """The form that changes a body."""
    return await _page(request, code)


@router.post(f"{ROOT}/bodies/{{code}}")
async def change(request: Request, code: str) -> Response:
    """Changes a body."""

    async def do() -> BodyView:
        form = Filled.of(request)
        sent = form.shaped(BodyChange, _said(form) | {"expected_version": form.number("expected_version")})
        changes, expected = sent.sent(), sent.expected_version
        return await act(request, lambda tx, actor: bodies.change(tx, actor, code, changes, expected_version=expected))

    done = await attempt(request, do)
    return await _page(request, code, done) if isinstance(done, Tried) else see(ROOT)


def _said(form: Filled) -> dict[str, Any]:
    return {"code": form.raw("code"), "name": form.raw("name"), "description": form.text("description")}


async def _page(request: Request, code: str | None, tried: Tried | None = None) -> Response:
    def known(conn: Connection, actor: Actor, _: Times) -> dict[str, Any]:
        if code is None:
            require(actor, Act.RUN_SERVICE, Scopes())
        return {"body": body_of_hers(conn, actor, code) if code else None}

    return await show(request, "body", known, tried)
