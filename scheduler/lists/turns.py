"""The chair's acts on single turns: a panel or break put among them, one kept for somebody, made longer, taken out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, select

from scheduler.errors import Meaningless, ModeNotOffered, NotAllowedNow, NotFound, OverBudget
from scheduler.ids import new_id
from scheduler.journal.entries import Author
from scheduler.lists import arranging, offering, queues
from scheduler.lists.allotting import hand_back
from scheduler.lists.numbered import numbered
from scheduler.lists.place import NO_LIST, Place, Row, known_list
from scheduler.lists.queries import slot
from scheduler.lists.rules import CALLED, NOBODYS, Reserve, modes_offered
from scheduler.lists.slot_queries import NO_SLOT, organisation, slot_views
from scheduler.lists.slots import Turn, plan, waiting_from
from scheduler.lists.tables import Slot
from scheduler.lists.views import SlotView
from scheduler.people.permission import Act, Actor, require
from scheduler.people.reader import Reader
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.versions import check_version, differing
from scheduler.storage.writer import Tx

_LIST_OF = Prepared(select(slot.c.list_id).where(slot.c.id == bindparam("slot")))
_ORGANISATION = Prepared(select(organisation.c.id).where(organisation.c.id == bindparam("organisation")))
_NO_ROOM = "The turns in `slots` would end after the list's window. Make it shorter, or make room first."


@dataclass(frozen=True, slots=True)
class Interlude:
    """A `panel` or `break` to put among the turns: behind the slot `after`, or before all where it is None."""

    kind: str
    seconds: int
    title: str | None = None
    after: str | None = None


def put(tx: Tx, actor: Actor, list_id: str, new: Interlude) -> SlotView:
    """Puts a panel or break among the turns: those behind it move by its length and the gap.

    Free slots at the end that have no room any more go. The session's chair and secretariat may.

    Raises:
        NotFound, Forbidden, Meaningless: no such list; she may not; `after` is no slot of the list.
        OverBudget: it, or a turn that somebody holds, would have no room in the window (`slots`).
        NotAllowedNow: the meeting is cancelled or over.
    """
    row, place, by = permitted(tx.conn, actor, list_id)
    rows = arranging.rows_of(tx.conn, list_id)
    at = behind(rows, new.after)
    place.check_alive()
    turn = Turn(new_id(), row["window_start"], new.seconds, spare=False)
    said = {"kind": new.kind, "title": new.title, "status": "booked"}
    if row["allocation"] == "queue":
        turns = [arranging.turn_of(each) for each in rows]
        at = max(at, waiting_from(turns))
        queues.arrange(tx, by, place, list_id, [*turns[:at], turn, *turns[at:]], added={turn.id: said})
    else:
        _squeeze_in(tx, (by, place, row), rows, at, (turn, said))
    number = numbered(tx, place, "add", turn.id)
    arranging.tell(tx, by, place, "slot.added", _added(tx.conn, list_id, turn.id), **number)
    return slot_views(tx.conn, [turn.id])[0]


def _squeeze_in(tx: Tx, where: tuple[Author, Place, Row], rows: Sequence[Row], at: int, new: tuple[Turn, Row]) -> None:
    by, place, row = where
    turns = [arranging.turn_of(each) for each in rows]
    gap = row["gap_seconds"]
    turn = replace(new[0], starts_after=turns[at - 1].ends_after + gap) if at else new[0]
    planned = plan([*turns[:at], turn], turns[at:], turn.seconds + gap, gap, row["window_end"])
    if any(stuck.id == turn.id for stuck in planned.stuck):
        raise OverBudget("This would end after the list's window. Make it shorter, or put it earlier.", slots=[])
    arranging.check_room(planned, OverBudget, _NO_ROOM)
    position = rows[at]["position"] if at < len(rows) else (rows[-1]["position"] + 1 if rows else 1)
    added = {"id": turn.id, "position": position, "seconds": turn.seconds, "starts_after": turn.starts_after}
    arranging.insert(tx, place, row["id"], [added | new[1]])
    arranging.apply(tx, by, place, rows, planned, positions={each["id"]: each["position"] + 1 for each in rows[at:]})


def _added(conn: Connection, list_id: str, slot_id: str) -> Row:
    return next(row for row in arranging.rows_of(conn, list_id) if row["id"] == slot_id)


def change(
    tx: Tx, actor: Actor, slot_id: str, changes: Mapping[str, Any], expected_version: int | None = None
) -> SlotView:
    """Changes a slot's `title`, `reserved_for` ({category?, mode?, organisation?} or None) or `seconds`.

    With its length the turns behind it move. The session's chair and secretariat may.

    Raises:
        NotFound, Forbidden: there is no such slot that she may know of; she may not.
        Meaningless: a panel or break reserved, a mode that the list does not offer, no such organisation.
        OverBudget: a turn that somebody holds would have no room in the window (`slots`).
        RemoteBudgetExceeded, NotAllowedNow, VersionConflict: too few remote minutes; the meeting is cancelled or over;
            somebody was first.
    """
    row, place, by = permitted(tx.conn, actor, list_of(tx.conn, slot_id), NO_SLOT)
    rows = arranging.rows_of(tx.conn, row["id"])
    at = behind(rows, slot_id) - 1
    values = _values(tx.conn, row, place, rows[at], changes)
    place.check_alive()
    check_version(expected_version, rows[at]["version"], lambda: slot_views(tx.conn, [slot_id])[0])
    changed = differing(rows[at], values)
    if "seconds" in changed and rows[at]["status"] in CALLED:
        raise NotAllowedNow("This turn has been called. Give it more time from the floor.", allowed=["extend"])
    if length := changed.pop("seconds", None):
        _lengthen(tx, (by, place, row), rows, at, length)
    if changed:
        if changed.keys() != {"title"}:
            _kept_for_others(tx, rows[at])
        tx.conn.update(Slot, slot_id, **changed, version=rows[at]["version"] + 1)
    if changed or length:
        number = (
            numbered(tx, place, "change", slot_id) if "title" in changed and rows[at]["status"] not in NOBODYS else {}
        )
        arranging.tell(tx, by, place, "slot.changed", rows[at], **number)
        offering.catch_up_meetings(tx, [place.meeting])
    return slot_views(tx.conn, [slot_id])[0]


def _kept_for_others(tx: Tx, row: Row) -> None:
    """Whoever it is offered to may not be able to book it any more, and others may."""
    if row["status"] == "offered":
        offering.release(tx, [row["id"]])
        row |= {"status": "free", "version": row["version"] + 1}


def take_out(tx: Tx, actor: Actor, slot_id: str) -> None:
    """Takes out a slot. What is behind a panel or break moves up; a free slot leaves a hole.

    A published turn is a promise, so nobody is moved for a slot that nobody wanted. In a queue a turn that somebody has
    can be taken out too: her inscription is pending again, and those behind her move up.

    Raises:
        NotFound, Forbidden: there is no such slot that she may know of; she may not.
        NotAllowedNow: somebody booked it, or was called; the meeting is cancelled or over.
    """
    row, place, by = permitted(tx.conn, actor, list_of(tx.conn, slot_id), NO_SLOT)
    rows = arranging.rows_of(tx.conn, row["id"])
    at = behind(rows, slot_id) - 1
    place.check_alive()
    if rows[at]["status"] in CALLED:
        raise NotAllowedNow("This turn has been called. It stays in the list.", allowed=[])
    held = rows[at]["inscription_id"] is not None
    if row["allocation"] == "queue":
        if held:
            hand_back(tx, by, place, [rows[at]])
        else:
            arranging.remove(tx, by, place, [rows[at]])
        queues.arrange(tx, by, place, row["id"], [arranging.turn_of(each) for each in [*rows[:at], *rows[at + 1 :]]])
        return
    if held:
        raise NotAllowedNow("Somebody holds this slot. It can be taken out once she has withdrawn.", allowed=[])
    _leave_out(tx, (by, place, row), rows, at)


def _leave_out(tx: Tx, where: tuple[Author, Place, Row], rows: Sequence[Row], at: int) -> None:
    by, place, row = where
    arranging.remove(tx, by, place, [rows[at]])
    if rows[at]["kind"] != "statement":
        turns = [arranging.turn_of(each) for each in rows]
        back = -(rows[at]["seconds"] + row["gap_seconds"])
        planned = plan(turns[:at], turns[at + 1 :], back, row["gap_seconds"], row["window_end"])
        arranging.apply(tx, by, place, rows, planned)


def permitted(conn: Connection, actor: Actor, list_id: str, missing: str = NO_LIST) -> tuple[Row, Place, Author]:
    """The row of a list that `actor` may run, and where it stands. Raises NotFound (`missing`), Forbidden."""
    row, place = known_list(conn, Reader(actor), list_id, missing)
    return row, place, Author(actor.id, require(actor, Act.RUN_LISTS, place.scopes()))


def list_of(conn: Connection, slot_id: str) -> str:
    """The list of a slot. Raises NotFound."""
    found = conn.first(_LIST_OF, slot=slot_id)
    if found is None:
        raise NotFound(NO_SLOT)
    return str(found[0])


def behind(rows: Sequence[Row], after: str | None) -> int:
    """How many slots come before the place behind `after`, 0 for None. Raises Meaningless: it is not among them."""
    if after is None:
        return 0
    for number, row in enumerate(rows, 1):
        if row["id"] == after:
            return number
    raise Meaningless("There is no such slot in this list to put it behind.", field="after")


def _values(conn: Connection, row: Row, place: Place, before: Row, changes: Mapping[str, Any]) -> Row:
    values: Row = {name: changes[name] for name in ("title", "seconds") if name in changes}
    if "reserved_for" in changes:
        kept_for = changes["reserved_for"] or {}
        reserve = Reserve(kept_for.get("category"), kept_for.get("mode"), kept_for.get("organisation"))
        _check_reserve(conn, reserve, before["kind"], modes_offered(row["modes"], place.format))
        values["reserved_category"] = reserve.category
        values["reserved_mode"] = reserve.mode
        values["reserved_organisation_id"] = reserve.organisation
    return values


def _check_reserve(conn: Connection, reserve: Reserve, kind: str, offered: Sequence[str]) -> None:
    if kind != "statement" and reserve != Reserve():
        raise Meaningless("Only a turn for a speaker can be reserved, no panel or break.", field="reserved_for")
    if reserve.mode not in {None, *offered}:
        raise ModeNotOffered(f"The list does not offer {reserve.mode}.", field="reserved_for.mode")
    named = reserve.organisation
    if named is not None and conn.first(_ORGANISATION, organisation=named) is None:
        raise Meaningless("There is no such organisation.", field="reserved_for.organisation")


def _lengthen(tx: Tx, where: tuple[Author, Place, Row], rows: Sequence[Row], at: int, seconds: int) -> None:
    by, place, row = where
    turns = [arranging.turn_of(each) for each in rows]
    longer = replace(turns[at], seconds=seconds, spare=False)
    gap, more = row["gap_seconds"], seconds - turns[at].seconds
    if row["allocation"] == "queue":
        queues.arrange(tx, by, place, row["id"], [*turns[:at], longer, *turns[at + 1 :]])
        return
    planned = plan([*turns[:at], longer], turns[at + 1 :], more, gap, row["window_end"])
    arranging.check_room(planned, OverBudget, _NO_ROOM)
    arranging.apply(tx, by, place, rows, planned)
