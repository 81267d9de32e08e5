"""Lists of speakers as spreadsheets."""

from collections.abc import Iterable, Sequence
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.auth.door import OpenDoor, actor_of
from api.spreadsheets.writing import csv_file
from api.web.answers import known_zone
from api.web.documented import documented
from api.web.paths import an_id
from api.web.service import service_of
from api.web.shapes import Zone
from scheduler.clock.civil import view
from scheduler.clock.zones import rfc3339
from scheduler.lists.paper import Paper, PlannedTurn, paper
from scheduler.lists.place import NO_LIST
from scheduler.people.reader import Reader

public = APIRouter(route_class=OpenDoor, tags=["slots"])
_CLOCK = ("date", "start", "end", "timezone")
_TURN = ("kind", "title", "speaker", "organisation", "category", "mode", "language", "seconds", "status")
_EXAMPLE = csv_file(
    ["position", *_CLOCK, "starts_at", *_TURN],
    [
        [
            *(1, "2022-06-13", "13:00", "13:03", "Europe/Vienna", "2022-06-13T11:00:00Z"),
            *("statement", None, "Ada Example", "Rights Online", "ngo", "remote", "en", 180, "booked"),
        ]
    ],
)


class CsvFile(Response):
    """UTF-8 with its mark, divided by commas, a header first; to be saved under a name."""

    media_type = "text/csv"

    def __init__(self, name: str, header: Sequence[str], rows: Iterable[Sequence[str | int | None]]) -> None:
        super().__init__(
            csv_file(header, rows),
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
            media_type="text/csv; charset=utf-8; header=present",
        )


def documented_file(example: bytes, *codes: str) -> dict[str, Any]:
    """Arguments of a route that answers with a CSV file: an example of one, and the error codes that it can give."""
    shown = {"responses": {"200": {"content": {"text/csv": {"example": example.decode()}}}}}
    return documented(None, *codes) | {"response_class": CsvFile, "openapi_extra": shown}


@public.get("/lists/{list_id}/slots.csv", **documented_file(_EXAMPLE, "not-found", "unknown-timezone"))
async def export_slots(request: Request, list_id: str, tz: Zone = None) -> Response:
    """The list's slots by position, with who holds them, for a spreadsheet.

    `date`, `start`, `end` are the venue's wall clock in `timezone`, `starts_at` the instant; with `?tz=` the same on
    its clock as `viewer_date` and so on. A text that a spreadsheet program would take for a formula begins with an
    apostrophe.
    """
    known_zone(tz)
    reader = Reader(actor_of(request))
    found = await service_of(request).reads.long(lambda conn: paper(conn, reader, an_id(list_id, NO_LIST)))
    zones = [found.timezone] if tz is None else [found.timezone, tz]
    header = ["position", *_CLOCK, "starts_at", *(f"viewer_{name}" for name in _CLOCK if tz is not None), *_TURN]
    name = f"{found.session_code}-meeting-{found.meeting_number}-list-{found.position}.csv"
    return CsvFile(name, header, (_row(found, turn, zones) for turn in found.turns))


def _row(of: Paper, turn: PlannedTurn, zones: list[str]) -> list[str | int | None]:
    venue, *viewer = (_clock(of, turn, zone) for zone in zones)
    told = [getattr(turn, name) for name in _TURN]
    return [turn.position, *venue, rfc3339(turn.starts_at), *(cell for cells in viewer for cell in cells), *told]


def _clock(of: Paper, turn: PlannedTurn, zone: str) -> tuple[str, ...]:
    seen = view(turn.starts_at, turn.ends_at, of.timezone, zone)
    return seen.date, seen.start, seen.end, zone
