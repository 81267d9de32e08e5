"""Who holds the slots of a meeting, with what her calendar shows of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from scheduler.lists.place import Row, Rows, meeting
from scheduler.lists.queries import inscription, slot
from scheduler.notices.entries_moved import Shown
from scheduler.people.tables import Person
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection
from scheduler.storage.many import among

_p = table(Person).c
_HOLDERS = select(
    slot.c.id.label("slot"),
    slot.c.meeting_id.label("meeting"),
    slot.c.starts_after,
    slot.c.seconds,
    meeting.c.starts_at,
    inscription.c.id.label("inscription"),
    *(inscription.c.person_id, inscription.c.organisation_id, inscription.c.sequence, inscription.c.shown_at),
    *(inscription.c.foreseen_start, inscription.c.foreseen_seconds, inscription.c.foreseen_at),
    _p.feed_moves_minutes,
).select_from(
    slot.join(inscription, inscription.c.id == slot.c.inscription_id)
    .join(meeting, meeting.c.id == slot.c.meeting_id)
    .join(table(Person), _p.id == inscription.c.person_id)
)
_OF_MEETING = Rows(_HOLDERS.where(slot.c.meeting_id == bindparam("meeting")))
_AMONG = Rows(_HOLDERS.where(among(slot.c.id, "slots")))


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose slot it is, and its place in the plan of its meeting.

    `sequence` and `shown_at` are her calendar entry's, `threshold` how far it may be from what is expected.
    """

    slot: str
    meeting: str
    inscription: str
    person: str
    organisation: str | None
    planned_at: datetime
    sequence: int
    shown_at: datetime
    shown: Shown
    threshold: timedelta


def of_meeting(conn: Connection, meeting_id: str) -> dict[str, Holder]:
    """By slot, those of a meeting."""
    return {row["slot"]: _holder(row) for row in _OF_MEETING.all(conn, meeting=meeting_id)}


def of_slots(conn: Connection, slots: Collection[str]) -> dict[str, Holder]:
    """By slot, those of these slots, in whichever meeting they are."""
    return {row["slot"]: _holder(row) for row in _AMONG.all(conn, slots=list(slots))} if slots else {}


def _holder(row: Row) -> Holder:
    planned_at = row["starts_at"] + timedelta(seconds=row["starts_after"])
    return Holder(
        slot=row["slot"],
        meeting=row["meeting"],
        inscription=row["inscription"],
        person=row["person_id"],
        organisation=row["organisation_id"],
        planned_at=planned_at,
        sequence=row["sequence"],
        shown_at=row["shown_at"],
        shown=Shown(row["foreseen_start"] or planned_at, row["foreseen_seconds"] or row["seconds"], row["foreseen_at"]),
        threshold=timedelta(minutes=row["feed_moves_minutes"]),
    )
