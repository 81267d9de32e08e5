"""`/`: what is on, what comes next, every session with its meetings, and how to have it in one's own calendar."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api.pages import clocks
from api.pages.clocks import Shown
from api.pages.rendering import READ, html, render
from api.pages.subscribing import Subscribe, subscribe
from api.web.service import Service, service_of
from scheduler.clock.zones import ZONE_NAMES
from scheduler.lists import queries as lists
from scheduler.lists.views import ListView
from scheduler.people.reader import PUBLIC
from scheduler.programme import queries
from scheduler.programme.calendar import meeting_events
from scheduler.programme.events import MeetingEvent
from scheduler.programme.views import SessionView
from scheduler.storage.connection import Connection

router = APIRouter(include_in_schema=False)
_MOST_SESSIONS = 1_000
_MOST_NEXT = 12
_MOST_LISTS = 20


@dataclass(frozen=True, slots=True)
class List:
    """A list of speakers: what it is at this moment, and when it opens and closes."""

    id: str
    title: str
    status: str
    queue: bool
    free: int
    slots: int
    opens: list[Shown]
    closes: list[Shown]


@dataclass(frozen=True, slots=True)
class Sitting:
    """A meeting as a row; `lists` only for what is on and what comes next."""

    meeting: MeetingEvent
    when: list[Shown]
    lists: list[List]


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline of a session."""

    title: str
    when: list[Shown]


@dataclass(frozen=True, slots=True)
class Block:
    """A session with its meetings."""

    session: SessionView
    days: str
    over: bool
    deadlines: list[Deadline]
    sittings: list[Sitting]
    subscribe: Subscribe


@router.api_route("/", methods=READ)
async def programme(request: Request, tz: Annotated[str | None, Query(max_length=64)] = None) -> Response:
    """The programme on the venue's clock and, with `tz`, on the viewer's."""
    service = service_of(request)
    asked = (tz or "").strip()
    known = asked if asked in ZONE_NAMES else None
    unknown = asked if asked and known is None else None
    body = await service.reads.long(lambda conn: _body(service, conn, known, unknown))
    return html(body, 422 if unknown else 200)


def _body(service: Service, conn: Connection, tz: str | None, unknown: str | None) -> bytes:
    now = service.clock.now()
    meetings = meeting_events(conn)
    standing = [meeting for meeting in meetings if not meeting.cancelled and meeting.ends_at > now]
    on = [meeting for meeting in standing if meeting.starts_at <= now]
    coming = [meeting for meeting in standing if meeting.starts_at > now][:_MOST_NEXT]
    return render(
        service,
        conn,
        "programme.html",
        tz=tz,
        unknown=unknown,
        now=_now(now, tz),
        on=[_sitting(meeting, tz, _lists(conn, meeting, now, tz)) for meeting in on],
        coming=[_sitting(meeting, tz, _lists(conn, meeting, now, tz)) for meeting in coming],
        blocks=_blocks(service, conn, meetings, tz),
        everything=subscribe(service.settings.base_url, "/calendars/programme.ics", "Rostrum"),
    )


def _blocks(service: Service, conn: Connection, meetings: Sequence[MeetingEvent], tz: str | None) -> list[Block]:
    """The sessions, those to come and those going on first, the past ones from the last to the first."""
    of_session: dict[str, list[MeetingEvent]] = defaultdict(list)
    for meeting in meetings:
        of_session[meeting.session_code].append(meeting)
    today = service.clock.now().date().isoformat()
    blocks = [
        _block(service, session, of_session[session.code], today, tz)
        for session in queries.sessions(conn, PUBLIC, limit=_MOST_SESSIONS)
    ]
    past = [block for block in blocks if block.over]
    return [block for block in blocks if not block.over] + past[::-1]


def _block(
    service: Service, session: SessionView, meetings: Sequence[MeetingEvent], today: str, tz: str | None
) -> Block:
    path = f"/calendars/sessions/{session.code}.ics?include=deadlines"
    return Block(
        session=session,
        days=clocks.days(session.starts_on, session.ends_on),
        over=session.ends_on < today,
        deadlines=[
            Deadline(each["title"], clocks.moment(each["at"], each["as"], session.timezone, tz))
            for each in session.deadlines
        ],
        sittings=[_sitting(meeting, tz, []) for meeting in meetings],
        subscribe=subscribe(service.settings.base_url, path, session.title),
    )


def _sitting(meeting: MeetingEvent, tz: str | None, of_it: list[List]) -> Sitting:
    return Sitting(meeting, clocks.stretch(meeting.starts_at, meeting.ends_at, meeting.timezone, tz), of_it)


def _lists(conn: Connection, meeting: MeetingEvent, now: datetime, tz: str | None) -> list[List]:
    found = lists.lists_of_meeting(conn, PUBLIC, meeting.id, now, after=None, limit=_MOST_LISTS)
    return [_list(view, meeting.timezone, now, tz) for view, _ in found]


def _list(view: ListView, venue: str, now: datetime, tz: str | None) -> List:
    opens = view.opens_at if view.opens_at and view.opens_at > now else None
    return List(
        id=view.id,
        title=view.title,
        status=view.status,
        queue=view.allocation == "queue",
        free=view.counts.free,
        slots=view.counts.slots,
        opens=clocks.moment(opens, view.opens_as, venue, tz) if opens else [],
        closes=clocks.moment(view.closes_at, view.closes_as, venue, tz) if view.closes_at else [],
    )


def _now(now: datetime, tz: str | None) -> Shown:
    return clocks.moment(now, None, tz or "UTC", None)[0]
