"""`/meetings/{id}/record/print`: what happened in a meeting, on paper: each turn, then each second."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from api.pages import clocks
from api.pages.codes import Codes
from api.pages.door import pages
from api.pages.rendering import READ, html, render
from api.pages.times import Times
from api.pages.viewer import Viewer, viewer_of
from api.web.paths import an_id
from api.web.service import Service, service_of
from scheduler.clock.zones import local
from scheduler.floor.recording import RecordView, TurnTold, record
from scheduler.lists.place import NO_MEETING
from scheduler.people.reader import Reader
from scheduler.programme.records import known_meeting
from scheduler.storage.connection import Connection

router = pages()


@dataclass(frozen=True, slots=True)
class Line:
    """A turn in words: times on the venue's clock, lengths in minutes and seconds."""

    told: TurnTold
    planned: str
    allotted: str
    began: str
    ended: str
    spoke: str
    note: str


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the meeting in words, and whose it was."""

    begins: str
    ends: str
    length: str
    what: str
    whose: str


@router.api_route("/meetings/{meeting_id}/record/print", methods=READ)
async def print_record(request: Request, meeting_id: str) -> Response:
    """A meeting's record: everybody's once it is closed, before that its chair's and secretariat's."""
    service, viewer, id_ = service_of(request), viewer_of(request), an_id(meeting_id, NO_MEETING)
    return html(await service.reads.long(lambda conn: _body(service, conn, viewer, id_)))


def _body(service: Service, conn: Connection, viewer: Viewer, meeting_id: str) -> bytes:
    now, reader = service.clock.now(), Reader(viewer.actor)
    session, meeting = known_meeting(conn, reader, meeting_id)
    found = record(conn, meeting_id, now, reader)
    zone, codes, times = meeting.timezone, Codes(viewer.language), Times(viewer.language, now, meeting.timezone)
    return render(
        service,
        conn,
        viewer,
        "record.html",
        meeting=meeting,
        session=session,
        address=f"{service.settings.base_url}/meetings/{meeting_id}/record/print",
        held=clocks.stretch(times, meeting.starts_at, meeting.ends_at, zone),
        now=clocks.moment(times, now, zone),
        city=times.city(zone),
        turns=[_line(turn, zone, codes) for turn in found.turns],
        parts=_parts(found, zone, codes),
        whole=_length(sum(each.seconds for each in found.account)),
    )


def _line(turn: TurnTold, zone: str, codes: Codes) -> Line:
    words = [turn.title or "", "" if turn.kind == "statement" else codes.kind(turn.kind)]
    words.append("" if turn.status == "spoken" else codes.status(turn.status))
    return Line(
        told=turn,
        planned=_clock(turn.planned_start, zone),
        allotted=_length(turn.planned_seconds),
        began=_clock(turn.started_at, zone),
        ended=_clock(turn.ended_at, zone),
        spoke="" if turn.spoken_seconds is None else _length(turn.spoken_seconds),
        note=". ".join(dict.fromkeys(filter(None, words))),
    )


def _parts(found: RecordView, zone: str, codes: Codes) -> Sequence[Part]:
    names = {turn.slot: _who(turn, codes) for turn in found.turns}
    return [
        Part(
            _clock(each.starts_at, zone),
            _clock(each.ends_at, zone),
            _length(each.seconds),
            codes.what(each.what),
            names.get(each.slot, "") if each.slot else "",
        )
        for each in found.account
    ]


def _who(turn: TurnTold, codes: Codes) -> str:
    named = turn.speaker or turn.organisation
    return named.name if named else turn.title or codes.kind(turn.kind)


def _clock(instant: str | None, zone: str) -> str:
    return "" if instant is None else f"{local(datetime.fromisoformat(instant), zone):%H:%M:%S}"


def _length(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02}"
