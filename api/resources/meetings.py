"""Meetings: shapes above, routes below."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import ConfigDict, Discriminator, Field, Tag
from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act, make
from api.auth.door import OpenDoor, SignedDoor, actor_of
from api.resources.sessions import Format
from api.web.answers import answer, known_zone, page, seen
from api.web.documented import Page, documented
from api.web.paging import Cursor, Limit, cut, moment_key
from api.web.service import service_of
from api.web.shapes import (
    UNSENT,
    DryRun,
    Fold,
    Id,
    Language,
    Line,
    OptionalLine,
    Seconds,
    Shape,
    Url,
    Version,
    WallDate,
    WallTime,
    Zone,
    ZoneName,
)
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
_EXAMPLE: dict[str, Any] = {
    "title": "1st meeting",
    "date": "2022-05-30",
    "start": "10:00",
    "end": "12:00",
    "room": "Plenary Hall",
}


class MeetingPatch(Shape):
    """What may be said of a meeting. `date`, `start` and `end` are wall clocks in `timezone`."""

    number: Annotated[int | None, Field(strict=True, ge=1, le=100_000, description="Null: the next.")] = None
    title: Line = UNSENT
    date: WallDate = UNSENT
    start: WallTime = UNSENT
    end: WallTime = UNSENT
    fold: Fold | None = None
    timezone: ZoneName | None = None
    room: OptionalLine | None = None
    format: Format | None = None
    languages: Annotated[list[Language], Field(max_length=6)] | None = None
    items: Annotated[list[Id], Field(max_length=100)] | None = None
    remote_budget_seconds: Annotated[Seconds | None, Field(description="Null: no cap.")] = None
    end_if_exceeded: WallTime | None = None
    webcast_url: Url | None = None
    join_url: Url | None = None
    links_for: Literal["accredited", "speakers"] | None = None
    replies: Literal["after_list", "end_of_day"] | None = None
    status: Literal["scheduled", "cancelled"] = "scheduled"


class MeetingIn(MeetingPatch):
    """A new meeting."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    title: Line
    date: WallDate
    start: WallTime
    end: WallTime

    def new(self) -> meetings.NewMeeting:
        """As the act takes it."""
        said = {name: value for name, value in self.sent().items() if value is not None}
        return meetings.NewMeeting(**said)


def _how_many(sent: Any) -> str:
    return "(many)" if isinstance(sent, list) else "(one)"


NewMeetings = Annotated[
    Annotated[MeetingIn, Tag("(one)")]
    | Annotated[list[MeetingIn], Field(min_length=1, max_length=2_000), Tag("(many)")],
    Discriminator(_how_many),
]


class MeetingChange(MeetingPatch):
    """Changes to a meeting: what is absent stays, null clears. `note` is one line for those who are told."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"date": "2022-05-31", "note": "The room was needed.", "expected_version": 1}]}
    )

    expected_version: Version | None = None
    note: OptionalLine | None = None

    def said(self) -> dict[str, Any]:
        """What was sent of the meeting itself."""
        return {name: value for name, value in self.sent().items() if name != "note"}


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
