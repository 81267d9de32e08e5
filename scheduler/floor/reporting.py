"""A session's report: its meetings' records, summed for whoever may read them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import select

from scheduler.clock.zones import local
from scheduler.floor.account import Told, told
from scheduler.floor.folding import folded
from scheduler.floor.states import Floor
from scheduler.floor.tally import Held, ReportView, report
from scheduler.floor.turns import INTERLUDES
from scheduler.people.permission import Act
from scheduler.people.reader import Reader
from scheduler.people.tables import Organisation, Person
from scheduler.programme.records import MeetingRecord, SessionRecord, known_session, meetings_of
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.many import among

_p, _o = table(Person).c, table(Organisation).c
_ZONES = Prepared(select(_p.id, _p.timezone).where(among(_p.id, "ids")))
_ORGANISATIONS = Prepared(select(_o.id, _o.name, _o.region).where(among(_o.id, "ids")))
_COUNTED = frozenset({"spoken", "absent", "left"})
"""Whoever was carried over or put off is counted in the meeting where she has her turn; panels and breaks nowhere."""


def session_report(conn: Connection, reader: Reader, reference: str) -> ReportView:
    """Speaking time in a session (code or id): of its closed meetings, for who runs its floor also of those that sit.

    The night is that of speakers' own clocks as they are set now; regions and names are organisations' of now.

    Raises:
        NotFound: there is no session that she may know of.
    """
    session = known_session(conn, reader, reference)
    floors = list(_floors(conn, reader, session))
    turns = [(meeting, each) for meeting, floor in floors for each in _counted(floor)]
    zones = {row[0]: row[1] for row in _of(conn, _ZONES, (each.turn.speaker for _, each in turns))}
    known = {
        row[0]: (row[1], row[2]) for row in _of(conn, _ORGANISATIONS, (each.turn.organisation for _, each in turns))
    }
    held = [_held(each, zones.get(each.turn.speaker, meeting.timezone), known) for meeting, each in turns]
    return report(len(floors), held, {id_: name for id_, (name, _) in known.items()})


def _floors(conn: Connection, reader: Reader, session: SessionRecord) -> Iterator[tuple[MeetingRecord, Floor]]:
    runs = reader.may(Act.RUN_FLOOR, session.scopes())
    for meeting in meetings_of(conn, session.id):
        if meeting.status != "scheduled":
            floor = folded(conn, meeting.id)
            if floor.status == "closed" or (runs and floor.opened_at is not None):
                yield meeting, floor


def _counted(floor: Floor) -> Iterator[Told]:
    return (each for each in told(floor) if each.status in _COUNTED and each.turn.kind not in INTERLUDES)


def _of(conn: Connection, statement: Prepared, ids: Iterable[str | None]) -> Iterable[Sequence[Any]]:
    return conn.all(statement, ids=sorted({id_ for id_ in ids if id_ is not None}))


def _held(each: Told, zone: str, organisations: dict[str, tuple[str, str | None]]) -> Held:
    """A turn of a record; where no person is named (a delegation's point of order) it is on the venue's clock."""
    turn, past = each.turn, each.past
    began = past.started_at if past and each.status == "spoken" else None
    return Held(
        category=turn.category,
        region=organisations[turn.organisation][1] if turn.organisation in organisations else None,
        mode=turn.mode,
        organisation=turn.organisation,
        planned_seconds=turn.seconds,
        spoken=round(past.spoken * 1000) if past else 0,
        local_start=local(began, zone) if began else None,
    )
