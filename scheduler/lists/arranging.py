"""What happens to a list's turns: put among them, changed, taken out; whoever is moved by it is told."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from scheduler.errors import Untimely
from scheduler.journal.entries import Author, append
from scheduler.lists.place import Place, Row, Rows
from scheduler.lists.queries import inscription, slot
from scheduler.lists.remote_minutes import spend_remote
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
    .values(starts_after=bindparam("to"), seconds=bindparam("length"), version=slot.c.version + 1)
)
_SHOW = Prepared(
    update(inscription)
    .where(inscription.c.id == bindparam("inscription"))
    .values(sequence=inscription.c.sequence + 1, shown_at=bindparam("shown"))
)
_REMOVE = Prepared(delete(slot).where(slot.c.id == bindparam("slot")))


def rows_of(conn: Connection, list_id: str) -> list[Row]:
    """A list's slots in order, each with its holder's `person_id` and `organisation_id`."""
    return _TURNS.all(conn, list=list_id)


def turn_of(row: Row) -> Turn:
    """A slot's row as planning sees it."""
    spare = row["kind"] == "statement" and row["status"] == "free"
    return Turn(row["id"], row["starts_after"], row["seconds"], spare)


def check_room(plan: Plan, refusal: type[Untimely], sentence: str) -> None:
    """Refuses a plan in which someone's turn, a panel or a break has no room; `slots` of the refusal are their ids."""
    if plan.stuck:
        raise refusal(sentence, slots=[turn.id for turn in plan.stuck])


def apply(tx: Tx, by: Author, place: Place, rows: Sequence[Row], plan: Plan) -> None:
    """Makes a plan true: turns move or change their length, free ones without room go, and the journal tells of each.

    Raises:
        RemoteBudgetExceeded: turns of remote speakers would become longer than the meeting's cap allows.
    """
    before = {row["id"]: row for row in rows}
    moved = [turn for turn in plan.fit if (row := before.get(turn.id)) and turn != turn_of(row)]
    tx.conn.run_many(_MOVE, [{"slot": turn.id, "to": turn.starts_after, "length": turn.seconds} for turn in moved])
    held = [before[turn.id] for turn in moved if before[turn.id]["inscription_id"] is not None]
    longer = sum(turn.seconds - before[turn.id]["seconds"] for turn in moved if before[turn.id]["mode"] == "remote")
    if longer:
        spend_remote(tx.conn, place.meeting, longer)
    tx.conn.run_many(
        _SHOW,
        [{"inscription": row["inscription_id"], "shown": shown_after(tx.now, row["shown_at"])} for row in held],
    )
    for turn in moved:
        tell(tx, by, place, "slot.moved", before[turn.id])
    remove(tx, by, place, [before[turn.id] for turn in plan.go])


def remove(tx: Tx, by: Author, place: Place, rows: Sequence[Row]) -> None:
    """Takes slots that nobody holds out of their list."""
    tx.conn.run_many(_REMOVE, [{"slot": row["id"]} for row in rows])
    for row in rows:
        tell(tx, by, place, "slot.removed", row | {"status": "withdrawn"})


def insert(tx: Tx, place: Place, list_id: str, turns: Sequence[dict[str, Any]]) -> None:
    """Adds slots: of each `id, position, kind, title, seconds, starts_after, status`."""
    tx.conn.insert_many(
        Slot, [{"list_id": list_id, "meeting_id": place.meeting, "version": 1, **turn} for turn in turns]
    )


def tell(tx: Tx, by: Author, place: Place, kind: str, row: Row) -> None:
    """Leaves an entry about a slot; its holder, if any, hears of it."""
    audience = place.audience(row.get("organisation_id"), row.get("person_id"))
    append(
        tx, kind, ("slot", row["id"]), by, audience,
        list=row["list_id"], slot=row["id"], status=row["status"], inscription=row["inscription_id"],
    )  # fmt: skip
