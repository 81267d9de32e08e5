"""`/lists/{id}/print`: a list of speakers for conference officers and interpreters' booths, who work from paper."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from babel import Locale
from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from api.pages import clocks
from api.pages.door import pages
from api.pages.rendering import READ, html, render
from api.pages.viewer import Viewer, viewer_of
from api.web.paths import an_id
from api.web.service import Service, service_of
from scheduler.clock.zones import ZONE_NAMES, local
from scheduler.lists.paper import Paper, PlannedTurn, paper
from scheduler.lists.place import NO_LIST
from scheduler.people.reader import PUBLIC
from scheduler.storage.connection import Connection

router = pages()
_MODES = {"in_person": "■ room", "remote": "○ remote", "video": "▷ video"}
_OVER = frozenset({"spoken", "absent", "withdrawn"})
_LANGUAGES = Locale("en").languages


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
        held=clocks.stretch(found.starts_at, found.ends_at, found.timezone, zones[-1])[::-1],
        now=clocks.moment(service.clock.now(), None, found.timezone, None)[0],
        cities=[clocks.city(zone) for zone in zones],
        turns=[_turn(found, turn, zones) for turn in found.turns],
        speakers=sum(turn.speaker is not None for turn in found.turns),
        seconds=sum(turn.seconds for turn in found.turns),
        ends=_times(found, last, zones),
    )


def _turn(of: Paper, turn: PlannedTurn, zones: list[str]) -> Turn:
    return Turn(
        turn,
        _times(of, turn.starts_at, zones),
        _MODES.get(turn.mode or "", ""),
        _LANGUAGES.get(turn.language or "", turn.language or ""),
        _note(turn),
    )


def _times(of: Paper, at: datetime, zones: list[str]) -> list[Time]:
    first = local(of.starts_at, of.timezone).toordinal()
    seen = [local(at, zone) for zone in zones]
    return [Time(f"{each:%H:%M}", _days(each.toordinal() - first)) for each in seen]


def _days(number: int) -> str:
    return f"{number:+} day{'s' if abs(number) > 1 else ''}".replace("-", "−") if number else ""


def _note(turn: PlannedTurn) -> str:
    """What stands where no speaker does, or beside her: what the turn is, whom it is kept for, what became of it."""
    if turn.kind in {"panel", "break"}:
        return turn.title or turn.kind.capitalize()
    if turn.speaker is None:
        kept = f", reserved for {', '.join(turn.reserved_for)}".replace("_", " ") if turn.reserved_for else ""
        return f"{turn.status}{kept}"
    words = [
        turn.kind.replace("_", " ") if turn.kind != "statement" else "",
        turn.status if turn.status in _OVER else "",
    ]
    return ", ".join(filter(None, words))
