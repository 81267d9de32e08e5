"""What happened in a meeting: as JSON that can be replayed, and for a spreadsheet."""

from collections.abc import Iterator

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.auth.door import OpenDoor, actor_of
from api.resources.exports import CsvFile, documented_file
from api.spreadsheets.writing import csv_file
from api.web.answers import answer
from api.web.documented import documented
from api.web.paths import an_id
from api.web.service import service_of
from scheduler.floor.recording import RecordView, TurnTold, record
from scheduler.lists.place import NO_MEETING
from scheduler.people.reader import Reader

public = APIRouter(route_class=OpenDoor, tags=["floor"])
_STRETCH = ("starts_at", "ends_at", "seconds", "what")
_TURN = ("kind", "title", "speaker", "organisation", "category", "mode")
_TIMES = ("planned_start", "planned_seconds", "called_at", "started_at", "ended_at", "spoken_seconds", "status")
_HEADER = (*_STRETCH, "slot", *_TURN, *_TIMES)
_FIRST: list[str | int | None] = ["2022-06-13T08:00:41.250Z", "2022-06-13T08:03:02.000Z", "140.75", "speaking"]
_ADA: list[str | int | None] = [
    "041116a9-5d3e-4c7b-9a0f-6c1d2e3f4a5b",
    "statement",
    None,
    "Ada Example",
    "Rights Online",
    "ngo",
    "remote",
]
_SPOKE: list[str | int | None] = [
    *("2022-06-13T08:00:00.000Z", 180, "2022-06-13T08:00:31.000Z", "2022-06-13T08:00:41.250Z"),
    *("2022-06-13T08:03:02.000Z", "140.75", "spoken"),
]
_EXAMPLE = csv_file(_HEADER, [[*_FIRST, *_ADA, *_SPOKE]])


@public.get("/meetings/{meeting_id}/record", **documented(RecordView, "not-found", "not-allowed"))
async def read_record(request: Request, meeting_id: str) -> Response:
    """What happened, enough to replay it: the slots as they stood before the first event, then all events in order.

    `turns` has each turn's planned and actual times, `account` each second from the opening to the close. Everybody may
    read it once the meeting is closed, before that its chair and secretariat. `rostrum forecast` replays such files.
    """
    return answer(await _record(request, meeting_id))


@public.get("/meetings/{meeting_id}/record.csv", **documented_file(_EXAMPLE, "not-found", "not-allowed"))
async def export_record(request: Request, meeting_id: str) -> Response:
    """The same for a spreadsheet: a row for each stretch of the meeting, in order and without a gap, with its turn.

    Rows without `starts_at` at the end are of turns that were never called. Who may: as the record itself.
    """
    found = await _record(request, meeting_id)
    return CsvFile(f"record-{meeting_id}.csv", _HEADER, _rows(found))


async def _record(request: Request, meeting_id: str) -> RecordView:
    reader, now = Reader(actor_of(request)), service_of(request).clock.now()
    return await service_of(request).reads.long(lambda conn: record(conn, an_id(meeting_id, NO_MEETING), now, reader))


def _rows(found: RecordView) -> Iterator[list[str | int | None]]:
    turns = {turn.slot: turn for turn in found.turns}
    for each in found.account:
        turn = turns.get(each.slot or "")
        cells = _cells(turn) if turn else [None] * (len(_TURN) + len(_TIMES))
        yield [each.starts_at, each.ends_at, str(each.seconds), each.what, each.slot, *cells]
    shown = {each.slot for each in found.account}
    for turn in found.turns:
        if turn.slot not in shown:
            yield [None, None, None, None, turn.slot, *_cells(turn)]


def _cells(turn: TurnTold) -> list[str | int | None]:
    speaker = turn.speaker.name if turn.speaker else None
    organisation = turn.organisation.name if turn.organisation else None
    spoken = None if turn.spoken_seconds is None else str(turn.spoken_seconds)
    times = [turn.planned_start, turn.planned_seconds, turn.called_at, turn.started_at, turn.ended_at]
    return [turn.kind, turn.title, speaker, organisation, turn.category, turn.mode, *times, spoken, turn.status]
