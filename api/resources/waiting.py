"""Waiting for a place in a full list: routes. What becomes free is offered in order, to one person at a time."""

from fastapi import APIRouter
from pydantic import ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act, make
from api.auth.door import SignedDoor, signed_of
from api.resources.slots import BookingIn
from api.web.answers import nothing, page
from api.web.documented import Page, documented
from api.web.lapsing import let_offers_lapse
from api.web.paging import Cursor, Limit, cursor_key, cut, moment_key
from api.web.paths import an_id
from api.web.service import service_of
from scheduler.lists import waiting, waiting_queries
from scheduler.lists.booking import Booking
from scheduler.lists.place import NO_LIST
from scheduler.lists.views import WaitingView
from scheduler.lists.waiting_queries import NO_ENTRY
from scheduler.people.reader import Reader


class WaitingIn(BookingIn):
    """How she will speak, as for a booking: `language` and `topic` are kept for when she books what she is offered."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"mode": "remote", "language": "es"}]})


router = APIRouter(route_class=SignedDoor, tags=["waiting"])


@router.get("/lists/{list_id}/waiting", **documented(Page[WaitingView], "not-found"))
async def read_waiting(request: Request, list_id: str, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """Who waits, or waited, for a place in a full list, by `position`.

    The session's chair and secretariat read all; everyone else her own entries, with how many come `before` her, and a
    focal point her organisation's.
    """
    service, reader = service_of(request), Reader(signed_of(request).actor)
    key = cursor_key(cursor, (int,))
    await let_offers_lapse(service)
    found = await service.reads.short(
        lambda conn: waiting_queries.waiting_for(
            conn, reader, an_id(list_id, NO_LIST), after=key[0] if key else None, limit=limit + 1
        )
    )
    rows, following = cut(found, limit, lambda row: (row[1],))
    return page([view for view, _ in rows], following)


@router.post(
    "/lists/{list_id}/waiting",
    **documented(
        WaitingView,
        *("not-found", "not-allowed", "not-accredited", "mode-not-offered", "already-inscribed", "list-not-open"),
        *("list-closed", "not-allowed-now"),
        status=201,
    ),
)
async def join(request: Request, list_id: str, wanted: WaitingIn) -> Response:
    """Joins those who wait for a place in a full list, as one books in it, for herself or for whom one may act.

    A timed list is full for who finds no free slot that she may book; a queue when it has as many as its `capacity`.
    Where there is a place: `not-allowed-now`, with up to three free slots in `nearest`. What becomes free is offered in
    order, to one person at a time, to the first who could book it: until `offered_until` it is hers to book, or in a
    queue to inscribe, like any other. Then the offer lapses, by the clock, and the next has hers from that moment on.
    She is told at once by mail, with the deadline.
    """
    said = Booking(wanted.mode, wanted.language, wanted.topic, wanted.person, wanted.organisation)
    return await make(request, lambda tx, actor: waiting.join(tx, actor, an_id(list_id, NO_LIST), said))


@router.delete("/waiting/{entry_id}", **documented(None, "not-found", "not-allowed", "not-allowed-now", status=204))
async def leave(request: Request, entry_id: str) -> Response:
    """Waits no more; what was offered goes to the next. Whoever may act for the person may."""
    await act(request, lambda tx, actor: waiting.leave(tx, actor, an_id(entry_id, NO_ENTRY)))
    return nothing()


@router.get("/me/waiting", **documented(Page[WaitingView]))
async def read_own_waiting(request: Request, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """Where you wait, or waited, for a place, by `created_at`."""
    service, after = service_of(request), moment_key(cursor)
    person = str(signed_of(request).actor.id)
    await let_offers_lapse(service)
    found = await service.reads.short(
        lambda conn: waiting_queries.waiting_of_person(conn, person, after=after, limit=limit + 1)
    )
    rows, following = cut(found, limit, lambda row: (row[1][0].isoformat(), row[1][1]))
    return page([view for view, _ in rows], following)
