"""`/secretariat/people`: found, added and changed, with their roles; erased after a look at what that takes away."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act
from api.delivery.forgetting import forget_mail
from api.pages.cities import every_city
from api.pages.door import pages, see
from api.pages.rendering import READ
from api.pages.secretariat.filled import Filled
from api.pages.secretariat.frame import ROOT, show
from api.pages.secretariat.paged import LIMIT, further
from api.pages.secretariat.tried import Tried, attempt
from api.pages.times import Times
from api.pages.viewer import viewer_of
from api.web.paging import cursor_key
from api.web.said.people import PersonChange, PersonIn
from api.web.service import service_of
from api.web.shapes import cleaned
from scheduler.ids import is_id
from scheduler.people import persons, queries
from scheduler.people.permission import Act, Actor, Scopes, require
from scheduler.people.views import PersonView
from scheduler.secretariat.desk import desk
from scheduler.storage.connection import Connection
from scheduler.subscriptions import erasing

router = pages()
_PATH = f"{ROOT}/people"
_MOST_ORGANISATIONS, _MORE_ROLES, _OWN = 3_000, 2, "organisation:own"


@router.api_route(_PATH, methods=READ)
async def people(request: Request) -> Response:
    """People by name."""
    asked = request.query_params
    q, organisation = cleaned(asked.get("q", ""))[:200], asked.get("organisation", "")

    def known(conn: Connection, actor: Actor, _: Times) -> dict[str, Any]:
        key = cursor_key(asked.get("cursor"), (str, str))
        found = queries.people(
            conn,
            actor,
            q=q or None,
            organisation=organisation if is_id(organisation) else None,
            after=(key[0], key[1]) if key else None,
            limit=LIMIT + 1,
        )
        rows, more = further(request, found, lambda view: (view.name, view.id))
        of = queries.organisation(conn, organisation) if is_id(organisation) else None
        return {"here": "people", "people": rows, "more": more, "q": q, "of": of}

    return await show(request, "people", known)


@router.api_route(f"{_PATH}/new", methods=READ)
async def new(request: Request) -> Response:
    """The form of a new person."""
    return await _form(request, None)


@router.post(_PATH)
async def add(request: Request) -> Response:
    """Adds a person."""

    async def do() -> PersonView:
        said = persons.NewPerson(**_said(request, PersonIn).said())
        return await act(request, lambda tx, actor: persons.add(tx, actor, said))

    made = await attempt(request, do)
    return await _form(request, None, made) if isinstance(made, Tried) else see(f"{_PATH}/{made.id}?done=made")


@router.api_route(f"{_PATH}/{{person_id}}", methods=READ)
async def person(request: Request, person_id: str) -> Response:
    """The form that changes a person."""
    return await _form(request, person_id)


@router.post(f"{_PATH}/{{person_id}}")
async def change(request: Request, person_id: str) -> Response:
    """Changes a person and her roles."""

    async def do() -> PersonView:
        sent = _said(request, PersonChange)
        changes, expected = sent.said(), sent.expected_version
        return await act(request, lambda tx, actor: persons.change(tx, actor, person_id, changes, expected))

    done = await attempt(request, do)
    return await _form(request, person_id, done) if isinstance(done, Tried) else see(f"{_PATH}/{done.id}?done=saved")


@router.api_route(f"{_PATH}/{{person_id}}/erase", methods=READ)
async def ask_to_erase(request: Request, person_id: str) -> Response:
    """What erasing takes away, before it is done."""
    return await _erase_page(request, person_id)


@router.post(f"{_PATH}/{{person_id}}/erase")
async def erase(request: Request, person_id: str) -> Response:
    """Erases a person's name and address for good."""
    done = await attempt(request, lambda: act(request, lambda tx, actor: erasing.erase_person(tx, actor, person_id)))
    if isinstance(done, Tried):
        return await _erase_page(request, person_id, done)
    await forget_mail(service_of(request), person_id)
    return see(f"{_PATH}?done=erased")


def _said(request: Request, shape: Any) -> Any:
    """What the form says, as `shape` has it."""
    form = Filled.of(request)
    said: dict[str, Any] = {name: form.raw(name) for name in ("email", "name", "language")}
    said |= {"timezone": form.zone("timezone"), "organisation": form.text("organisation")}
    said["roles"] = _roles(form, said["organisation"])
    if shape is PersonChange:
        said["expected_version"] = form.number("expected_version")
    return form.shaped(shape, said)


def _roles(form: Filled, organisation: str | None) -> list[dict[str, Any]]:
    """The roles of the form's rows; a row without a role is none."""
    found: list[dict[str, Any]] = []
    for number in range(sum(name.endswith(".role") for name in form.fields)):
        role, scope = form.raw(f"roles.{number}.role"), form.raw(f"roles.{number}.scope")
        if scope == _OWN:
            scope = f"organisation:{organisation or ''}"
        kind, _, id_ = scope.partition(":")
        if role:
            found.append({"role": role, "scope": {"type": kind, "id": id_} if kind else None})
    return found


async def _form(request: Request, person_id: str | None, tried: Tried | None = None) -> Response:
    language = viewer_of(request).language

    def known(conn: Connection, actor: Actor, times: Times) -> dict[str, Any]:
        require(actor, Act.RUN_SERVICE, Scopes())
        found = queries.person(conn, actor, person_id) if person_id else None
        hers = desk(conn, actor)
        roles = [(role.role, f"{role.scope.type}:{role.scope.id}" if role.scope else "") for role in _of(found)]
        return {
            "here": "people",
            "person": found,
            "roles": [*roles, *[("", "")] * _MORE_ROLES],
            "bodies": [(f"body:{each.code}", each.name) for each in hers.bodies],
            "sessions": [
                (f"session:{each.code}", f"{each.title}, {times.dates(each.starts_on, each.ends_on)}")
                for each in hers.sessions
            ],
            "organisations": [(each.id, each.name) for each in queries.organisations(conn, limit=_MOST_ORGANISATIONS)],
            "cities": every_city(language),
        }

    return await show(request, "person", known, tried)


def _of(found: PersonView | None) -> tuple[Any, ...]:
    return found.roles if found else ()


async def _erase_page(request: Request, person_id: str, tried: Tried | None = None) -> Response:
    def known(conn: Connection, actor: Actor, _: Times) -> dict[str, Any]:
        return {"here": "people", "person": queries.person(conn, actor, person_id)}

    return await show(request, "erase", known, tried)
