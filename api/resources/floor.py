"""The floor of a meeting: what everybody sees, and the chair's commands."""

from dataclasses import dataclass

from fastapi import APIRouter
from pydantic import ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from api.auth.acting import act
from api.auth.door import OpenDoor, SignedDoor, actor_of
from api.auth.running import run
from api.web.answers import answer, known_zone
from api.web.documented import documented
from api.web.floor import floor_json
from api.web.paths import an_id
from api.web.said.floor import CommandIn
from api.web.service import service_of
from api.web.shapes import Shape, Zone
from scheduler.clock.civil import Viewer
from scheduler.floor.reading import seen, standing
from scheduler.floor.view import FloorView, Heard, Speaking, Waiting
from scheduler.lists import readiness
from scheduler.lists.inscription_queries import NO_INSCRIPTION
from scheduler.lists.place import NO_MEETING
from scheduler.lists.readiness import Readiness
from scheduler.people.permission import Actor
from scheduler.people.reader import Reader
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx


class ReadyIn(Shape):
    """Whether her link works."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"ready": True}]})

    ready: bool = Field(strict=True)


@dataclass(frozen=True, slots=True)
class SpeakingSeen(Speaking):
    """Who has the floor; with `?tz=` since she was called, on that clock."""

    viewer: Viewer | None = None


@dataclass(frozen=True, slots=True)
class WaitingSeen(Waiting):
    """Who waits; with `?tz=` from `expected_start` on, on that clock."""

    viewer: Viewer | None = None


@dataclass(frozen=True, slots=True)
class HeardSeen(Heard):
    """Whose turn is over; with `?tz=` when she spoke, on that clock."""

    viewer: Viewer | None = None


@dataclass(frozen=True, slots=True)
class FloorSeen(FloorView):
    """The whole floor. Instants have three decimals; with `?tz=` each turn has its stretch on that clock."""

    current: SpeakingSeen | None
    interrupted: SpeakingSeen | None
    queue: tuple[WaitingSeen, ...]
    done: tuple[HeardSeen, ...]


router = APIRouter(route_class=SignedDoor, tags=["floor"])
public = APIRouter(route_class=OpenDoor, tags=["floor"])


@public.get("/meetings/{meeting_id}/floor", **documented(FloorSeen, "not-found", "unknown-timezone"))
async def read_floor(request: Request, meeting_id: str, tz: Zone = None) -> Response:
    """Who speaks, who waits and when each is expected to be called, who has spoken, and how the time runs.

    `expected_start` is the median, `earliest_start` and `latest_start` the 10th and 90th percentile of when she will be
    called, from what this meeting has shown so far. `version` counts all that changed it, from 1.
    """
    known_zone(tz)
    reader, now = Reader(actor_of(request)), service_of(request).clock.now()

    def read(conn: Connection) -> bytes:
        here = standing(conn, an_id(meeting_id, NO_MEETING), reader)
        return floor_json(seen(conn, here, now), tz, here.meeting.timezone)

    return answer(await service_of(request).reads.long(read))


@router.post(
    "/meetings/{meeting_id}/floor",
    **documented(FloorView, "not-found", "not-allowed", "not-accredited", "not-allowed-now", "version-conflict"),
)
async def run_floor(request: Request, meeting_id: str, asked: CommandIn) -> Response:
    """One command of the chair's, answered with the new floor. The session's chair and secretariat may.

    What the moment does not allow: `not-allowed-now` with `allowed`. With `expected_version` one of two chairs wins and
    the other gets `version-conflict` with `current`, the floor. `undo` takes back one command after the other, as far
    as the opening; what others changed meanwhile stays. `close` carries what is left to the next meeting on the item.
    """
    return answer(await run(request, meeting_id, asked))


@router.post(
    "/inscriptions/{inscription_id}/ready", **documented(Readiness, "not-found", "not-allowed", "not-allowed-now")
)
async def say_ready(request: Request, inscription_id: str, said: ReadyIn) -> Response:
    """A remote speaker says that her link works, or no longer does: the floor shows it. Whoever may act for her may."""

    def say(tx: Tx, actor: Actor) -> Readiness:
        return readiness.say(tx, actor, an_id(inscription_id, NO_INSCRIPTION), ready=said.ready)

    return answer(await act(request, say))
