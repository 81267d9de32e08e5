"""`/`: what is on, what comes next and later, the week of the session that is on, every session, and a search."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from api.pages.cities import City, describe
from api.pages.door import pages
from api.pages.rail import Rail, rail
from api.pages.rendering import READ, html, render
from api.pages.sittings import Deadline, List, Sitting, by_time, deadlines, lists_of, sitting
from api.pages.subscribing import Subscribe, subscribe
from api.pages.times import Times
from api.pages.viewer import Viewer, viewer_of
from api.web.service import Service, service_of
from scheduler.people.reader import Reader
from scheduler.programme import queries
from scheduler.programme.calendar import meeting_events
from scheduler.programme.events import MeetingEvent
from scheduler.programme.queries import SessionFilter
from scheduler.programme.views import SessionView
from scheduler.storage.connection import Connection

router = pages()
_MOST_SESSIONS = 1_000
_MOST_WITH_LISTS = 12
_MOST_LISTED = 8
_MOST_LATER = 2
_SOON = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Now:
    """The board: what is on, what comes next at one time, and what later."""

    on: list[Sitting]
    next: list[Sitting]
    later: list[Sitting]


@dataclass(frozen=True, slots=True)
class Main:
    """The session that the page shows: on the rail, or with `sittings` as a list."""

    session: SessionView
    dates: str
    rail: Rail
    sittings: list[Sitting]
    subscribe: Subscribe


@dataclass(frozen=True, slots=True)
class Row:
    """A session in the list of all."""

    session: SessionView
    dates: str
    meetings: int
    over: bool


@router.api_route("/", methods=READ)
async def programme(
    request: Request,
    q: Annotated[str, Query(max_length=200)] = "",
    view: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """The programme on the viewer's clock and the venue's; with `view` list, its meetings as a list."""
    service, viewer = service_of(request), viewer_of(request)
    found, listed = " ".join(q.split()), view == "list"
    body = await service.reads.long(lambda conn: page(service, conn, viewer, found, listed=listed))
    return html(body, 422 if viewer.unknown_zone else 200)


def page(service: Service, conn: Connection, viewer: Viewer, q: str, *, listed: bool = False) -> bytes:
    """The page's bytes; `q` is what was searched for, "" for nothing; `listed`: meetings as a list, not on a rail."""
    times = Times(viewer.language, service.clock.now(), viewer.zone)
    reader, meetings = viewer.reader(conn), meeting_events(conn)
    standing = [meeting for meeting in meetings if not meeting.cancelled and meeting.ends_at > times.now]
    of_it = {each.id: lists_of(conn, reader, times, each) for each in standing[:_MOST_WITH_LISTS]}
    sessions = queries.sessions(conn, reader, limit=_MOST_SESSIONS)
    main = _main(service, times, viewer, sessions, meetings)
    rows = _rows(times, sessions, meetings)
    turning = _turning(times, sessions, [each for lists in of_it.values() for each in lists])[:_MOST_LISTED]
    found = _found(conn, reader, q, meetings) if q else None
    first = standing[0] if standing else None
    return render(
        service,
        conn,
        viewer,
        "programme.html",
        here="programme",
        clocks=times.pair(*_venue(main, first)),
        my_city=_city(viewer, times, first),
        board=_board(times, standing, of_it),
        main=main,
        listed=listed,
        turning=turning,
        closing=sum(_closes_soon(times, each) for each in turning),
        coming=[row for row in rows if not row.over],
        past=[row for row in rows if row.over][::-1],
        q=q,
        found=None if found is None else [row for row in rows if row.session.id in found],
        everything=subscribe(service.settings.base_url, "/calendars/programme.ics", "Rostrum"),
    )


def _board(times: Times, standing: Sequence[MeetingEvent], of_it: dict[str, list[List]]) -> Now:
    def shown(meetings: Sequence[MeetingEvent]) -> list[Sitting]:
        return [sitting(times, each, of_it.get(each.id, ())) for each in meetings]

    on = [each for each in standing if each.starts_at <= times.now]
    coming = [each for each in standing if each.starts_at > times.now]
    next_ = [each for each in coming if each.starts_at == coming[0].starts_at]
    later: list[MeetingEvent] = []
    for each in coming[len(next_) :]:
        # Of each session once: the rail has the rest.
        if each.session_code not in {seen.session_code for seen in (*next_, *later)} and len(later) < _MOST_LATER:
            later.append(each)
    return Now(shown(on), shown(next_), shown(later or coming[len(next_) : len(next_) + 1]))


def _main(
    service: Service,
    times: Times,
    viewer: Viewer,
    sessions: Sequence[SessionView],
    meetings: Sequence[MeetingEvent],
) -> Main | None:
    """The session that is on, else the next, else the last."""
    ahead = [each for each in meetings if each.ends_at > times.now and not each.cancelled] or list(meetings)[-1:]
    code = ahead[0].session_code if ahead else None
    session = next((each for each in sessions if each.code == code), None)
    if session is None:
        return None
    held = [each for each in meetings if each.session_code == code]
    path = f"/calendars/sessions/{session.code}.ics?include=deadlines"
    return Main(
        session,
        times.dates(session.starts_on, session.ends_on),
        rail(times, held, session.timezone, session.city, mirrored=viewer.direction == "rtl"),
        [sitting(times, each) for each in held],
        subscribe(service.settings.base_url, path, session.title),
    )


def _rows(times: Times, sessions: Sequence[SessionView], meetings: Sequence[MeetingEvent]) -> list[Row]:
    number = Counter(meeting.session_code for meeting in meetings)
    today = times.now.date()
    return [
        Row(
            each,
            times.dates(each.starts_on, each.ends_on),
            number[each.code],
            date.fromisoformat(each.ends_on) < today,
        )
        for each in sessions
    ]


def _found(conn: Connection, reader: Reader, q: str, meetings: Sequence[MeetingEvent]) -> set[str]:
    """The sessions that a search finds: by what they are called, and by their agenda items and meetings."""
    by_name = queries.sessions(conn, reader, SessionFilter(q=q), limit=_MOST_SESSIONS)
    wanted = q.casefold()
    codes = {
        each.session_code
        for each in meetings
        if any(wanted in text.casefold() for text in (each.title, *each.items, each.room or ""))
    }
    by_code = [each for each in queries.sessions(conn, reader, limit=_MOST_SESSIONS) if each.code in codes]
    return {each.id for each in (*by_name, *by_code)}


def _turning(times: Times, sessions: Sequence[SessionView], lists: Sequence[List]) -> list[List | Deadline]:
    """Lists that are open or will be, and deadlines, by when they turn."""
    alive = [each for each in lists if each.view.status != "closed"]
    return by_time([*alive, *(each for session in sessions for each in deadlines(times, session))])


def _closes_soon(times: Times, each: List | Deadline) -> bool:
    return isinstance(each, List) and each.turns == "closes" and each.at is not None and each.at - times.now < _SOON


def _venue(main: Main | None, first: MeetingEvent | None) -> tuple[str, str | None]:
    if first is not None:
        return first.timezone, first.city
    return (main.session.timezone, main.session.city) if main else ("UTC", None)


def _city(viewer: Viewer, times: Times, first: MeetingEvent | None) -> City:
    if viewer.zone is None and first is not None:
        return City(times.city(first.timezone, first.city), "", first.timezone)
    return describe(viewer.zone or "UTC", viewer.language)
