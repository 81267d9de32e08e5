"""Sessions."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act, make
from api.auth.door import OpenDoor, SignedDoor, actor_of
from api.web.answers import answer, known_zone, page, seen
from api.web.documented import Page, documented
from api.web.paging import Cursor, Limit, cursor_key, cut
from api.web.said.sessions import Kind, SessionChange, SessionIn, SessionMove
from api.web.service import service_of
from api.web.shapes import DryRun, Zone, cleaned
from scheduler.clock.civil import Viewer
from scheduler.clock.zones import parse_date
from scheduler.lists.reader import reader_of
from scheduler.people.permission import Actor
from scheduler.programme import queries, sessions
from scheduler.programme.views import SessionView
from scheduler.secretariat import cancelling, postponing
from scheduler.secretariat.cancelling import SessionPreview
from scheduler.secretariat.postponing import PostponedPreview
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx
from scheduler.subscriptions.reach import count_reach

router = APIRouter(route_class=SignedDoor, tags=["sessions"])
public = APIRouter(route_class=OpenDoor, tags=["sessions"])
_WRITTEN = (
    *("not-found", "not-allowed", "already-exists", "unknown-timezone", "outside-session"),
    *("local-time-ambiguous", "local-time-skipped"),
)


@dataclass(frozen=True, slots=True)
class SessionSeen(SessionView):
    """A session; with `?tz=` from its first start to its last end on that clock, null where it has no meetings."""

    viewer: Viewer | None = None


@public.get("/sessions", **documented(Page[SessionSeen], "unknown-timezone"))
async def read_sessions(  # noqa: PLR0917  -- a route lists what the outside may send
    request: Request,
    body: Annotated[str | None, Query(max_length=64, description="A body's code or id.")] = None,
    from_: Annotated[str | None, Query(alias="from", description="YYYY-MM-DD: that day or later.")] = None,
    to: Annotated[str | None, Query(description="YYYY-MM-DD: that day or earlier.")] = None,
    kind: Annotated[Kind | None, Query(description="Only those of this kind.")] = None,
    q: Annotated[str | None, Query(max_length=200, description="Part of the title, code, city or venue.")] = None,
    tz: Zone = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Sessions by their first day; drafts only for those who run them."""
    known_zone(tz)
    days = [parse_date(day, field=name).isoformat() if day else None for name, day in (("from", from_), ("to", to))]
    which = queries.SessionFilter(body and cleaned(body), days[0], days[1], kind, q and cleaned(q))
    key = cursor_key(cursor, (str, str))
    actor = actor_of(request)

    def read(conn: Connection) -> tuple[list[SessionView], dict[str, queries.Stretch]]:
        found = queries.sessions(conn, reader_of(conn, actor), which, after=key, limit=limit + 1)
        return found, queries.stretches(conn, found) if tz else {}

    found, stretches = await service_of(request).reads.long(read)
    rows, following = cut(found, limit, lambda view: (view.starts_on, view.id))
    return page([seen(view, tz, stretches.get(view.id)) for view in rows], following)


@router.post("/sessions", **documented(SessionView, *_WRITTEN, status=201))
async def add_session(request: Request, new: SessionIn) -> Response:
    """Creates a session, a draft unless it says otherwise. The body's secretariat may."""
    return await make(request, lambda tx, actor: sessions.add(tx, actor, new.new()))


@public.get("/sessions/{code}", **documented(SessionSeen, "not-found", "unknown-timezone"))
async def read_session(request: Request, code: str, tz: Zone = None) -> Response:
    """One session, by its code or id."""
    known_zone(tz)
    actor = actor_of(request)

    def read(conn: Connection) -> tuple[SessionView, dict[str, queries.Stretch]]:
        view = queries.session(conn, reader_of(conn, actor), code)
        return view, queries.stretches(conn, [view]) if tz else {}

    view, stretches = await service_of(request).reads.short(read)
    return answer(seen(view, tz, stretches.get(view.id)))


@router.patch(
    "/sessions/{code}", **documented(SessionView | SessionPreview, *_WRITTEN, "version-conflict", "not-allowed-now")
)
async def change_session(request: Request, code: str, changes: SessionChange, dry_run: DryRun = False) -> Response:
    """Changes, publishes or cancels a session, or brings it back. The session's secretariat may.

    A published session never returns to draft; a cancelled one's meetings read as cancelled. A dry run answers
    `{session, affected}`.
    """
    said, expected, note = changes.said(), changes.expected_version, changes.note

    def change(tx: Tx, actor: Actor) -> SessionView | SessionPreview:
        if dry_run:
            return cancelling.preview_session(tx, actor, code, said, count_reach, expected_version=expected, note=note)
        return sessions.change(tx, actor, code, said, expected_version=expected, note=note)

    return answer(await act(request, change))


@router.post(
    "/sessions/{code}/move",
    **documented(SessionView | PostponedPreview, *_WRITTEN, "version-conflict", "not-allowed-now"),
)
async def move_session(request: Request, code: str, to: SessionMove, dry_run: DryRun = False) -> Response:
    """Postpones the whole session by whole days, with all its meetings. The session's secretariat may.

    Its deadlines stay as they were written. A dry run answers `{session, affected, other_weekday, meetings}`.
    """

    def move(tx: Tx, actor: Actor) -> SessionView | PostponedPreview:
        if dry_run or to.dry_run:
            return postponing.preview_move(
                tx, actor, code, to.starts_on, count_reach, expected_version=to.expected_version, note=to.note
            )
        return postponing.move_session(
            tx, actor, code, to.starts_on, expected_version=to.expected_version, note=to.note
        )

    return answer(await act(request, move))
