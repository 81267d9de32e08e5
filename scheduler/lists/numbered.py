"""What a meeting's floor hears of its lists: a change of the queue is an event with a number in its meeting.

The room that changes the queue numbers it in the entry that it writes anyway. While the meeting sits, the entry also
holds what the floor folds, read from the tables as the change has left them; before, the floor reads those itself.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, or_, select

from scheduler.lists.place import Place, Row, Rows, list_, meeting
from scheduler.lists.queries import inscription, slot
from scheduler.lists.rules import CALLED
from scheduler.lists.windows import Sitting
from scheduler.programme.records import next_numbers
from scheduler.programme.rules import RUNNING
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx

_FIRST, _LAST = -1, 1_000_000

TURNS = (
    select(
        *(slot.c.id, slot.c.kind, slot.c.title, slot.c.seconds, slot.c.starts_after, slot.c.list_id, slot.c.position),
        *(slot.c.status, list_.c.position.label("list_position"), list_.c.item_id),
        *(inscription.c.person_id, inscription.c.organisation_id, inscription.c.category, inscription.c.mode),
        *(inscription.c.ready, inscription.c.asked_ready_at),
        *(meeting.c.date, meeting.c.timezone, meeting.c.starts_at, meeting.c.ends_at),
    )
    .select_from(
        slot.join(list_, list_.c.id == slot.c.list_id)
        .join(meeting, meeting.c.id == slot.c.meeting_id)
        .outerjoin(inscription, inscription.c.id == slot.c.inscription_id)
    )
    .where(or_(slot.c.inscription_id.is_not(None), slot.c.kind != "statement"))
    .order_by(list_.c.position, list_.c.id, slot.c.position, slot.c.id)
)
"""The turns that somebody holds, panels and breaks, list by list in their order."""

_there = slot.alias()
_OF_ITS_LIST = Rows(
    TURNS.where(slot.c.list_id == select(_there.c.list_id).where(_there.c.id == bindparam("slot")).scalar_subquery())
)
_CHANGING = ("seconds", "title", "category", "mode", "speaker", "organisation", "ready")


def turn_values(row: Row) -> Row:
    """What the floor knows of a turn, from a row of TURNS, by the floor's names. People are told by their ids."""
    sitting = Sitting(row["date"], row["timezone"], row["starts_at"], row["ends_at"])
    return {
        "slot": row["id"],
        "kind": row["kind"],
        "seconds": row["seconds"],
        "category": row["category"],
        "mode": row["mode"],
        "ready": bool(row["ready"]),
        "asked_ready_at": row["asked_ready_at"],
        "speaker": row["person_id"],
        "organisation": row["organisation_id"],
        "title": row["title"],
        "group": row["list_id"],
        "planned_start": sitting.at(row["starts_after"]),
        "item": row["item_id"],
        "order": (row["list_position"], row["position"]),
    }


def numbered(tx: Tx, place: Place, command: str, slot_id: str, *, behind: str | None = None) -> dict[str, Any]:
    """What an entry about a slot says to the floor, once the tables hold it: for `append`.

    `command` is `add` (somebody holds it now), `withdraw`, `move` (its place among the others is another), `change`,
    `ready` or `ask_ready`. `behind` is whom a moved one follows among those that the floor knows; None: the first.
    """
    told = numbered_together(tx, place, command, [slot_id])[0]
    return told | ({"floor": told["floor"] | {"after": behind}} if behind and "floor" in told else {})


def numbered_together(tx: Tx, place: Place, command: str, slots: Sequence[str]) -> list[dict[str, Any]]:
    """The same for several slots of one meeting, in order."""
    numbers = next_numbers(tx.conn, place.meeting, len(slots)) if slots else ()
    if place.meeting_status not in RUNNING:
        return [{"meeting_number": number} for number in numbers]
    return [
        {"meeting_number": number, "floor": {"command": command, "slot": slot_id} | _told(tx.conn, command, slot_id)}
        for number, slot_id in zip(numbers, slots, strict=True)
    ]


def reordered(before: Sequence[str], after: Sequence[str], hand: str | None) -> list[str]:
    """Which slots to move, one after the other, to come from one order to another of the same slots."""
    order, moved = list(before), list[str]()
    for slot_id in (*([hand] if hand is not None and hand in after else []), *after):
        at = after.index(slot_id)
        if order.index(slot_id) != at and order != list(after):
            order.remove(slot_id)
            order.insert(at, slot_id)
            moved.append(slot_id)
    return moved


def _told(conn: Connection, command: str, slot_id: str) -> Row:
    if command in {"withdraw", "ask_ready"}:
        return {}
    rows = _OF_ITS_LIST.all(conn, slot=slot_id)
    at = next(number for number, row in enumerate(rows) if row["id"] == slot_id)
    values = turn_values(rows[at])
    values["planned_start"] = values["planned_start"].isoformat()
    if values["asked_ready_at"] is not None:
        values["asked_ready_at"] = values["asked_ready_at"].isoformat()
    if command == "ready":
        return {"ready": values["ready"]}
    if command == "change":
        return {"changes": {name: values[name] for name in _CHANGING}}
    if command == "move":
        return {"to": "front", "seconds": values["seconds"]}
    waiting = [row["id"] for row in rows[:at] if row["status"] not in CALLED]
    behind = {"after": waiting[-1]} if waiting else {}
    last = not any(row["status"] not in CALLED for row in rows[at + 1 :])
    place_in_list = _LAST if last else _FIRST
    return ({} if last else behind) | {"turn": values | {"order": (rows[at]["list_position"], place_in_list)}}
