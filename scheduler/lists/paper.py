"""A list of speakers as it leaves the house, on paper or as a spreadsheet: what everybody may know of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from scheduler.lists.place import Row, Rows, known_list, meeting, session
from scheduler.lists.queries import inscription, slot
from scheduler.lists.slot_queries import organisation, person
from scheduler.people.reader import Reader
from scheduler.storage.connection import Connection

_reserved = organisation.alias()
_TURNS = Rows(
    select(
        slot.c.position,
        slot.c.kind,
        slot.c.title,
        slot.c.seconds,
        slot.c.starts_after,
        slot.c.status,
        slot.c.reserved_category,
        slot.c.reserved_mode,
        _reserved.c.name.label("reserved_organisation"),
        person.c.name.label("speaker"),
        organisation.c.name.label("organisation"),
        inscription.c.category,
        inscription.c.mode,
        inscription.c.language,
    )
    .select_from(
        slot.outerjoin(inscription, inscription.c.id == slot.c.inscription_id)
        .outerjoin(person, person.c.id == inscription.c.person_id)
        .outerjoin(organisation, organisation.c.id == inscription.c.organisation_id)
        .outerjoin(_reserved, _reserved.c.id == slot.c.reserved_organisation_id)
    )
    .where(slot.c.list_id == bindparam("list"))
    .order_by(slot.c.position, slot.c.id)
)
_MEETING = Rows(
    select(
        meeting.c.number,
        meeting.c.title,
        meeting.c.room,
        session.c.code.label("session_code"),
        session.c.title.label("session_title"),
    )
    .select_from(meeting.join(session, session.c.id == meeting.c.session_id))
    .where(meeting.c.id == bindparam("meeting"))
)


@dataclass(frozen=True, slots=True)
class PlannedTurn:
    """A turn as planned; `reserved_for` are the category, the mode and the organisation's name that it is kept for."""

    position: int
    kind: str
    title: str | None
    seconds: int
    starts_at: datetime
    ends_at: datetime
    status: str
    reserved_for: tuple[str, ...]
    speaker: str | None
    organisation: str | None
    category: str | None
    mode: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class Paper:
    """A list with all its turns, and the meeting that it is of; `position` is the list's in the meeting."""

    title: str
    position: int
    session_code: str
    session_title: str
    meeting_number: int
    meeting_title: str
    room: str | None
    cancelled: bool
    timezone: str
    starts_at: datetime
    ends_at: datetime
    turns: tuple[PlannedTurn, ...]


def paper(conn: Connection, reader: Reader, list_id: str) -> Paper:
    """A list of speakers with its turns by position. Raises NotFound."""
    row, place = known_list(conn, reader, list_id)
    held = _MEETING.all(conn, meeting=place.meeting)[0]
    sitting = place.sitting
    return Paper(
        title=row["title"],
        position=row["position"],
        session_code=held["session_code"],
        session_title=held["session_title"],
        meeting_number=held["number"],
        meeting_title=held["title"],
        room=held["room"],
        cancelled="cancelled" in {place.meeting_status, place.session_status},
        timezone=sitting.timezone,
        starts_at=sitting.starts_at,
        ends_at=sitting.ends_at,
        turns=tuple(_turn(turn, sitting.starts_at) for turn in _TURNS.all(conn, list=list_id)),
    )


def _turn(row: Row, meeting_starts_at: datetime) -> PlannedTurn:
    starts_at = meeting_starts_at + timedelta(seconds=row["starts_after"])
    reserved = (row["reserved_category"], row["reserved_mode"], row["reserved_organisation"])
    return PlannedTurn(
        position=row["position"],
        kind=row["kind"],
        title=row["title"],
        seconds=row["seconds"],
        starts_at=starts_at,
        ends_at=starts_at + timedelta(seconds=row["seconds"]),
        status=row["status"],
        reserved_for=tuple(each for each in reserved if each),
        speaker=row["speaker"],
        organisation=row["organisation"],
        category=row["category"],
        mode=row["mode"],
        language=row["language"],
    )
