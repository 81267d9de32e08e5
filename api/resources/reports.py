"""Who spoke how long in a session, and at what hour: as JSON and for a spreadsheet."""

from collections.abc import Iterator

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.auth.door import OpenDoor, actor_of
from api.resources.exports import CsvFile, documented_file
from api.spreadsheets.writing import csv_file
from api.web.answers import answer
from api.web.documented import documented
from api.web.service import service_of
from scheduler.floor.reporting import session_report
from scheduler.floor.tally import ReportView, SpokenTime, TurnMark
from scheduler.people.reader import Reader

public = APIRouter(route_class=OpenDoor, tags=["floor"])
_HEADER = (
    *("by", "key", "name", "planned_seconds", "actual_seconds", "turns", "night_turns"),
    *("mode", "local_start"),
)
_EXAMPLE = csv_file(
    _HEADER,
    [
        ["category", "ngo", None, 5400, 5236, 24, 6, None, None],
        ["organisation", "041116a9-5d3e-4c7b-9a0f-6c1d2e3f4a5b", "Rights Online", 360, 341, 2, 1, None, None],
        ["turn", "latin_american", None, None, None, 1, 1, "remote", "03:40"],
    ],
)


@public.get("/sessions/{code}/report", **documented(ReportView, "not-found"))
async def read_report(request: Request, code: str) -> Response:
    """Speaking time by category, region, mode and organisation, planned against actual, and each turn's local hour.

    It sums the records of the session's closed meetings; for its chair and secretariat also those of meetings that sit.
    A turn counts where it was spoken, missed or left waiting at the close; panels and breaks do not. Everybody may read
    it.
    """
    return answer(await _report(request, code))


@public.get("/sessions/{code}/report.csv", **documented_file(_EXAMPLE, "not-found"))
async def export_report(request: Request, code: str) -> Response:
    """The same for a spreadsheet: `by` says whether a row is a category, region, mode, organisation or one turn.

    A row of a turn has the speaker's region as `key`, and when she began on her own clock. Who may: everybody.
    """
    return CsvFile(f"report-{code}.csv", _HEADER, _rows(await _report(request, code)))


async def _report(request: Request, code: str) -> ReportView:
    reader = Reader(actor_of(request))
    return await service_of(request).reads.long(lambda conn: session_report(conn, reader, code))


def _rows(found: ReportView) -> Iterator[list[str | int | None]]:
    groups = {
        "category": found.by_category,
        "region": found.by_region,
        "mode": found.by_mode,
        "organisation": found.by_organisation,
    }
    for by, rows in groups.items():
        yield from (_sum(by, each) for each in rows)
    yield from (_turn(each) for each in found.turns)


def _sum(by: str, of: SpokenTime) -> list[str | int | None]:
    return [by, of.key, of.name, of.planned_seconds, of.actual_seconds, of.turns, of.night_turns, None, None]


def _turn(mark: TurnMark) -> list[str | int | None]:
    return ["turn", mark.region, None, None, None, 1, int(mark.at_night), mark.mode, mark.local_start]
