"""`/sessions/{code}`: a session's meetings on the rail of hours and as a list, its lists and deadlines."""

from starlette.requests import Request
from starlette.responses import Response

from api.pages.cities import describe
from api.pages.door import pages
from api.pages.rail import rail
from api.pages.rendering import READ, html, render
from api.pages.sittings import by_time, deadlines, lists_of, sitting
from api.pages.subscribing import subscribe
from api.pages.times import Times
from api.pages.viewer import Viewer, viewer_of
from api.web.service import Service, service_of
from scheduler.people.permission import Act
from scheduler.programme import queries
from scheduler.programme.calendar import offered_meetings
from scheduler.programme.records import known_session
from scheduler.storage.connection import Connection

router = pages()
_MOST_WITH_LISTS = 40
_MOST_ITEMS = 500


@router.api_route("/sessions/{code}", methods=READ)
async def session(request: Request, code: str) -> Response:
    """One session, for whoever may know of it."""
    service, viewer = service_of(request), viewer_of(request)
    body = await service.reads.long(lambda conn: _body(service, conn, viewer, code))
    return html(body, 422 if viewer.unknown_zone else 200)


def _body(service: Service, conn: Connection, viewer: Viewer, code: str) -> bytes:
    times = Times(viewer.language, service.clock.now(), viewer.zone)
    reader = viewer.reader(conn)
    found = queries.session(conn, reader, code)
    held = [each.plain if each.withheld else each.whole for each in offered_meetings(conn, reader, session=found.code)]
    ahead = [each for each in held if each.ends_at > times.now and not each.cancelled][:_MOST_WITH_LISTS]
    of_it = {each.id: lists_of(conn, reader, times, each) for each in ahead}
    path = f"/calendars/sessions/{found.code}.ics?include=deadlines"
    lists = [each for lists in of_it.values() for each in lists if each.view.status != "closed"]
    return render(
        service,
        conn,
        viewer,
        "session.html",
        here="programme",
        session=found,
        dates=times.dates(found.starts_on, found.ends_on),
        clocks=times.pair(found.timezone, found.city),
        my_city=describe(viewer.zone or found.timezone, viewer.language),
        rail=rail(times, held, found.timezone, found.city, mirrored=viewer.direction == "rtl"),
        sittings=[sitting(times, each, of_it.get(each.id, ())) for each in held],
        runs=reader.may(Act.RUN_FLOOR, known_session(conn, reader, code).scopes()),
        began=any(each.starts_at <= times.now and not each.cancelled for each in held),
        items=queries.items(conn, reader, found.code, limit=_MOST_ITEMS),
        turning=by_time([*lists, *deadlines(times, found)]),
        subscribe=subscribe(service.settings.base_url, path, found.title),
    )
