"""`/meetings/{id}/screen`: the floor for a whole hall, readable from thirty metres. Nobody touches it."""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from api.pages.door import pages
from api.pages.meeting import event_of
from api.pages.rendering import READ, html, render
from api.pages.times import Times
from api.pages.viewer import Viewer, viewer_of
from api.pages.words import Words
from api.web.paths import an_id
from api.web.service import Service, service_of
from scheduler.floor.reading import seen, standing
from scheduler.floor.states import moment
from scheduler.lists.place import NO_MEETING
from scheduler.storage.connection import Connection

router = pages()
_SHOWN, _LONG = 2, 48


@router.api_route("/meetings/{meeting_id}/screen", methods=READ)
async def screen(request: Request, meeting_id: str) -> Response:
    """Who speaks and how long still, who is next, on the venue's clock."""
    service, viewer, id_ = service_of(request), viewer_of(request), an_id(meeting_id, NO_MEETING)
    return html(await service.reads.short(lambda conn: _body(service, conn, viewer, id_)))


def _body(service: Service, conn: Connection, viewer: Viewer, meeting_id: str) -> bytes:
    reader, now = viewer.reader(conn), service.clock.now()
    here = standing(conn, meeting_id, reader)
    meeting, view = event_of(conn, reader, here), seen(conn, here, now)
    # A hall has one clock: its own.
    times = Times(viewer.language, now, meeting.timezone)
    words = Words(times)
    shown = [(turn, words.name(turn)) for turn in view.queue[:_SHOWN]]
    goes_on = datetime.fromisoformat(view.next_meeting.goes_on_at) if view.next_meeting else None
    return render(
        service,
        conn,
        viewer,
        "screen.html",
        times=times,
        clocks=times.pair(meeting.timezone, meeting.city),
        meeting=meeting,
        moment="cancelled" if here.cancelled else moment(here.floor),
        floor=view,
        name=words.name(view.current),
        words=words,
        coming=shown,
        long=_LONG,
        when=times.stretch(meeting.starts_at, meeting.ends_at, meeting.timezone, meeting.city),
        goes_on=times.stretch(goes_on, goes_on, meeting.timezone, meeting.city) if goes_on else None,
    )
