"""Meetings."""

from dataclasses import dataclass
from functools import lru_cache

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act, make
from api.auth.door import OpenDoor, SignedDoor, actor_of
from api.web.answers import answer, known_zone, page, seen
from api.web.documented import Page, documented
from api.web.paging import Cursor, Limit, cut, moment_key
from api.web.said.meetings import MeetingChange, MeetingIn, NewMeetings
from api.web.service import service_of
from api.web.shapes import DryRun, Zone
from scheduler.clock.civil import Viewer
from scheduler.clock.zones import rfc3339
from scheduler.lists.reader import reader_of
from scheduler.people.permission import Actor
from scheduler.programme import meetings, queries
from scheduler.programme.views import MeetingView
from scheduler.secretariat import moving
from scheduler.secretariat.moving import MeetingPreview
from scheduler.storage.writer import Tx
from scheduler.subscriptions.reach import count_reach

router = APIRouter(route_class=SignedDoor, tags=["meetings"])
public = APIRouter(route_class=OpenDoor, tags=["meetings"])
_WRITTEN = (
    *("not-found", "not-allowed", "already-exists", "outside-session", "overlapping-meeting", "unknown-timezone"),
    *("local-time-ambiguous", "local-time-skipped"),
)


@dataclass(frozen=True, slots=True)
class MeetingSeen(MeetingView):
    """A meeting; with `?tz=` the same stretch on that clock."""

    viewer: Viewer | None = None


@lru_cache(maxsize=8192)
def _seen(view: MeetingView, tz: str | None) -> bytes:
    # Kept by all that it says, since many look at the same page: that takes an eighth of the time.
    return seen(view, tz, (view.starts_at, view.ends_at, view.timezone))


@public.get("/sessions/{code}/meetings", **documented(Page[MeetingSeen], "not-found", "unknown-timezone"))
async def read_meetings(
    request: Request, code: str, tz: Zone = None, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """The meetings of a session by `starts_at`."""
    known_zone(tz)
    after = moment_key(cursor)
    actor = actor_of(request)
    found = await service_of(request).reads.short(
        lambda conn: queries.meetings(conn, reader_of(conn, actor), code, after=after, limit=limit + 1)
    )
    rows, following = cut(found, limit, lambda view: (rfc3339(view.starts_at), view.id))
    return page([_seen(view, tz) for view in rows], following)


@router.post("/sessions/{code}/meetings", **documented(MeetingView | list[MeetingView], *_WRITTEN, status=201))
async def add_meetings(request: Request, code: str, new: NewMeetings) -> Response:
    """Adds a meeting, or an array of them, all or none. The session's secretariat may.

    `number` is the next, `timezone` and `format` are the session's where they are not said.
    """
    if isinstance(new, MeetingIn):
        one = new.new()
        return await make(request, lambda tx, actor: meetings.add(tx, actor, code, one))
    many = [each.new() for each in new]
    return await make(request, lambda tx, actor: meetings.add_all(tx, actor, code, many), alone=True)


@public.get("/meetings/{meeting_id}", **documented(MeetingSeen, "not-found", "unknown-timezone"))
async def read_meeting(request: Request, meeting_id: str, tz: Zone = None) -> Response:
    """One meeting."""
    known_zone(tz)
    actor = actor_of(request)
    view = await service_of(request).reads.short(lambda conn: queries.meeting(conn, reader_of(conn, actor), meeting_id))
    return answer(_seen(view, tz))


@router.patch(
    "/meetings/{meeting_id}",
    **documented(MeetingView | MeetingPreview, *_WRITTEN, "version-conflict", "not-allowed-now"),
)
async def change_meeting(
    request: Request, meeting_id: str, changes: MeetingChange, dry_run: DryRun = False
) -> Response:
    """Changes, moves or cancels a meeting, or brings it back; what hangs on it moves with it.

    Free slots past a new end go; a booked one past it: `not-allowed-now` with `slots`. A new `format` narrows what the
    lists offer; where somebody is to speak in a mode that it does not have, or a slot is reserved for one:
    `not-allowed-now` with `inscriptions` and `slots`. A `fold` settles one wall clock and does not stay for another;
    `end_if_exceeded` keeps its distance from the start unless it is said, too.
    A dry run answers `{meeting, affected}`. The session's secretariat may.
    """
    said, expected, note = changes.said(), changes.expected_version, changes.note

    def change(tx: Tx, actor: Actor) -> MeetingView | MeetingPreview:
        if dry_run:
            return moving.preview_meeting(
                tx, actor, meeting_id, said, count_reach, expected_version=expected, note=note
            )
        return moving.change_meeting(tx, actor, meeting_id, said, expected_version=expected, note=note)

    return answer(await act(request, change))
