"""What people and webhooks are told, planned and done: for the secretariat whole, for everybody her own part."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act
from api.auth.door import SignedDoor, signed_of
from api.web.answers import answer, page
from api.web.documented import Page, documented
from api.web.paging import Cursor, Limit, cut, moment_key
from api.web.service import service_of
from api.web.shapes import Id
from scheduler.clock.zones import rfc3339
from scheduler.notices import queries
from scheduler.notices.queries import DueView
from scheduler.notices.retrying import retry
from scheduler.outbox.rules import Status

router = APIRouter(route_class=SignedDoor, tags=["outbox"])


@router.get("/outbox", **documented(Page[DueView], "not-allowed"))
async def read_outbox(
    request: Request,
    status: Annotated[Status | None, Query(description="Only what is in this state.")] = None,
    person: Annotated[Id | None, Query(description="Only what this person (her id) is told.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """What is planned, under way and done, the latest due first. The secretariat may.

    `failed` is what was given up after eight tries; `dropped` what would have come too late or was no longer so, with
    the reason in `last_error`. `attempts` counts tries, `due_at` is when it was to be told.
    """
    reader, after = signed_of(request).actor, moment_key(cursor)
    found = await service_of(request).reads.short(
        lambda conn: queries.outbox(conn, reader, status=status, person=person, after=after, limit=limit + 1)
    )
    return _page(found, limit)


@router.post("/outbox/{due_id}/retry", **documented(DueView, "not-found", "not-allowed", "not-allowed-now"))
async def retry_due(request: Request, due_id: str) -> Response:
    """Sends again what failed or was dropped, at once and with as many tries as at first. The secretariat may.

    What would come too late to help is not sent any more: 409.
    """
    return answer(await act(request, lambda tx, actor: retry(tx, actor, due_id)))


@router.get("/me/reminders", **documented(Page[DueView]))
async def read_reminders(request: Request, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """What you are told, as in the outbox: what is to come first, then what was sent or dropped, and why.

    Of your own slot: `slot-given`, `slot-moved`, `slot-cancelled`, `slot-soon`; `slot-offered`: one that became free
    while you waited is yours to take until a deadline; `swap-proposed` and `swap-ended`: somebody proposes to swap
    slots with you, or it came to nothing. Of meetings in which you may speak: `meeting-moved`, `meeting-cancelled`,
    `meeting-soon`, `list-opens`, `list-closes`.
    """
    person, after = str(signed_of(request).actor.id), moment_key(cursor)
    found = await service_of(request).reads.short(
        lambda conn: queries.reminders(conn, person, after=after, limit=limit + 1)
    )
    return _page(found, limit)


def _page(found: Sequence[DueView], limit: int) -> Response:
    return page(*cut(found, limit, lambda view: (rfc3339(view.due_at), view.id)))
