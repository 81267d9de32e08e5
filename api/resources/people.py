"""People, for the secretariat."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act, make
from api.auth.door import SignedDoor, actor_of
from api.delivery.forgetting import forget_mail
from api.web.answers import answer, nothing, page
from api.web.documented import Page, documented
from api.web.paging import Cursor, Limit, cursor_key, cut
from api.web.said.people import PersonChange, PersonIn
from api.web.service import service_of
from api.web.shapes import cleaned
from scheduler.people import persons, queries
from scheduler.people.views import PersonView
from scheduler.subscriptions import erasing

router = APIRouter(route_class=SignedDoor, tags=["people"])
_WRITTEN = ("not-allowed", "already-exists", "unknown-timezone", "not-allowed-now")


@router.get("/people", **documented(Page[PersonView], "not-allowed"))
async def read_people(
    request: Request,
    q: Annotated[str | None, Query(max_length=200, description="Part of the name or address.")] = None,
    organisation: Annotated[str | None, Query(max_length=64, description="An organisation's id.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """People by name. The whole service's secretariat may."""
    key = cursor_key(cursor, (str, str))
    after = (key[0], key[1]) if key else None
    part, of = q and cleaned(q), organisation and cleaned(organisation)
    actor = actor_of(request)
    found = await service_of(request).reads.long(
        lambda conn: queries.people(conn, actor, q=part, organisation=of, after=after, limit=limit + 1)
    )
    return page(*cut(found, limit, lambda view: (view.name, view.id)))


@router.post("/people", **documented(PersonView, *_WRITTEN, status=201))
async def add_person(request: Request, new: PersonIn) -> Response:
    """Adds a person. The whole service's secretariat may."""
    said = persons.NewPerson(**new.said())
    return await make(request, lambda tx, actor: persons.add(tx, actor, said))


@router.get("/people/{person_id}", **documented(PersonView, "not-found", "not-allowed"))
async def read_person(request: Request, person_id: str) -> Response:
    """One person. The whole service's secretariat may."""
    actor = actor_of(request)
    return answer(await service_of(request).reads.short(lambda conn: queries.person(conn, actor, person_id)))


@router.patch("/people/{person_id}", **documented(PersonView, *_WRITTEN, "not-found", "version-conflict"))
async def change_person(request: Request, person_id: str, changes: PersonChange) -> Response:
    """Changes a person. The last secretariat stays. The whole service's secretariat may."""
    return answer(
        await act(
            request,
            lambda tx, actor: persons.change(tx, actor, person_id, changes.said(), changes.expected_version),
        )
    )


@router.delete("/people/{person_id}", **documented(None, "not-found", "not-allowed", "not-allowed-now", status=204))
async def erase_person(request: Request, person_id: str) -> Response:
    """Erases a person's name and address; what she did stays, under "erased". The whole service's secretariat may.

    Her sign-ins and private feeds end at once, her roles go, and so does mail to her that no mail server took.
    """
    await act(request, lambda tx, actor: erasing.erase_person(tx, actor, person_id))
    await forget_mail(service_of(request), person_id)
    return nothing()
