"""What is left at the close goes on in the next meeting on its item, and comes back where the close is undone.

Her slot and inscription move as they are, to the front of that meeting's list on the item; a list is made where it
has none. The claim stands whatever room and remote minutes the next meeting has left: its chair sees the shortage.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, select, update

from scheduler.errors import NotAllowedNow
from scheduler.floor import carried_lists, replies
from scheduler.floor.carried_lists import Target
from scheduler.floor.going_on import next_on
from scheduler.floor.reading import Standing
from scheduler.floor.states import Floor, last_command
from scheduler.floor.turns import INTERLUDES, Event
from scheduler.journal.entries import Author, append
from scheduler.journal.tables import JournalEntry
from scheduler.lists.arranging import standing_of
from scheduler.lists.place import Row, Rows, meeting
from scheduler.lists.queries import inscription, slot
from scheduler.lists.tables import Inscription, Slot
from scheduler.people.permission import OPERATOR
from scheduler.people.reader import Reader
from scheduler.programme.records import MeetingRecord, known_meeting, next_numbers
from scheduler.storage.columns import table
from scheduler.storage.connection import Prepared
from scheduler.storage.many import among
from scheduler.storage.versions import shown_after
from scheduler.storage.writer import Tx

_HELD = Rows(
    select(
        *(slot.c.id, slot.c.list_id, slot.c.position, slot.c.starts_after, slot.c.seconds, slot.c.status),
        *(slot.c.meeting_id, slot.c.version),
        inscription.c.id.label("inscription_id"),
        *(inscription.c.person_id, inscription.c.organisation_id, inscription.c.organisation_key),
        *(inscription.c.category, inscription.c.mode, inscription.c.sequence, inscription.c.shown_at),
        inscription.c.version.label("inscription_version"),
    )
    .select_from(slot.join(inscription, inscription.c.id == slot.c.inscription_id))
    .where(among(slot.c.id, "slots"))
)
_REMOTE = Prepared(
    update(meeting)
    .where(meeting.c.id == bindparam("meeting"))
    .values(remote_booked_seconds=meeting.c.remote_booked_seconds + bindparam("seconds"))
)
_j = table(JournalEntry).c
_CLOSE = Prepared(
    select(_j.data)
    .where(_j.meeting_id == bindparam("meeting"), _j.meeting_number > 0, _j.kind == "floor.close")
    .order_by(_j.meeting_number.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class _Where:
    """A meeting's counters that a calendar entry adds up, and its id."""

    id: str
    sequence: int
    links: int


def carry(tx: Tx, by: Author, here: Standing, after: Floor) -> list[dict[str, Any]]:
    """Moves what is left, and tells the meetings where it goes on. What came from where, for `bring_back`."""
    moved: list[dict[str, Any]] = []
    for target, slots in _by_target(tx, here, after):
        turns = [after.turns[slot_id] for slot_id in slots]
        rows = {row["id"]: row for row in _HELD.all(tx.conn, slots=slots)}
        there = [rows[slot_id] for slot_id in slots if slot_id in rows]
        moved += _carry_slots(tx, by, here, target, there)
        for turn in turns:
            if turn.kind == "right_of_reply":
                replies.add(tx, by, here.session, target.id, turn)
                moved.append({"slot": turn.slot, "to": target.id})
    return moved


def bring_back(tx: Tx, by: Author, here: Standing) -> None:
    """Takes back what the last close carried over. Raises NotAllowedNow: it was called, or is gone, there."""
    data = tx.conn.all(_CLOSE, meeting=here.meeting.id)[0][0]
    moved: list[dict[str, Any]] = data.get("carried", [])
    rows = {row["id"]: row for row in _HELD.all(tx.conn, slots=[each["slot"] for each in moved])} if moved else {}
    for each in moved:
        if "list" not in each:
            replies.take_back(tx, by, here.session, each["to"], each["slot"])
            continue
        row = rows.get(each["slot"])
        if row is None or row["status"] != "booked" or row["meeting_id"] != each["to"]:
            raise NotAllowedNow(
                "Somebody who was carried over has been called, or has left, in the next meeting. The close stands.",
                allowed=[],
            )
        _come_back(tx, by, here, each, row)
    for to in sorted({each["to"] for each in moved if "list" in each}):
        carried_lists.close_up(tx, by, to)


def undoes_close(here: Standing, happened: Event) -> bool:
    """Whether this event takes a close back."""
    last = last_command(here.floor)
    return happened.command == "undo" and last is not None and last.command == "close"


def _by_target(tx: Tx, here: Standing, after: Floor) -> list[tuple[MeetingRecord, list[str]]]:
    """The meetings where they go on, each with its slots in order; whoever has none stays where she is."""
    found: dict[str, tuple[MeetingRecord, list[str]]] = {}
    for slot_id in after.carried:
        turn = after.turns[slot_id]
        items = [turn.item] if turn.item else here.meeting.items
        target = next_on(tx.conn, here.meeting, items) if turn.kind not in INTERLUDES else None
        if target is not None:
            found.setdefault(target.id, (target, []))[1].append(slot_id)
    return list(found.values())


def _carry_slots(
    tx: Tx, by: Author, here: Standing, target: MeetingRecord, rows: Sequence[Row]
) -> list[dict[str, Any]]:
    moved = []
    for list_id in dict.fromkeys(row["list_id"] for row in rows):
        of_list = [row for row in rows if row["list_id"] == list_id]
        to = carried_lists.target(tx, by, target, list_id)
        free = [row for row in of_list if row["person_id"] not in to.people]
        for row in free:
            _move(tx, row, _Where(target.id, target.sequence, target.links_sequence), _of(here.meeting), to.list)
        placed = carried_lists.put_first(tx, by, to, [row["id"] for row in free])
        _spend(tx, here.meeting.id, target.id, free)
        before = to.behind
        for row in free:
            _tell(tx, by, here, to, row | placed[row["id"]], before=before)
            before = row["id"]
        moved += [_came_from(row, target.id) for row in free]
    return moved


def _came_from(row: Row, to: str) -> dict[str, Any]:
    return {
        "slot": row["id"], "to": to, "list": row["list_id"], "position": row["position"],
        "starts_after": row["starts_after"], "organisation_key": row["organisation_key"],
    }  # fmt: skip


def _of(record: MeetingRecord) -> _Where:
    return _Where(record.id, record.sequence, record.links_sequence)


def _move(tx: Tx, row: Row, to: _Where, from_: _Where, list_id: str, *, key: str | None = None, **place: int) -> None:
    """Takes her slot and inscription along. The number in her calendar counts the meeting's too, and never falls."""
    rise = max(0, from_.sequence + from_.links - to.sequence) + 1
    tx.conn.update(
        Inscription, row["inscription_id"], list_id=list_id, meeting_id=to.id, organisation_key=key, ready=False,
        asked_ready_at=None, foreseen_start=None, foreseen_seconds=None, foreseen_at=None,
        sequence=row["sequence"] + rise, shown_at=shown_after(tx.now, row["shown_at"]),
        version=row["inscription_version"] + 1,
    )  # fmt: skip
    tx.conn.update(
        Slot, row["id"], list_id=list_id, meeting_id=to.id, placed_at=None, version=row["version"] + 1, **place
    )


def _spend(tx: Tx, from_: str, to: str, rows: Sequence[Row]) -> None:
    remote = sum(row["seconds"] for row in rows if row["mode"] == "remote")
    if remote:
        tx.conn.run_many(_REMOTE, [{"meeting": from_, "seconds": -remote}, {"meeting": to, "seconds": remote}])


def _tell(tx: Tx, by: Author, here: Standing, to: Target, row: Row, *, before: str | None) -> None:
    audience = to.place.audience(row["organisation_id"], row["person_id"])
    turn = {
        "slot": row["id"], "kind": "statement", "seconds": row["seconds"], "category": row["category"],
        "mode": row["mode"], "speaker": row["person_id"], "organisation": row["organisation_id"], "group": to.list,
        "planned_start": to.place.sitting.at(row["starts_after"]).isoformat(), "item": to.item,
        "order": [to.position, -1],
    }  # fmt: skip
    append(
        tx, "inscription.carried", ("inscription", row["inscription_id"]), by, audience,
        meeting_number=next_numbers(tx.conn, to.place.meeting)[0],
        floor={"command": "add", "slot": row["id"], "after": before, "turn": turn},
        list=to.list, slot=row["id"], status="booked", **standing_of(row),
        before={"meeting": here.meeting.id, "list": row["list_id"], "slot": row["id"]},
    )  # fmt: skip


def _come_back(tx: Tx, by: Author, here: Standing, was: Mapping[str, Any], row: Row) -> None:
    _, there = known_meeting(tx.conn, Reader(OPERATOR), was["to"])
    place = {"position": was["position"], "starts_after": was["starts_after"]}
    _move(tx, row, _of(here.meeting), _of(there), was["list"], key=was["organisation_key"], **place)
    _spend(tx, was["to"], here.meeting.id, [row])
    audience = replace(
        here.session.audience(here.meeting.id), organisation=row["organisation_id"], person=row["person_id"]
    )
    append(
        tx, "inscription.brought_back", ("inscription", row["inscription_id"]), by, audience,
        list=was["list"], slot=row["id"], status="booked", **standing_of(row | place),
        before={"meeting": was["to"], "list": row["list_id"], "slot": row["id"]},
    )  # fmt: skip
    replies.tell(tx, by, here.session, was["to"], Event(tx.now, "withdraw", row["id"]))
