"""Making a proposal true: slots given, moved and taken back, and everybody told who is concerned."""

from collections.abc import Sequence
from dataclasses import replace

from scheduler.allocation.proposals import Fixed, Given, Proposal
from scheduler.allocation.queries import Standing, is_fixed
from scheduler.ids import new_id
from scheduler.journal.entries import Author
from scheduler.lists import allotting, arranging, queues
from scheduler.lists.place import Row
from scheduler.lists.slots import Turn
from scheduler.storage.writer import Tx

LEFT_OUT = "inscription.left_out"
"""The journal's entry about somebody who had a turn and is given none."""


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
    place, list_id = standing.place, standing.row["id"]
    given = [each.share.entry.id for each in proposal.given]
    ids = {id_: new_id() for id_ in given if id_ not in standing.held}
    order = turns(standing, proposal, ids)
    if [(turn.id, turn.seconds) for turn in order] == [(row["id"], row["seconds"]) for row in standing.slots]:
        return False
    # Minutes that are given back come first, or the cap would refuse what fits in the end.
    allotting.hand_back(tx, by, place, _lost(standing, given), LEFT_OUT)
    added = {slot: {"kind": "statement", "status": "booked", "inscription_id": id_} for id_, slot in ids.items()}
    queues.arrange(tx, by, place, list_id, order, added=added)
    made = {row["id"]: row for row in arranging.rows_of(tx.conn, list_id)}
    new = [allotting.Given(standing.inscribed[id_], made[slot]) for id_, slot in ids.items()]
    allotting.give(tx, by, place, new)
    for row in standing.slots:
        if arranging.turn_of(row).spare:
            arranging.tell(tx, by, place, "slot.removed", row | {"status": "withdrawn"})
    return True


def _turn(standing: Standing, given: Given, ids: dict[str, str]) -> Turn:
    entry, seconds = given.share.entry, given.share.seconds
    row = standing.held.get(entry.id)
    return replace(arranging.turn_of(row), seconds=seconds) if row else Turn(ids[entry.id], 0, seconds, spare=False)


def _lost(standing: Standing, given: Sequence[str]) -> list[Row]:
    """The slots of those who are given none."""
    stay = set(given)
    return [row for id_, row in standing.held.items() if not is_fixed(row) and id_ not in stay]
