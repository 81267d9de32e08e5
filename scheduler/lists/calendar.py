"""What calendars show of speaking: turns, also those withdrawn or taken back, and when lists open and close."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import bindparam, or_, select

from scheduler.lists.events import SlotEvent
from scheduler.lists.place import Row, Rows, list_, meeting, session
from scheduler.lists.queries import inscription, slot
from scheduler.lists.slot_queries import organisation, person
from scheduler.people.reader import PUBLIC, Reader
from scheduler.programme.calendar import OfferedMeeting, offered_meetings
from scheduler.programme.events import DeadlineEvent, MeetingEvent
from scheduler.storage.connection import Connection
from scheduler.storage.many import among

_MEETING_FIELDS = tuple(field.name for field in fields(MeetingEvent))
_TURNS = (
    select(
        inscription.c.id,
        inscription.c.session_id,
        inscription.c.meeting_id,
        inscription.c.mode,
        inscription.c.topic,
        inscription.c.delivered_by,
        inscription.c.sequence,
        inscription.c.shown_at,
        inscription.c.held_after,
        inscription.c.held_seconds,
        inscription.c.foreseen_start,
        inscription.c.foreseen_seconds,
        slot.c.starts_after,
        slot.c.seconds,
        slot.c.position,
        list_.c.id.label("list_id"),
        list_.c.title.label("list_title"),
        list_.c.shown_at.label("list_shown_at"),
        person.c.name.label("speaker"),
        person.c.shown_at.label("speaker_shown_at"),
        organisation.c.name.label("organisation"),
        organisation.c.shown_at.label("organisation_shown_at"),
    )
    .select_from(
        inscription.join(list_, list_.c.id == inscription.c.list_id)
        .join(person, person.c.id == inscription.c.person_id)
        .outerjoin(slot, slot.c.inscription_id == inscription.c.id)
        .outerjoin(organisation, organisation.c.id == inscription.c.organisation_id)
    )
    .where(or_(slot.c.id.is_not(None), inscription.c.held_after.is_not(None)))
)
_OF_PERSON = Rows(_TURNS.where(inscription.c.person_id == bindparam("of")))
_OF_ORGANISATION = Rows(_TURNS.where(inscription.c.organisation_id == bindparam("of")))
_AMONG = Rows(_TURNS.where(among(inscription.c.id, "of")))
_OF_SESSION = Rows(
    _TURNS.where(inscription.c.meeting_id.in_(select(meeting.c.id).where(meeting.c.session_id == bindparam("of"))))
)
_DEADLINES = Rows(
    select(
        list_.c.id,
        list_.c.title,
        list_.c.opens_at,
        list_.c.opens_as,
        list_.c.closes_at,
        list_.c.closes_as,
        list_.c.shown_at,
        list_.c.opens_sequence,
        list_.c.opens_shown_at,
        list_.c.closes_sequence,
        list_.c.closes_shown_at,
        meeting.c.id.label("meeting_id"),
        meeting.c.title.label("meeting_title"),
        meeting.c.timezone,
        meeting.c.status.label("meeting_status"),
        meeting.c.status_sequence.label("meeting_sequence"),
        meeting.c.named_at.label("meeting_shown_at"),
        session.c.id.label("session_id"),
        session.c.body_id,
        session.c.code,
        session.c.title.label("session_title"),
        session.c.status.label("session_status"),
        session.c.status_sequence.label("session_sequence"),
        session.c.named_at.label("session_shown_at"),
    )
    .select_from(
        list_.join(meeting, meeting.c.id == list_.c.meeting_id).join(session, session.c.id == meeting.c.session_id)
    )
    .where(or_(session.c.id == bindparam("session"), session.c.code == bindparam("session")))
)


@dataclass(frozen=True, slots=True)
class OfferedTurn:
    """A turn `whole`, with its meeting's join link, and `plain`, without; `withheld` where she may not have that.

    `session` is the id of the one it is in.
    """

    whole: SlotEvent
    plain: SlotEvent
    withheld: bool
    session: str


def slot_events(
    conn: Connection,
    reader: Reader,
    *,
    person: str | None = None,
    organisation: str | None = None,
    session: str | None = None,
) -> list[SlotEvent]:
    """The turns of a person, an organisation or a session (by id), by (starts_at, id); withdrawn ones are cancelled.

    `reader` is the feed's owner, who may read these inscriptions in full: where she may have the meeting's join link,
    it is shown and counted.
    """
    offered = offered_turns(conn, reader, person=person, organisation=organisation, session=session)
    return [each.plain if each.withheld else each.whole for each in offered]


def offered_turns(
    conn: Connection,
    reader: Reader,
    *,
    person: str | None = None,
    organisation: str | None = None,
    session: str | None = None,
    inscriptions: Collection[str] | None = None,
) -> list[OfferedTurn]:
    """The same turns, or those of some inscriptions, with and without the meeting's join link, and whether she may."""
    if inscriptions is not None:
        rows = _AMONG.all(conn, of=list(inscriptions)) if inscriptions else []
    elif person is not None:
        rows = _OF_PERSON.all(conn, of=person)
    elif organisation is not None:
        rows = _OF_ORGANISATION.all(conn, of=organisation)
    else:
        rows = _OF_SESSION.all(conn, of=session)
    meetings: dict[str, OfferedMeeting] = {}
    for session_id in sorted({row["session_id"] for row in rows}):
        meetings |= {each.plain.id: each for each in offered_meetings(conn, reader, session=session_id)}
    # Her own turns do not name her.
    shown = ("", "list_") if person is not None else ("", "list_", "speaker_", "organisation_")
    turns = [_offered(row, meetings[row["meeting_id"]], shown) for row in rows if row["meeting_id"] in meetings]
    return sorted(turns, key=lambda turn: (turn.plain.starts_at, turn.plain.id))


def deadline_events(conn: Connection, session: str, reader: Reader = PUBLIC) -> list[DeadlineEvent]:
    """When the lists of a session (code or id) that the reader may know of open and close, by (starts_at, id)."""
    events = [
        _deadline(row, what)
        for row in _DEADLINES.all(conn, session=session)
        if reader.sees_session(row["body_id"], row["session_id"], row["session_status"])
        for what in ("opens", "closes")
        if row[f"{what}_at"] is not None
    ]
    return sorted(events, key=lambda event: (event.starts_at, event.id))


def _offered(row: Row, offered: OfferedMeeting, shown: Sequence[str]) -> OfferedTurn:
    plain = _turn(row, offered.plain, shown)
    # Withdrawing counted the link's changes in, for good: from then on it is not shown any more.
    whole = plain if plain.withdrawn else _turn(row, offered.whole, shown)
    return OfferedTurn(whole, plain, offered.withheld, row["session_id"])


def _turn(row: Row, of: MeetingEvent, shown: Sequence[str]) -> SlotEvent:
    withdrawn = row["seconds"] is None  # also one who had a turn and waits again
    after, seconds = (row["held_after"], row["held_seconds"]) if withdrawn else (row["starts_after"], row["seconds"])
    of_meeting: dict[str, Any] = {name: getattr(of, name) for name in _MEETING_FIELDS}
    # Once the meeting sits, her entry says when she is expected, and at last when she spoke.
    starts_at = row["foreseen_start"] or of.starts_at + timedelta(seconds=after)
    seconds = row["foreseen_seconds"] or seconds
    return SlotEvent(
        **of_meeting
        | {
            "id": row["id"],
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(seconds=seconds),
            "cancelled": of.cancelled or withdrawn,
            "sequence": of.sequence + row["sequence"],
            "changed_at": _latest(of.changed_at, row, shown),
        },
        meeting_id=row["meeting_id"],
        list_id=row["list_id"],
        list_title=row["list_title"],
        position=0 if withdrawn else row["position"],
        speaker=row["speaker"],
        organisation=row["organisation"],
        mode=row["mode"],
        topic=row["topic"],
        withdrawn=withdrawn,
        called_off=of.cancelled,
        delivered_by=row["delivered_by"],
    )


def _deadline(row: Row, what: str) -> DeadlineEvent:
    at, as_ = row[f"{what}_at"], row[f"{what}_as"]
    return DeadlineEvent(
        id=str(uuid5(UUID(row["id"]), what)),
        timezone=as_["timezone"] if isinstance(as_, dict) else row["timezone"],
        starts_at=at,
        ends_at=at,
        cancelled="cancelled" in {row["meeting_status"], row["session_status"]},
        sequence=row[f"{what}_sequence"] + row["meeting_sequence"] + row["session_sequence"],
        changed_at=_latest(row["shown_at"], row, (f"{what}_", "meeting_", "session_")),
        what=what,
        title=row["title"],
        meeting_id=row["meeting_id"],
        meeting_title=row["meeting_title"],
        list_id=row["id"],
        session_code=row["code"],
        session_title=row["session_title"],
    )


def _latest(moment: datetime, row: Row, prefixes: Sequence[str]) -> datetime:
    others: Iterable[datetime | None] = (row[f"{prefix}shown_at"] for prefix in prefixes)
    return max(moment, *(other for other in others if other is not None))
