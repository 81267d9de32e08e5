"""Organisations."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act, make
from api.auth.door import OpenDoor, SignedDoor
from api.web.answers import answer, page
from api.web.documented import Page, documented
from api.web.paging import Cursor, Limit, cursor_key, cut
from api.web.said.organisations import OrganisationChange, OrganisationIn
from api.web.service import service_of
from api.web.shapes import Category, cleaned
from scheduler.people import organisations, queries
from scheduler.people.views import OrganisationView

router = APIRouter(route_class=SignedDoor, tags=["organisations"])
public = APIRouter(route_class=OpenDoor, tags=["organisations"])


@public.get("/organisations", **documented(Page[OrganisationView]))
async def read_organisations(
    request: Request,
    q: Annotated[str | None, Query(max_length=200, description="Part of the name.")] = None,
    category: Annotated[Category | None, Query(description="Only those of this category.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Organisations by name."""
    key = cursor_key(cursor, (str, str))
    after = (key[0], key[1]) if key else None
    part = q and cleaned(q)
    found = await service_of(request).reads.long(
        lambda conn: queries.organisations(conn, q=part, category=category, after=after, limit=limit + 1)
    )
    return page(*cut(found, limit, lambda view: (view.name, view.id)))


@public.get("/organisations/{organisation_id}", **documented(OrganisationView, "not-found"))
async def read_organisation(request: Request, organisation_id: str) -> Response:
    """One organisation."""
    read = service_of(request).reads.short
    return answer(await read(lambda conn: queries.organisation(conn, organisation_id)))


@router.post("/organisations", **documented(OrganisationView, "not-allowed", "already-exists", status=201))
async def add_organisation(request: Request, new: OrganisationIn) -> Response:
    """Adds an organisation. The whole service's secretariat may."""
    said = organisations.NewOrganisation(**new.model_dump())
    return await make(request, lambda tx, actor: organisations.add(tx, actor, said))


@router.patch(
    "/organisations/{organisation_id}",
    **documented(OrganisationView, "not-found", "not-allowed", "already-exists", "version-conflict"),
)
async def change_organisation(request: Request, organisation_id: str, changes: OrganisationChange) -> Response:
    """Changes an organisation. The whole service's secretariat may."""
    sent, expected = changes.sent(), changes.expected_version
    return answer(
        await act(request, lambda tx, actor: organisations.change(tx, actor, organisation_id, sent, expected))
    )
