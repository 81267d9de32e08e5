"""`/lists/{id}/print`: a list of speakers for conference officers and interpreters' booths, who work from paper."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from api.delivery.letters.dates import clock_time, on_clock
from api.pages import clocks
from api.pages.codes import Codes
from api.pages.door import pages
from api.pages.rendering import READ, html, render
from api.pages.times import Times
from api.pages.viewer import Viewer, viewer_of
from api.web.paths import an_id
from api.web.service import Service, service_of
from scheduler.clock.zones import ZONE_NAMES
from scheduler.lists.paper import Paper, PlannedTurn, paper
from scheduler.lists.place import NO_LIST
from scheduler.people.reader import PUBLIC
from scheduler.storage.connection import Connection

router = pages()
_OVER = frozenset({"spoken", "absent", "withdrawn"})


@dataclass(frozen=True, slots=True)
class Time:
    """A time on one clock; `day` (`+1 day`) where it is not the day on which the meeting begins at the venue."""

    start: str
    day: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn in words."""

    planned: PlannedTurn
    clocks: list[Time]
    mode: str
    language: str
    note: str


@router.api_route("/lists/{list_id}/print", methods=READ)
async def print_list(
    request: Request, list_id: str, tz: Annotated[str | None, Query(max_length=64)] = None
) -> Response:
    """A published list on the venue's clock and a second one: that of `tz`, else UTC."""
    service, viewer, id_ = service_of(request), viewer_of(request), an_id(list_id, NO_LIST)
    asked = (tz or "").strip()
    known = asked if asked in ZONE_NAMES else None
    unknown = asked if asked and known is None else None
    body = await service.reads.long(lambda conn: _body(service, conn, viewer, (id_, known, unknown)))
    return html(body, 422 if unknown else 200)


def _body(service: Service, conn: Connection, viewer: Viewer, asked: tuple[str, str | None, str | None]) -> bytes:
    list_id, tz, unknown = asked
    found = paper(conn, PUBLIC, list_id)
    times, codes = Times(viewer.language, service.clock.now(), tz), Codes(viewer.language)
    zones = list(dict.fromkeys([found.timezone, tz or "UTC"]))
    last = found.turns[-1].ends_at if found.turns else found.ends_at
    return render(
        service,
        conn,
        viewer,
        "print.html",
        id=list_id,
        paper=found,
        tz=tz,
        unknown=unknown,
        address=f"{service.settings.base_url}/lists/{list_id}/print",
        held=" = ".join(clocks.stretch(times, found.starts_at, found.ends_at, zone) for zone in zones),
        now=clocks.moment(times, times.now, found.timezone),
        cities=[times.city(zone) for zone in zones],
        turns=[
            Turn(
                turn,
                _times(times, found, turn.starts_at, zones),
                codes.mode(turn.mode),
                codes.language_name(turn.language),
                _note(turn, codes),
            )
            for turn in found.turns
        ],
        speakers=sum(turn.speaker is not None for turn in found.turns),
        seconds=sum(turn.seconds for turn in found.turns),
        ends=" = ".join(
            " ".join(filter(None, [each.start, each.day, times.city(zone)]))
            for each, zone in zip(_times(times, found, last, zones), zones, strict=True)
        ),
    )


def _times(times: Times, of: Paper, at: datetime, zones: list[str]) -> list[Time]:
    first = on_clock(of.starts_at, of.timezone).date()
    return [Time(clock_time(at, zone), times.shift(on_clock(at, zone).date() - first)) for zone in zones]


def _note(turn: PlannedTurn, codes: Codes) -> str:
    """What stands where no speaker does, or beside her: what the turn is, whom it is kept for, what became of it."""
    if turn.kind in {"panel", "break"}:
        return turn.title or codes.kind(turn.kind)
    if turn.speaker is None:
        kept = codes.reserved(turn.reserved_for) if turn.reserved_for else ""
        return ". ".join(filter(None, [codes.status(turn.status), kept]))
    words = [
        codes.kind(turn.kind) if turn.kind != "statement" else "",
        codes.status(turn.status) if turn.status in _OVER else "",
    ]
    return ". ".join(filter(None, words))
