"""People, for the secretariat: shapes above, routes below."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act, make
from api.auth.door import SignedDoor, actor_of
from api.web.answers import answer, nothing, page
from api.web.documented import Page, documented
from api.web.paging import Cursor, Limit, cursor_key, cut
from api.web.service import service_of
from api.web.shapes import UNSENT, Id, Language, Line, Reference, Shape, Version, ZoneName, cleaned
from scheduler.people import persons, queries
from scheduler.people.permission import Grant
from scheduler.people.rules import Role
from scheduler.people.views import PersonView
from scheduler.subscriptions import erasing

router = APIRouter(route_class=SignedDoor, tags=["people"])
Address = Annotated[Line, Field(examples=["ada@example.org"])]
_WRITTEN = ("not-allowed", "already-exists", "unknown-timezone", "not-allowed-now")


class ScopeIn(Shape):
    """What a role is granted on; `id` is a code (body, session) or an id."""

    type: Literal["body", "session", "organisation"]
    id: Reference


class RoleIn(Shape):
    """A role; `scope` null is the whole service."""

    role: Role
    scope: ScopeIn | None = None

    def grant(self) -> Grant:
        """As the acts take it."""
        return Grant(self.role, self.scope.type, self.scope.id) if self.scope else Grant(self.role)


class PersonPatch(Shape):
    """What the secretariat may say of a person."""

    email: Address = UNSENT
    name: Line = UNSENT
    timezone: ZoneName = "UTC"
    language: Language = "en"
    organisation: Id | None = None
    roles: Annotated[list[RoleIn], Field(max_length=100)] = []  # noqa: RUF012  -- pydantic copies defaults

    def said(self) -> dict[str, Any]:
        """What was sent, roles as grants."""
        said = self.sent()
        return said | ({"roles": tuple(role.grant() for role in self.roles)} if "roles" in said else {})


class PersonIn(PersonPatch):
    """A new person."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"email": "ada@example.org", "name": "Ada Example", "timezone": "Pacific/Apia"}]
        }
    )

    email: Address
    name: Line


class PersonChange(PersonPatch):
    """Changes to a person: what is absent stays, null clears; `roles` replaces them all."""

    expected_version: Version | None = None


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

    Her sign-ins and private feeds end at once, and her roles go.
    """
    await act(request, lambda tx, actor: erasing.erase_person(tx, actor, person_id))
    return nothing()
