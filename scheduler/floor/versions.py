"""The floor version by version, for those who follow it."""

from dataclasses import dataclass
from datetime import datetime

from scheduler.floor.folding import folded_after, version_of
from scheduler.floor.reading import Standing, after_event, seen, standing
from scheduler.floor.view import FloorView
from scheduler.people.permission import OPERATOR
from scheduler.people.reader import Reader
from scheduler.programme.records import known_meeting
from scheduler.storage.connection import Connection

_ANYBODY = Reader(OPERATOR)


@dataclass(frozen=True, slots=True)
class Shown:
    """A floor as everybody sees it, and the venue's zone."""

    view: FloorView
    timezone: str


def known_version(conn: Connection, reader: Reader, meeting_id: str) -> int:
    """The version of the floor of a meeting that this reader may know of. Raises NotFound."""
    _, meeting = known_meeting(conn, reader, meeting_id)
    return version_of(conn, meeting.id)


def present(conn: Connection, meeting_id: str, now: datetime) -> Shown:
    """How it stands now, of any meeting: whoever asks has been let in. Raises NotFound."""
    return _shown(conn, standing(conn, meeting_id, _ANYBODY), now)


def versions_after(conn: Connection, meeting_id: str, version: int, most: int) -> list[Shown]:
    """How it stood after each of the next events, at most so many, at the moment of the event. Raises NotFound."""
    floors = folded_after(conn, meeting_id, version, most)
    if not floors:
        return []
    here = standing(conn, meeting_id, _ANYBODY)
    return [_shown(conn, after_event(conn, here, floor), at) for at, floor in floors]


def _shown(conn: Connection, here: Standing, now: datetime) -> Shown:
    return Shown(seen(conn, here, now), here.meeting.timezone)
