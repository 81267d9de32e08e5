"""`/secretariat/organisations`: found, added and changed."""

from typing import Any, get_args

from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act
from api.delivery.letters.dates import locale_of
from api.pages.door import pages, see
from api.pages.rendering import READ
from api.pages.secretariat.filled import Filled
from api.pages.secretariat.frame import ROOT, show
from api.pages.secretariat.paged import LIMIT, further
from api.pages.secretariat.tried import Tried, attempt
from api.pages.times import Times
from api.spreadsheets.naming import NAMING
from api.web.paging import cursor_key
from api.web.said.organisations import OrganisationChange, OrganisationIn
from api.web.shapes import cleaned
from scheduler.people import organisations, queries
from scheduler.people.permission import Act, Actor, Scopes, require
from scheduler.people.rules import Category
from scheduler.people.views import OrganisationView
from scheduler.storage.connection import Connection

router = pages()
_PATH = f"{ROOT}/organisations"


@router.api_route(_PATH, methods=READ)
async def every(request: Request) -> Response:
    """Organisations by name."""
    asked = request.query_params
    q, category = cleaned(asked.get("q", ""))[:200], asked.get("category", "")

    def known(conn: Connection, actor: Actor, times: Times) -> dict[str, Any]:
        require(actor, Act.RUN_SERVICE, Scopes())
        key = cursor_key(asked.get("cursor"), (str, str))
        found = queries.organisations(
            conn,
            q=q or None,
            category=category if category in get_args(Category) else None,
            after=(key[0], key[1]) if key else None,
            limit=LIMIT + 1,
        )
        rows, more = further(request, found, lambda view: (view.name, view.id))
        names = locale_of(times.language).territories
        return {
            "here": "organisations",
            "rows": [(each, names.get(each.country, each.country) if each.country else "") for each in rows],
            "more": more,
            "q": q,
            "category": category,
        }

    return await show(request, "organisations", known)


@router.api_route(f"{_PATH}/new", methods=READ)
async def new(request: Request) -> Response:
    """The form of a new organisation."""
    return await _form(request, None)


@router.post(_PATH)
async def add(request: Request) -> Response:
    """Adds an organisation."""

    async def do() -> OrganisationView:
        form = Filled.of(request)
        said = organisations.NewOrganisation(**form.shaped(OrganisationIn, _said(form)).model_dump())
        return await act(request, lambda tx, actor: organisations.add(tx, actor, said))

    made = await attempt(request, do)
    return await _form(request, None, made) if isinstance(made, Tried) else see(f"{_PATH}/{made.id}?done=made")


@router.api_route(f"{_PATH}/{{organisation_id}}", methods=READ)
async def organisation(request: Request, organisation_id: str) -> Response:
    """The form that changes an organisation."""
    return await _form(request, organisation_id)


@router.post(f"{_PATH}/{{organisation_id}}")
async def change(request: Request, organisation_id: str) -> Response:
    """Changes an organisation."""

    async def do() -> OrganisationView:
        form = Filled.of(request)
        said = _said(form) | {"expected_version": form.number("expected_version")}
        sent = form.shaped(OrganisationChange, said)
        changes, expected = sent.sent(), sent.expected_version
        return await act(request, lambda tx, actor: organisations.change(tx, actor, organisation_id, changes, expected))

    done = await attempt(request, do)
    if isinstance(done, Tried):
        return await _form(request, organisation_id, done)
    return see(f"{_PATH}/{done.id}?done=saved")


def _said(form: Filled) -> dict[str, Any]:
    country = form.raw("country")
    return {
        "name": form.raw("name"),
        "category": form.raw("category"),
        "country": (NAMING.country(country) or country.upper()) if country else None,
        "region": form.text("region"),
        "groups": form.parts("groups"),
    }


async def _form(request: Request, organisation_id: str | None, tried: Tried | None = None) -> Response:
    def known(conn: Connection, actor: Actor, _: Times) -> dict[str, Any]:
        require(actor, Act.RUN_SERVICE, Scopes())
        found = queries.organisation(conn, organisation_id) if organisation_id else None
        return {"here": "organisations", "organisation": found}

    return await show(request, "organisation", known, tried)
