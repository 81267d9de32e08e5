"""`/meetings/{id}`: who has the floor, whose turn comes when on the viewer's clock, and what she can do about hers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from api.pages.door import pages
from api.pages.meeting_queue import Place, Queue, Row, queue
from api.pages.meters import meters
from api.pages.rendering import READ, html, render
from api.pages.sittings import lists_of
from api.pages.subscribing import subscribe
from api.pages.times import Seen, Times
from api.pages.viewer import Viewer, viewer_of
from api.pages.words import Words
from api.web.paths import an_id
from api.web.service import Service, service_of
from api.web.translations import translations
from scheduler.errors import NotFound
from scheduler.floor.pace import SPEECHES
from scheduler.floor.reading import Standing, seen, standing
from scheduler.floor.rules import ENOUGH_SPEECHES
from scheduler.floor.states import moment
from scheduler.floor.view import FloorView, Heard, Speaking, Waiting
from scheduler.lists.inscription_queries import one_inscription
from scheduler.lists.place import NO_MEETING
from scheduler.lists.slot_queries import one_slot
from scheduler.lists.views import InscriptionView
from scheduler.people.permission import Act
from scheduler.people.reader import Reader
from scheduler.programme.calendar import offered_meetings
from scheduler.programme.events import MeetingEvent
from scheduler.storage.connection import Connection

router = pages()
_KINDS = ("statement", "panel", "break", "point_of_order", "right_of_reply")


@dataclass(frozen=True, slots=True)
class Coming:
    """Her next turn: when, between when, on both clocks. `not_before` is when the list goes on at the earliest."""

    row: Row
    at: Seen
    between: Seen
    not_before: Seen | None


@dataclass(frozen=True, slots=True)
class Own:
    """What she has to do with the floor: she `waits`, was called (`called`), `speaks`, or was called and is `absent`.

    `key` changes as soon as something else is to be said of it than the page's script can say.
    """

    state: str
    key: str
    coming: Coming | None
    inscription: InscriptionView | None


@router.api_route("/meetings/{meeting_id}", methods=READ)
async def show(
    request: Request, meeting_id: str, every: Annotated[str, Query(alias="all", max_length=10)] = ""
) -> Response:
    """The meeting, live; with `?all=1` its whole queue."""
    service, viewer, id_ = service_of(request), viewer_of(request), an_id(meeting_id, NO_MEETING)
    body = await service.reads.long(lambda conn: _body(service, conn, viewer, id_, whole=bool(every)))
    return html(body, 422 if viewer.unknown_zone else 200)


def _body(service: Service, conn: Connection, viewer: Viewer, meeting_id: str, *, whole: bool) -> bytes:
    times, reader = Times(viewer.language, service.clock.now(), viewer.zone), viewer.reader(conn)
    here = standing(conn, meeting_id, reader)
    meeting, view = event_of(conn, reader, here), seen(conn, here, times.now)
    place = Place(meeting.timezone, meeting.city)
    me = str(viewer.actor.id) if viewer.actor else None
    shown = queue(times, view, place, me, whole=whole, mirrored=viewer.direction == "rtl")
    ends_at = datetime.fromisoformat(view.projected_end)
    path = f"/calendars/meetings/{meeting.id}.ics"
    return render(
        service,
        conn,
        viewer,
        "meeting.html",
        here="programme",
        clocks=times.pair(meeting.timezone, meeting.city),
        meeting=meeting,
        moment="cancelled" if here.cancelled else moment(here.floor),
        floor=view,
        words=Words(times),
        me=me,
        whole=whole,
        queue=shown,
        own=_own(conn, reader, times, view, (place, shown.rows)),
        sureness=view.sureness,
        when=times.stretch(meeting.starts_at, meeting.ends_at, meeting.timezone, meeting.city),
        left=times.until(meeting.starts_at),
        end=times.stretch(meeting.ends_at, meeting.ends_at, meeting.timezone, meeting.city),
        projected=times.stretch(ends_at, ends_at, meeting.timezone, meeting.city),
        meters=meters(times, here.sitting, view),
        lists=lists_of(conn, reader, times, meeting),
        runs=reader.may(Act.RUN_FLOOR, here.session.scopes()),
        subscribe=subscribe(service.settings.base_url, path, meeting.title),
        live=_live(times, view, meeting, shown),
    )


def event_of(conn: Connection, reader: Reader, here: Standing) -> MeetingEvent:
    """The meeting as this reader may see it, with its links where they are for her. Raises NotFound."""
    for each in offered_meetings(conn, reader, session=here.session.code):
        if each.whole.id == here.meeting.id:
            return each.plain if each.withheld else each.whole
    raise NotFound(NO_MEETING)


def _own(conn: Connection, reader: Reader, times: Times, view: FloorView, of: tuple[Place, list[Row]]) -> Own | None:
    me = str(reader.actor.id) if reader.actor else ""
    place, rows = of
    turn: Waiting | Speaking | Heard
    if view.current and view.current.speaker and view.current.speaker.id == me:
        turn, state = view.current, "speaks" if view.current.started_at else "called"
    elif row := next((row for row in rows if row.mine), None):
        key = f"waits {row.turn.slot} {str(row.turn.ready).lower()}"
        return Own("waits", key, _coming(times, row, place), _inscription(conn, reader, row.turn.slot))
    elif found := next((each for each in view.done if _missed(each, me)), None):
        turn, state = found, "absent"
    else:
        return None
    return Own(state, f"{state} {turn.slot}", None, _inscription(conn, reader, turn.slot))


def _missed(turn: Heard, me: str) -> bool:
    return turn.status == "absent" and turn.speaker is not None and turn.speaker.id == me


def _coming(times: Times, row: Row, place: Place) -> Coming:
    turn = row.turn
    at, earliest, latest = (
        datetime.fromisoformat(each) for each in (turn.expected_start, turn.earliest_start, turn.latest_start)
    )
    not_before = datetime.fromisoformat(turn.not_before) if turn.not_before else None
    return Coming(
        row=row,
        at=times.stretch(at, at, place.zone, place.city),
        between=times.stretch(earliest, latest, place.zone, place.city),
        not_before=times.stretch(not_before, not_before, place.zone, place.city) if not_before else None,
    )


def _inscription(conn: Connection, reader: Reader, slot: str) -> InscriptionView | None:
    """Points of order and rights of reply are turns of the floor alone."""
    try:
        held = one_slot(conn, reader, slot)[0].inscription
    except NotFound:
        return None
    return one_inscription(conn, reader, held) if held else None


def _live(times: Times, view: FloorView, meeting: MeetingEvent, shown: Queue) -> dict[str, Any]:
    """What the page's script needs to go on writing as the page began: times in seconds, words as sentences."""
    words, said = Words(times), translations(times.language)
    return {
        "rails": [[rail.first.timestamp(), rail.last.timestamp()] for rail in shown.rails],
        "starts": meeting.starts_at.timestamp(),
        "enough": ENOUGH_SPEECHES,
        "speeches": sorted(SPEECHES),
        "shifts": times.shifts(),
        "kinds": {kind: words.kind(kind) for kind in _KINDS},
        "has_floor": said.gettext("Has the floor"),
        "minutes": said.gettext("{minutes} min"),
        "seconds": said.gettext("{seconds} s"),
        "one_waits": said.ngettext("{number} waits", "{number} wait", 1),
        "many_wait": said.ngettext("{number} waits", "{number} wait", len(view.queue)),
    }
