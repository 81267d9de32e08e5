"""Lists of speakers."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act, make
from api.auth.door import OpenDoor, SignedDoor, actor_of
from api.web.answers import answer, known_zone, page, seen
from api.web.documented import Page, documented
from api.web.lapsing import let_offers_lapse
from api.web.paging import Cursor, Limit, cursor_key, cut
from api.web.paths import an_id
from api.web.said.lists import ListChange, ListIn
from api.web.service import service_of
from api.web.shapes import Zone
from scheduler.clock.civil import Viewer
from scheduler.lists import drawing_up, opening, queries
from scheduler.lists.particulars import NewList
from scheduler.lists.place import NO_LIST, NO_MEETING
from scheduler.lists.views import ListView
from scheduler.people.permission import Actor
from scheduler.people.reader import Reader
from scheduler.storage.writer import Tx


@dataclass(frozen=True, slots=True)
class ListSeen(ListView):
    """A list; with `?tz=` from its first start to its last end on that clock, null where it has no slots."""

    viewer: Viewer | None = None


router = APIRouter(route_class=SignedDoor, tags=["lists"])
public = APIRouter(route_class=OpenDoor, tags=["lists"])
_DRAWN_UP = (
    *("not-found", "not-allowed", "mode-not-offered", "unknown-timezone", "local-time-ambiguous"),
    *("local-time-skipped", "already-exists", "over-budget", "not-allowed-now"),
)
_BY_HAND = documented(ListView, "not-found", "not-allowed", "not-allowed-now")


@public.get("/meetings/{meeting_id}/lists", **documented(Page[ListSeen], "not-found", "unknown-timezone"))
async def read_lists(
    request: Request, meeting_id: str, tz: Zone = None, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """The meeting's lists of speakers by position, each with its status at this moment."""
    known_zone(tz)
    await let_offers_lapse(service_of(request))
    after = cursor_key(cursor, (int, str))
    reader, now = Reader(actor_of(request)), service_of(request).clock.now()
    found = await service_of(request).reads.long(
        lambda conn: queries.lists_of_meeting(
            conn, reader, an_id(meeting_id, NO_MEETING), now, after=after, limit=limit + 1
        )
    )
    rows, following = cut(found, limit, lambda row: (row[0].position, row[0].id))
    return page([seen(view, tz, stretch) for view, stretch in rows], following)


@router.post("/meetings/{meeting_id}/lists", **documented(ListView, *_DRAWN_UP, status=201))
async def add_list(request: Request, meeting_id: str, new: ListIn) -> Response:
    """Adds a list of speakers; a `timed` one has its free slots at once, as many as its window holds.

    The session's secretariat may. Without `window` it takes what earlier lists leave of the meeting; without `opens_at`
    it is `pending` until it is opened by hand.
    """
    said = NewList(**new.said())
    return await make(request, lambda tx, actor: drawing_up.add(tx, actor, an_id(meeting_id, NO_MEETING), said))


@public.get("/lists/{list_id}", **documented(ListSeen, "not-found", "unknown-timezone"))
async def read_list(request: Request, list_id: str, tz: Zone = None) -> Response:
    """One list, with its status at this moment."""
    known_zone(tz)
    await let_offers_lapse(service_of(request))
    reader, now = Reader(actor_of(request)), service_of(request).clock.now()
    view, stretch = await service_of(request).reads.short(
        lambda conn: queries.speakers_list(conn, reader, an_id(list_id, NO_LIST), now)
    )
    return answer(seen(view, tz, stretch))


@router.patch("/lists/{list_id}", **documented(ListView, *_DRAWN_UP, "version-conflict", "remote-budget-exceeded"))
async def change_list(request: Request, list_id: str, changes: ListChange) -> Response:
    """Changes a list. The session's secretariat may.

    Where the window, the slots' length or the gap changes, a timed list is laid out again: slots keep their order and
    holders, who are told; free ones are added or go at its end. One that somebody holds and that would have no room:
    `not-allowed-now` with `slots`.
    """

    def change(tx: Tx, actor: Actor) -> ListView:
        return drawing_up.change(tx, actor, an_id(list_id, NO_LIST), changes.said(), changes.expected_version)

    return answer(await act(request, change))


@router.post("/lists/{list_id}/open", **_BY_HAND)
async def open_list(request: Request, list_id: str) -> Response:
    """Opens a list that is pending or closed, by hand: until the next `opens_at` or `closes_at`.

    The session's chair and secretariat may.
    """
    return answer(await act(request, lambda tx, actor: opening.open_list(tx, actor, an_id(list_id, NO_LIST))))


@router.post("/lists/{list_id}/close", **_BY_HAND)
async def close_list(request: Request, list_id: str) -> Response:
    """Closes a list by hand: until the next `opens_at`. The session's chair and secretariat may."""
    return answer(await act(request, lambda tx, actor: opening.close_list(tx, actor, an_id(list_id, NO_LIST))))


@router.post("/lists/{list_id}/reopen", **_BY_HAND)
async def reopen_list(request: Request, list_id: str) -> Response:
    """Opens a closed list again, by hand: until the next `closes_at`. The session's chair and secretariat may."""
    return answer(await act(request, lambda tx, actor: opening.reopen_list(tx, actor, an_id(list_id, NO_LIST))))
