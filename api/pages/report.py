"""`/sessions/{code}/report`: who spoke how long and at what hour, as sentences, plots and tables."""

from starlette.requests import Request
from starlette.responses import Response

from api.pages.door import pages
from api.pages.findings import Words, total
from api.pages.plots import bars, hours
from api.pages.rendering import READ, html, render
from api.pages.times import Times
from api.pages.viewer import Viewer, viewer_of
from api.web.service import Service, service_of
from scheduler.floor.reporting import session_report
from scheduler.programme import queries
from scheduler.storage.connection import Connection

router = pages()


@router.api_route("/sessions/{code}/report", methods=READ)
async def report(request: Request, code: str) -> Response:
    """A session's report: of closed meetings for everybody, of those that sit for who runs them."""
    service, viewer = service_of(request), viewer_of(request)
    return html(await service.reads.long(lambda conn: _body(service, conn, viewer, code)))


def _body(service: Service, conn: Connection, viewer: Viewer, code: str) -> bytes:
    times, reader, words = (
        Times(viewer.language, service.clock.now(), viewer.zone),
        viewer.reader(conn),
        Words(viewer.language),
    )
    session, found = queries.session(conn, reader, code), session_report(conn, reader, code)
    mirrored = viewer.direction == "rtl"
    return render(
        service,
        conn,
        viewer,
        "report.html",
        here="programme",
        clocks=times.pair(session.timezone, session.city),
        session=session,
        dates=times.dates(session.starts_on, session.ends_on),
        report=found,
        all=total(found.by_category),
        words=words,
        bars=bars(found.by_category, mirrored=mirrored),
        hours=hours([row.key for row in found.by_region], found.turns, mirrored=mirrored),
    )
