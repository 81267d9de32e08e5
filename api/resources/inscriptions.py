"""Inscriptions: shapes above, routes below. In a queue they are made here, on a timed list by booking a slot."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import ConfigDict, Discriminator, Field, Tag
from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act, make
from api.auth.door import OpenDoor, SignedDoor, actor_of
from api.web.answers import answer, nothing, page
from api.web.documented import Page, documented
from api.web.paging import Cursor, Limit, cut, moment_key
from api.web.paths import an_id
from api.web.service import service_of
from api.web.shapes import UNSENT, Id, Line, Mode, OptionalLine, PositiveSeconds, Shape, Version
from scheduler.lists import changing, inscribing, inscription_queries, swapping, withdrawing
from scheduler.lists.inscribing import Request as Wanted
from scheduler.lists.inscription_queries import NO_INSCRIPTION, Key
from scheduler.lists.place import NO_LIST
from scheduler.lists.views import InscriptionView
from scheduler.people.permission import Actor
from scheduler.people.reader import Reader
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx

SpokenLanguage = Annotated[
    str,
    Field(
        pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$",
        examples=["es"],
        description="The language spoken, as BCP 47 names it; one that the meeting does not have gives a warning.",
    ),
]


GroupName = Annotated[
    Line,
    Field(
        examples=["African Group"],
        description="The group that the statement is made for, by its name in the `groups` of its members.",
    ),
]


class InscriptionIn(Shape):
    """What she asks for. `person` (default: herself) and `organisation` (default: the person's own) are ids.

    `delivered_by` names who reads it in the speaker's place; `seconds_requested` is how long she would like to speak.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"mode": "remote", "language": "es", "topic": "Article 6", "seconds_requested": 180}]
        }
    )

    mode: Mode
    language: SpokenLanguage | None = None
    topic: OptionalLine | None = None
    on_behalf_of: GroupName | None = None
    delivered_by: Line | None = None
    seconds_requested: PositiveSeconds | None = None
    person: Id | None = None
    organisation: Id | None = None


class InscriptionChange(Shape):
    """Changes to an inscription: what is absent stays, null clears. `delivered_by` names who reads it in her place."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"delivered_by": "Sub Stitute"}]})

    mode: Mode = UNSENT
    language: SpokenLanguage | None = None
    topic: OptionalLine | None = None
    on_behalf_of: GroupName | None = None
    delivered_by: Line | None = None
    seconds_requested: PositiveSeconds | None = None
    expected_version: Version | None = None


class SwapProposal(Shape):
    """With which other inscription of the session (an id) the turns are to be swapped."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"with": "c0ffee00-0000-4000-8000-000000000000"}]})

    with_: Id = Field(alias="with")


class SwapAnswer(Shape):
    """The answer of the side that is asked."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"accept": True}]})

    accept: bool = Field(strict=True)


def _which(sent: Any) -> str:
    return "(answer)" if isinstance(sent, dict) and "accept" in sent else "(proposal)"


SwapIn = Annotated[
    Annotated[SwapProposal, Tag("(proposal)")] | Annotated[SwapAnswer, Tag("(answer)")], Discriminator(_which)
]

router = APIRouter(route_class=SignedDoor, tags=["inscriptions"])
public = APIRouter(route_class=OpenDoor, tags=["inscriptions"])
_ReadPage = Callable[[Connection, Reader, Key | None, int], Sequence[tuple[InscriptionView, Key]]]


@public.get("/lists/{list_id}/inscriptions", **documented(Page[InscriptionView], "not-found"))
async def read_inscriptions(request: Request, list_id: str, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """The list's inscriptions by `created_at`: to the public those who were given a slot.

    `topic`, `seconds_requested` and `delivered_by`, and all that are pending or withdrawn, are for the speaker, her
    focal point, the session's chair and the secretariat.
    """

    def read(conn: Connection, reader: Reader, after: Key | None, limit: int) -> Sequence[tuple[InscriptionView, Key]]:
        known = an_id(list_id, NO_LIST)
        return inscription_queries.inscriptions_of_list(conn, reader, known, after=after, limit=limit)

    return await _page(request, read, limit, cursor)


@router.post(
    "/lists/{list_id}/inscriptions",
    **documented(
        InscriptionView,
        *("not-found", "not-allowed", "not-accredited", "mode-not-offered", "already-inscribed", "list-not-open"),
        *("list-closed", "list-full", "not-allowed-now"),
        status=201,
    ),
)
async def inscribe(request: Request, list_id: str, new: InscriptionIn) -> Response:
    """Inscribes in an open queue list; it is `pending` until the chair allots it a turn.

    Everyone inscribes herself, where her organisation's accreditation to the session is approved; focal points their
    organisation's people; the session's chair and secretariat anyone accredited. A second time in the same list, or a
    second of an organisation where one is allowed: `already-inscribed`. A `timed` list: `not-allowed-now`, since its
    slots are booked. `warnings` say what was accepted and yet is worth a look: `language-not-interpreted`,
    `seconds-above-limit`, `topic-missing`, `group-not-recorded`.
    """
    said = Wanted(**new.sent())
    return await make(request, lambda tx, actor: inscribing.inscribe(tx, actor, an_id(list_id, NO_LIST), said))


@router.get("/me/inscriptions", **documented(Page[InscriptionView]))
async def read_own_inscriptions(request: Request, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """All your own inscriptions by `created_at`, withdrawn ones too."""

    def read(conn: Connection, reader: Reader, after: Key | None, limit: int) -> Sequence[tuple[InscriptionView, Key]]:
        return inscription_queries.inscriptions_of_person(conn, reader, after=after, limit=limit)

    return await _page(request, read, limit, cursor)


@router.get(
    "/organisations/{organisation_id}/inscriptions",
    **documented(Page[InscriptionView], "not-found", "not-allowed"),
)
async def read_inscriptions_of_organisation(
    request: Request, organisation_id: str, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """All of an organisation's inscriptions by `created_at`, for its focal points and the secretariat."""

    def read(conn: Connection, reader: Reader, after: Key | None, limit: int) -> Sequence[tuple[InscriptionView, Key]]:
        known = an_id(organisation_id, "There is no such organisation.")
        return inscription_queries.inscriptions_of_organisation(conn, reader, known, after=after, limit=limit)

    return await _page(request, read, limit, cursor)


@public.get("/inscriptions/{inscription_id}", **documented(InscriptionView, "not-found"))
async def read_inscription(request: Request, inscription_id: str) -> Response:
    """One inscription, as far as you may read it."""
    reader = Reader(actor_of(request))
    return answer(
        await service_of(request).reads.short(
            lambda conn: inscription_queries.one_inscription(conn, reader, an_id(inscription_id, NO_INSCRIPTION))
        )
    )


@router.patch(
    "/inscriptions/{inscription_id}",
    **documented(
        InscriptionView,
        *("not-found", "not-allowed", "mode-not-offered", "remote-budget-exceeded", "not-allowed-now"),
        "version-conflict",
    ),
)
async def change_inscription(request: Request, inscription_id: str, changes: InscriptionChange) -> Response:
    """Changes an inscription, also on a closed list. Whoever may act for the speaker may.

    The meeting's remote minutes follow the mode of one who has a turn. Naming a substitute in `delivered_by` is
    journaled. `seconds_requested` remains a wish: how long a turn is, the chair changes at its slot.
    """
    said = changes.sent()

    def change(tx: Tx, actor: Actor) -> InscriptionView:
        known = an_id(inscription_id, NO_INSCRIPTION)
        return changing.change(tx, actor, known, said, changes.expected_version)

    return answer(await act(request, change))


@router.delete(
    "/inscriptions/{inscription_id}", **documented(None, "not-found", "not-allowed", "not-allowed-now", status=204)
)
async def withdraw_inscription(request: Request, inscription_id: str) -> Response:
    """Withdraws an inscription. Whoever may act for the speaker may.

    On a timed list its slot is free again; in a queue it goes, and those behind it move up.
    """
    await act(request, lambda tx, actor: withdrawing.withdraw(tx, actor, an_id(inscription_id, NO_INSCRIPTION)))
    return nothing()


@router.post(
    "/inscriptions/{inscription_id}/swap",
    **documented(
        InscriptionView,
        *("not-found", "not-allowed", "category-not-eligible", "mode-not-offered", "already-inscribed", "over-budget"),
        *("remote-budget-exceeded", "not-allowed-now"),
    ),
)
async def swap(request: Request, inscription_id: str, said: SwapIn) -> Response:
    """Proposes to swap turns with another inscription of the session, or answers the proposal; on either of the two.

    Each side is spoken for by whoever may act for its speaker. Nothing moves before the other side has accepted; an
    inscription has one open proposal at a time. Both must be able to hold the other's slot: its mode, whom it is
    reserved for, the meeting's remote minutes. Then each gets the other's time and seconds, in a queue never more than
    her list allows her. A proposal lapses when either turn moves, is called or withdrawn. Both sides are told of
    everything.
    """

    def do(tx: Tx, actor: Actor) -> InscriptionView:
        known = an_id(inscription_id, NO_INSCRIPTION)
        if isinstance(said, SwapProposal):
            return swapping.propose(tx, actor, known, said.with_)
        return swapping.answer(tx, actor, known, accept=said.accept)

    return answer(await act(request, do))


@router.delete(
    "/inscriptions/{inscription_id}/swap", **documented(None, "not-found", "not-allowed", "not-allowed-now", status=204)
)
async def take_back_swap(request: Request, inscription_id: str) -> Response:
    """Takes back a proposal to swap turns, on either of the two. Whoever may act for the side that proposed it may."""
    await act(request, lambda tx, actor: swapping.take_back(tx, actor, an_id(inscription_id, NO_INSCRIPTION)))
    return nothing()


async def _page(request: Request, read: _ReadPage, limit: int, cursor: str | None) -> Response:
    reader, after = Reader(actor_of(request)), moment_key(cursor)
    found = await service_of(request).reads.short(lambda conn: read(conn, reader, after, limit + 1))
    rows, following = cut(found, limit, lambda row: (row[1][0].isoformat(), row[1][1]))
    return page([view for view, _ in rows], following)
