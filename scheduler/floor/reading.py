"""Reads of the floor: what everybody sees of a meeting that is in progress, to come or over."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from scheduler.floor.folding import folded
from scheduler.floor.going_on import goes_on
from scheduler.floor.record import Sitting
from scheduler.floor.states import Floor
from scheduler.floor.view import FloorView, floor_view
from scheduler.floor.written import to_millisecond
from scheduler.people.permission import OPERATOR, Act, Actor, require
from scheduler.people.reader import PUBLIC, Reader
from scheduler.people.tables import Organisation, Person
from scheduler.people.views import Named
from scheduler.programme.records import MeetingRecord, SessionRecord, known_meeting
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.many import among

Names = dict[str | None, Named]
_p, _o = table(Person).c, table(Organisation).c
_PEOPLE = Prepared(select(_p.id, _p.name).where(among(_p.id, "ids")))
_ORGANISATIONS = Prepared(select(_o.id, _o.name).where(among(_o.id, "ids")))


@dataclass(frozen=True, slots=True)
class Standing:
    """A meeting with its session, the floor as folded (people by id), and the sitting as planned."""

    session: SessionRecord
    meeting: MeetingRecord
    floor: Floor
    sitting: Sitting

    @property
    def cancelled(self) -> bool:
        """Whether the meeting, or its whole session, does not take place."""
        return "cancelled" in {self.meeting.status, self.session.status}


def standing(conn: Connection, meeting_id: str, reader: Reader = PUBLIC) -> Standing:
    """How a meeting's floor stands. Raises NotFound, also for one that this reader may not know of."""
    session, meeting = known_meeting(conn, reader, meeting_id)
    return _standing(conn, session, meeting, folded(conn, meeting.id))


def chaired(conn: Connection, actor: Actor | None, meeting_id: str) -> Standing:
    """The same for who runs it. Raises NotFound, NotSignedIn, Forbidden."""
    here = standing(conn, meeting_id, Reader(actor))
    require(actor, Act.RUN_FLOOR, here.session.scopes())
    return here


def floor_now(conn: Connection, meeting_id: str, now: datetime, reader: Reader = PUBLIC) -> FloorView:
    """The floor as everybody sees it at `now`. Raises NotFound."""
    return seen(conn, standing(conn, meeting_id, reader), now)


def seen(conn: Connection, of: Standing, now: datetime) -> FloorView:
    """What everybody sees of it at `now`, with the names that people and organisations have now."""
    view = floor_view(named(conn, of.floor), of.sitting, to_millisecond(now), of.meeting.end_if_exceeded)
    return replace(view, status="cancelled") if of.cancelled else view


def named(conn: Connection, floor: Floor) -> Floor:
    """The floor with `{id, name}` for the ids of its speakers and organisations."""
    every = floor.turns.values()
    names = names_of(conn, {turn.speaker for turn in every}, {turn.organisation for turn in every})
    turns = {
        slot: replace(turn, speaker=names.get(turn.speaker), organisation=names.get(turn.organisation))
        for slot, turn in floor.turns.items()
    }
    return replace(floor, turns=turns)


def after_event(conn: Connection, here: Standing, floor: Floor) -> Standing:
    """The same meeting with the floor that an event made."""
    session, meeting = known_meeting(conn, Reader(OPERATOR), here.meeting.id)
    return _standing(conn, session, meeting, floor)


def names_of(conn: Connection, people: Iterable[str | None], organisations: Iterable[str | None]) -> Names:
    """What people and organisations are called now, by id."""
    return _names(conn, _PEOPLE, people) | _names(conn, _ORGANISATIONS, organisations)


def _names(conn: Connection, statement: Prepared, ids: Iterable[str | None]) -> Names:
    asked = sorted({id_ for id_ in ids if id_ is not None})
    return {row[0]: Named(*row) for row in conn.all(statement, ids=asked)} if asked else {}


def _standing(conn: Connection, session: SessionRecord, meeting: MeetingRecord, floor: Floor) -> Standing:
    following = goes_on(conn, floor, meeting)
    sitting = Sitting(meeting.starts_at, meeting.ends_at, meeting.remote_budget_seconds, following)
    return Standing(session, meeting, floor, sitting)
