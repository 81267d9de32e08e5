"""Making a proposal true: slots given, moved and taken back, and everybody told who is concerned."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import bindparam, null, update

from scheduler.allocation.proposals import Fixed, Given, Proposal
from scheduler.allocation.queries import Standing, is_fixed
from scheduler.ids import new_id
from scheduler.journal.entries import Author, append
from scheduler.lists import arranging, queues
from scheduler.lists.place import Row
from scheduler.lists.queries import inscription
from scheduler.lists.remote_minutes import spend_remote
from scheduler.lists.slots import Turn
from scheduler.storage.connection import Prepared
from scheduler.storage.versions import shown_after
from scheduler.storage.writer import Tx

_CHANGES = {
    "sequence": inscription.c.sequence + bindparam("more"),
    "shown_at": bindparam("shown"),
    "version": inscription.c.version + 1,
}
_ALLOT = Prepared(
    update(inscription)
    .where(inscription.c.id == bindparam("inscription"))
    .values(status="allotted", slot_id=bindparam("slot"), held_after=null(), held_seconds=null(), **_CHANGES)
)
_LEAVE_OUT = Prepared(
    update(inscription)
    .where(inscription.c.id == bindparam("inscription"))
    .values(
        status="pending", slot_id=null(), held_after=bindparam("after"), held_seconds=bindparam("length"), **_CHANGES
    )
)


def turns(standing: Standing, proposal: Proposal, ids: dict[str, str]) -> list[Turn]:
    """The turns in the order proposed, their starts still to be found; `ids` are those of new slots by inscription."""
    rows = {row["id"]: row for row in standing.slots}
    return [
        arranging.turn_of(rows[each.id]) if isinstance(each, Fixed) else _turn(standing, each, ids)
        for each in proposal.sequence
    ]


def apply(tx: Tx, by: Author, standing: Standing, proposal: Proposal) -> bool:
    """Writes a proposal and tells of it, unless all is so already; whether anything changed.

    Raises:
        OverBudget, RemoteBudgetExceeded: never for what `standing` was read in this very transaction.
    """
    gained = [each.share.entry.id for each in proposal.given if each.share.entry.id not in standing.held]
    given = {each.share.entry.id for each in proposal.given}
    lost = [row for id_, row in standing.held.items() if not is_fixed(row) and id_ not in given]
    ids = {id_: new_id() for id_ in gained}
    order = turns(standing, proposal, ids)
    same = [(turn.id, turn.seconds) for turn in order] == [(row["id"], row["seconds"]) for row in standing.slots]
    if same:
        return False
    _spend(tx, standing, -sum(row["seconds"] for row in lost if row["mode"] == "remote"))
    added = {slot: {"kind": "statement", "status": "booked", "inscription_id": id_} for id_, slot in ids.items()}
    queues.arrange(tx, by, standing.place, standing.row["id"], order, added=added)
    new = [each.share for each in proposal.given if each.share.entry.id in ids]
    _spend(tx, standing, sum(share.seconds for share in new if share.entry.mode == "remote"))
    _leave_out(tx, by, standing, lost)
    _allot(tx, by, standing, ids)
    _tell_of_free(tx, by, standing)
    return True


def _turn(standing: Standing, given: Given, ids: dict[str, str]) -> Turn:
    entry, seconds = given.share.entry, given.share.seconds
    row = standing.held.get(entry.id)
    return replace(arranging.turn_of(row), seconds=seconds) if row else Turn(ids[entry.id], 0, seconds, spare=False)


def _spend(tx: Tx, standing: Standing, seconds: int) -> None:
    if seconds:
        spend_remote(tx.conn, standing.place.meeting, seconds)


def _leave_out(tx: Tx, by: Author, standing: Standing, lost: Sequence[Row]) -> None:
    """Her calendar keeps the turn, as cancelled: so it takes in the join link's changes, as in withdrawing."""
    tx.conn.run_many(
        _LEAVE_OUT,
        [
            {
                "inscription": row["inscription_id"],
                "after": row["starts_after"],
                "length": row["seconds"],
                "more": 1 + standing.links,
                "shown": shown_after(tx.now, row["shown_at"]),
            }
            for row in lost
        ],
    )
    for row in lost:
        _tell(tx, by, standing, "inscription.left_out", row | {"status": "withdrawn"})


def _allot(tx: Tx, by: Author, standing: Standing, ids: dict[str, str]) -> None:
    rows = {row["id"]: row for row in arranging.rows_of(tx.conn, standing.row["id"])}
    gained = [(standing.inscribed[id_], rows[slot]) for id_, slot in ids.items()]
    tx.conn.run_many(
        _ALLOT,
        [
            {
                "inscription": row["id"],
                "slot": slot["id"],
                "more": int(row["held_after"] is not None),
                "shown": shown_after(tx.now, row["shown_at"]),
            }
            for row, slot in gained
        ],
    )
    for _, slot in gained:
        _tell(tx, by, standing, "inscription.allotted", slot)


def _tell_of_free(tx: Tx, by: Author, standing: Standing) -> None:
    """Slots that nobody holds have no place in a queue that is allotted anew."""
    for row in standing.slots:
        if arranging.turn_of(row).spare:
            arranging.tell(tx, by, standing.place, "slot.removed", row | {"status": "withdrawn"})


def _tell(tx: Tx, by: Author, standing: Standing, kind: str, slot: Row) -> None:
    who = standing.inscribed[slot["inscription_id"]]
    append(
        tx, kind, ("inscription", who["id"]), by,
        standing.place.audience(who["organisation_id"], who["person_id"]),
        list=standing.row["id"], slot=slot["id"], status=slot["status"], **arranging.standing_of(slot),
    )  # fmt: skip
