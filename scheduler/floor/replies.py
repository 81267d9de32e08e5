"""Points of order and rights of reply: turns of the floor alone, without a slot in any list.

General Assembly decision 34/401: at most two replies a delegation and item, the second shorter; where the meeting says
so, they wait for the end of the day's last meeting on the same item.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, select

from scheduler.accreditation.rules import may_speak, why_barred
from scheduler.accreditation.tables import Accreditation
from scheduler.errors import Meaningless, NotAccredited, NotAllowedNow
from scheduler.floor.folding import folded
from scheduler.floor.reading import Standing
from scheduler.floor.states import REPLIES_EACH, Floor, allowed, last_command
from scheduler.floor.turns import Event, Turn
from scheduler.floor.written import written_event
from scheduler.ids import new_id
from scheduler.journal.entries import Author, append
from scheduler.people.tables import Organisation, Person
from scheduler.programme.records import MeetingRecord, SessionRecord, meetings_of, next_numbers
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.writer import Tx

FOR_WHOM = frozenset({"point_of_order", "right_of_reply"})
POINT_SECONDS = 120

_o, _p, _a = table(Organisation).c, table(Person).c, table(Accreditation).c
_ORGANISATION = Prepared(
    select(_o.name, _o.category, _a.status, _a.note)
    .select_from(
        table(Organisation).outerjoin(
            table(Accreditation), (_a.organisation_id == _o.id) & (_a.session_id == bindparam("session"))
        )
    )
    .where(_o.id == bindparam("organisation"))
)
_PERSON = Prepared(select(_p.id).where(_p.id == bindparam("person"), _p.erased.is_(False)))


@dataclass(frozen=True, slots=True)
class Asked:
    """Who has the floor out of turn: for an organisation, perhaps by a person (ids), for how long (None: as usual)."""

    kind: str
    organisation: str
    person: str | None
    seconds: int | None


def check(conn: Connection, session: SessionRecord, organisation: str | None, person: str | None) -> None:
    """Whether people of this organisation may speak here.

    Raises:
        Meaningless: there is no such organisation or person.
        NotAccredited: the organisation is not approved in the session.
    """
    found = conn.first(_ORGANISATION, organisation=organisation, session=session.id)
    if found is None:
        raise Meaningless("There is no such organisation. Give the id of one in /organisations.", field="organisation")
    if person is not None and conn.first(_PERSON, person=person) is None:
        raise Meaningless("There is no such person. Give the id of somebody in /people.", field="person")
    name, _, status, note = found
    if not may_speak(status):
        raise NotAccredited(why_barred(name, status, note), organisation=organisation, accreditation=status)


def event(conn: Connection, here: Standing, at: datetime, asked: Asked) -> Event:
    """The event that gives them the floor, or a place behind the list, here or at the end of the day.

    Raises:
        NotAllowedNow: the delegation has had its two replies on this item.
    """
    category = conn.all(_ORGANISATION, organisation=asked.organisation, session=here.session.id)[0][1]
    turn = Turn(
        slot=new_id(), position=len(here.floor.turns) + 1, kind=asked.kind, seconds=asked.seconds or POINT_SECONDS,
        category=category, speaker=asked.person, organisation=asked.organisation,
    )  # fmt: skip
    if asked.kind == "point_of_order":
        return Event(at, asked.kind, turn.slot, turn=turn)
    item = _item(here)
    last = _last_of_day(conn, here, item)
    had = _replies_of(folded(conn, last.id) if last else here.floor, asked.organisation, item)
    if had >= REPLIES_EACH:
        raise NotAllowedNow(
            "This delegation has its two replies on this item; there is no third.", allowed=list(allowed(here.floor))
        )
    lengths = here.session.reply_seconds
    turn = replace(turn, item=item, seconds=asked.seconds or lengths[min(had, len(lengths) - 1)])
    return Event(at, asked.kind, turn.slot, to=last.id if last else None, turn=turn)


def reach(tx: Tx, by: Author, here: Standing, happened: Event) -> None:
    """Puts a reply behind the day's last meeting, or takes it back there where its command was undone."""
    undone = last_command(here.floor) if happened.command == "undo" else None
    if happened.command == "right_of_reply" and happened.to and happened.turn:
        add(tx, by, here.session, happened.to, happened.turn)
    elif undone and undone.command == "right_of_reply" and undone.to and undone.slot:
        take_back(tx, by, here.session, undone.to, undone.slot)


def add(tx: Tx, by: Author, session: SessionRecord, meeting_id: str, turn: Turn) -> None:
    """An event of another meeting: a reply is put behind its list."""
    said = Event(tx.now, "right_of_reply", turn.slot, turn=turn)
    tell(tx, by, session, meeting_id, said)


def take_back(tx: Tx, by: Author, session: SessionRecord, meeting_id: str, slot: str) -> None:
    """An event of another meeting: such a reply goes. Raises NotAllowedNow: it has been called."""
    floor = folded(tx.conn, meeting_id)
    if slot not in {*floor.queue, *floor.deferred}:
        raise NotAllowedNow("That turn has been called in the later meeting, so this cannot be undone.", allowed=[])
    tell(tx, by, session, meeting_id, Event(tx.now, "withdraw", slot))


def tell(tx: Tx, by: Author, session: SessionRecord, meeting_id: str, said: Event) -> None:
    """Leaves an event in the journal of a meeting."""
    number = next_numbers(tx.conn, meeting_id)[0]
    append(
        tx, f"floor.{said.command}", ("meeting", meeting_id), by, session.audience(meeting_id),
        meeting_number=number, floor=written_event(said),
    )  # fmt: skip


def _item(here: Standing) -> str | None:
    """The item that is being spoken on: that of the last one called, else of the first who waits."""
    floor = here.floor
    running = [each.slot for each in (floor.current, floor.interrupted) if each]
    called = [past.slot for past in reversed(floor.past)]
    for slot in (*running, *called, *floor.queue):
        if item := floor.turns[slot].item:
            return item
    return here.meeting.items[0] if here.meeting.items else None


def _last_of_day(conn: Connection, here: Standing, item: str | None) -> MeetingRecord | None:
    """The day's last meeting on the item, where replies wait for it and it is not this one."""
    if here.meeting.replies != "end_of_day":
        return None
    later = [
        other
        for other in meetings_of(conn, here.session.id)
        if other.date == here.meeting.date
        and other.starts_at > here.meeting.starts_at
        and other.status not in {"cancelled", "closed"}
        and item in other.items
    ]
    return later[-1] if later else None


def _replies_of(floor: Floor, organisation: str, item: str | None) -> int:
    running = [each.slot for each in (floor.current, floor.interrupted) if each]
    taken = {
        *floor.queue,
        *floor.deferred,
        *floor.absent,
        *floor.carried,
        *running,
        *(past.slot for past in floor.past),
    }
    return sum(
        (turn.kind, turn.organisation, turn.item) == ("right_of_reply", organisation, item)
        for slot, turn in floor.turns.items()
        if slot in taken
    )
