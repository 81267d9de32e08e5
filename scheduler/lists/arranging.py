"""What happens to a list's turns: put among them, changed, taken out; whoever is moved by it is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update

from scheduler.errors import Untimely
from scheduler.journal.entries import Author, append
from scheduler.lists import offering, swaps
from scheduler.lists.numbered import numbered, reordered
from scheduler.lists.place import Place, Row, Rows
from scheduler.lists.queries import inscription, slot
from scheduler.lists.remote_minutes import spend_remote
from scheduler.lists.rules import CALLED, NOBODYS
from scheduler.lists.slots import Plan, Turn
from scheduler.lists.tables import Slot
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.versions import shown_after
from scheduler.storage.writer import Tx

_TURNS = Rows(
    select(
        *slot.c,
        inscription.c.person_id,
        inscription.c.organisation_id,
        inscription.c.mode,
        inscription.c.shown_at,
    )
    .select_from(slot.outerjoin(inscription, inscription.c.id == slot.c.inscription_id))
    .where(slot.c.list_id == bindparam("list"))
    .order_by(slot.c.position, slot.c.id)
)
_MOVE = Prepared(
    update(slot)
    .where(slot.c.id == bindparam("slot"))
    .values(
        starts_after=bindparam("to"),
        seconds=bindparam("length"),
        position=bindparam("place"),
        placed_at=func.coalesce(bindparam("by_hand_at", type_=slot.c.placed_at.type), slot.c.placed_at),
        version=slot.c.version + 1,
    )
)
_SHOW = Prepared(
    update(inscription)
    .where(inscription.c.id == bindparam("inscription"))
    .values(sequence=inscription.c.sequence + bindparam("more"), shown_at=bindparam("shown"))
)
_REMOVE = Prepared(delete(slot).where(slot.c.id == bindparam("slot")))


@dataclass(frozen=True, slots=True)
class Hand:
    """The slot that a chair moves by hand, and behind which other; None: before all."""

    slot: str
    after: str | None


def rows_of(conn: Connection, list_id: str) -> list[Row]:
    """A list's slots in order, each with its holder's `person_id` and `organisation_id`."""
    return _TURNS.all(conn, list=list_id)


def turn_of(row: Row) -> Turn:
    """A slot's row as planning sees it."""
    spare = row["kind"] == "statement" and row["status"] in NOBODYS
    return Turn(row["id"], row["starts_after"], row["seconds"], spare, row["status"] in CALLED)


def check_room(plan: Plan, refusal: type[Untimely], sentence: str) -> None:
    """Refuses a plan in which someone's turn, a panel or a break has no room; `slots` of the refusal are their ids."""
    if plan.stuck:
        raise refusal(sentence, slots=[turn.id for turn in plan.stuck])


def apply(
    tx: Tx,
    by: Author,
    place: Place,
    rows: Sequence[Row],
    plan: Plan,
    *,
    positions: Mapping[str, int] | None = None,
    hand: Hand | None = None,
) -> None:
    """Makes a plan true: turns move or change their length, free ones without room go, and the journal tells of each.

    `positions` are the new ones of slots (by id) whose place in the order is another; `hand` is what a chair moved.

    Raises:
        RemoteBudgetExceeded: turns of remote speakers would become longer than the meeting's cap allows.
    """
    before = {row["id"]: row for row in rows}
    moved = []
    for turn in plan.fit:
        if row := before.get(turn.id):
            at = (positions or {}).get(turn.id, row["position"])
            after = row | {"starts_after": turn.starts_after, "seconds": turn.seconds, "position": at}
            if after != row:
                moved.append(after)
    _move(tx, moved, hand)
    held = [(before[row["id"]], row) for row in moved if row["inscription_id"] is not None]
    swaps.lapse(tx, by, [after["inscription_id"] for was, after in held if _elsewhen(was, after)])
    _show(tx, held)
    longer = sum(row["seconds"] - before[row["id"]]["seconds"] for row in moved if row["mode"] == "remote")
    if longer:
        spend_remote(tx.conn, place.meeting, longer)
    fit = {turn.id for turn in plan.fit}
    _tell_moved(tx, by, place, ([row for row in rows if row["id"] in fit], moved), hand)
    remove(tx, by, place, [before[turn.id] for turn in plan.go])


def _tell_moved(
    tx: Tx, by: Author, place: Place, changed: tuple[Sequence[Row], Sequence[Row]], hand: Hand | None
) -> None:
    """The entries of a plan, those whose place among the others or whose length is another with the floor's number."""
    rows, moved = changed
    before = {row["id"]: row for row in rows}
    after = before | {row["id"]: row for row in moved}
    waiting = [row["id"] for row in rows if _waits(row)]
    order = sorted(waiting, key=lambda id_: (after[id_]["position"], id_))
    others = reordered(waiting, order, hand.slot if hand else None)
    for id_ in (*others, *(row["id"] for row in moved if row["id"] not in others)):
        by_hand = {"after": hand.after} if hand and hand.slot == id_ else {}
        lasts = before[id_]["seconds"] == after[id_]["seconds"]
        command = "move" if id_ in others else "change" if not lasts and _waits(after[id_]) else None
        # Whoever is new among them is added later, each behind the one before.
        behind = dict(zip(order[1:], order, strict=False)).get(id_) if command == "move" else None
        number = numbered(tx, place, command, id_, behind=behind) if command else {}
        tell(tx, by, place, "slot.moved", after[id_], **by_hand, **number)


def _waits(row: Row) -> bool:
    return row["status"] not in CALLED and (row["inscription_id"] is not None or row["kind"] != "statement")


def _move(tx: Tx, moved: Sequence[Row], hand: Hand | None) -> None:
    tx.conn.run_many(
        _MOVE,
        [
            {
                "slot": row["id"],
                "to": row["starts_after"],
                "length": row["seconds"],
                "place": row["position"],
                "by_hand_at": tx.now if hand and hand.slot == row["id"] else None,
            }
            for row in moved
        ],
    )


def _elsewhen(before: Row, after: Row) -> bool:
    return (before["starts_after"], before["seconds"]) != (after["starts_after"], after["seconds"])


def _show(tx: Tx, held: Sequence[tuple[Row, Row]]) -> None:
    """Their calendars show another time, or at least another number in the list."""
    tx.conn.run_many(
        _SHOW,
        [
            {
                "inscription": after["inscription_id"],
                "more": int(_elsewhen(before, after)),
                "shown": shown_after(tx.now, before["shown_at"]),
            }
            for before, after in held
        ],
    )


def remove(tx: Tx, by: Author, place: Place, rows: Sequence[Row]) -> None:
    """Takes slots that nobody holds out of their list."""
    discard(tx, [row["id"] for row in rows])
    for row in rows:
        number = numbered(tx, place, "withdraw", row["id"]) if row["kind"] != "statement" else {}
        tell(tx, by, place, "slot.removed", row | {"status": "withdrawn"}, **number)


def discard(tx: Tx, slots: Sequence[str]) -> None:
    """The same untold, by their ids. To whom one was offered, she keeps her place among those who wait."""
    offering.release(tx, slots)
    tx.conn.run_many(_REMOVE, [{"slot": id_} for id_ in slots])


def insert(tx: Tx, place: Place, list_id: str, turns: Sequence[dict[str, Any]]) -> None:
    """Adds slots: of each `id, position, kind, title, seconds, starts_after, status`."""
    tx.conn.insert_many(
        Slot, [{"list_id": list_id, "meeting_id": place.meeting, "version": 1, **turn} for turn in turns]
    )


def tell(tx: Tx, by: Author, place: Place, kind: str, row: Row, **more: Any) -> None:
    """Leaves an entry about a slot as it stands now; its holder, if any, hears of it."""
    audience = place.audience(row.get("organisation_id"), row.get("person_id"))
    append(
        tx, kind, ("slot", row["id"]), by, audience,
        list=row["list_id"], slot=row["id"], status=row["status"], inscription=row["inscription_id"],
        **standing_of(row), **more,
    )  # fmt: skip


def standing_of(row: Row) -> dict[str, int]:
    """Where in its list a slot stands, for entries: the journal alone tells how a list stood at any moment."""
    return {name: row[name] for name in ("position", "starts_after", "seconds")}
