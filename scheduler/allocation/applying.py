"""Making a proposal true: slots given, moved and taken back, and everybody told who is concerned."""

from collections.abc import Sequence
from dataclasses import replace

from scheduler.allocation.proposals import Fixed, Given, Proposal
from scheduler.allocation.queries import Standing, is_fixed
from scheduler.ids import new_id
from scheduler.journal.entries import Author
from scheduler.lists import allotting, arranging, queues
from scheduler.lists.place import Row
from scheduler.lists.slots import Turn, queued
from scheduler.storage.writer import Tx

NONE = ""
"""The id of a slot that there is not yet."""

LEFT_OUT = "inscription.left_out"
"""The journal's entry about somebody who had a turn and is given none."""


def proposed(standing: Standing, proposal: Proposal) -> list[Row]:
    """The list's rows of slots as a proposal would have them; one that is not there yet has no id."""
    rows = {row["id"]: row for row in standing.slots}
    order = _turns(standing, proposal, {})
    laid = queued(order, standing.row["window_start"], standing.row["gap_seconds"])
    return [
        (_new(standing, each) if isinstance(each, Given) and turn.id == NONE else rows[turn.id])
        | {"position": each.position, "starts_after": turn.starts_after, "seconds": turn.seconds}
        for each, turn in zip(proposal.sequence, laid, strict=True)
    ]


def apply(tx: Tx, by: Author, standing: Standing, proposal: Proposal) -> list[Row] | None:
    """Writes a proposal and tells of it: the list's rows of slots as they stand then, None if all is so already.

    Raises:
        OverBudget, RemoteBudgetExceeded: never for what `standing` was read in this very transaction.
    """
    place, list_id = standing.place, standing.row["id"]
    given = [each.share.entry.id for each in proposal.given]
    ids = {id_: new_id() for id_ in given if id_ not in standing.held}
    order = _turns(standing, proposal, ids)
    if [(turn.id, turn.seconds) for turn in order] == [(row["id"], row["seconds"]) for row in standing.slots]:
        return None
    # Minutes that are given back come first, or the cap would refuse what fits in the end.
    allotting.hand_back(tx, by, place, _lost(standing, given), LEFT_OUT)
    added = {slot: {"kind": "statement", "status": "booked", "inscription_id": id_} for id_, slot in ids.items()}
    queues.arrange(tx, by, place, list_id, order, added=added)
    rows = arranging.rows_of(tx.conn, list_id)
    made = {row["id"]: row for row in rows}
    new = [allotting.Given(standing.inscribed[id_], made[slot]) for id_, slot in ids.items()]
    allotting.give(tx, by, place, new)
    for row in standing.slots:
        if arranging.turn_of(row).spare:
            arranging.tell(tx, by, place, "slot.removed", row | {"status": "withdrawn"})
    return rows


def _turns(standing: Standing, proposal: Proposal, ids: dict[str, str]) -> list[Turn]:
    """The turns in the order proposed, their starts still to be found; `ids` are those of new slots by inscription."""
    rows = {row["id"]: row for row in standing.slots}
    return [
        arranging.turn_of(rows[each.id]) if isinstance(each, Fixed) else _turn(standing, each, ids)
        for each in proposal.sequence
    ]


def _new(standing: Standing, given: Given) -> Row:
    """A slot that there is not yet."""
    who = standing.inscribed[given.share.entry.id]
    reserve = dict.fromkeys(("reserved_category", "reserved_mode", "reserved_organisation_id"))
    return reserve | {
        "id": NONE, "list_id": who["list_id"], "kind": "statement", "title": None, "inscription_id": who["id"],
        "organisation_id": who["organisation_id"], "mode": who["mode"], "status": "booked", "version": 1,
    }  # fmt: skip


def _turn(standing: Standing, given: Given, ids: dict[str, str]) -> Turn:
    entry, seconds = given.share.entry, given.share.seconds
    row = standing.held.get(entry.id)
    return (
        replace(arranging.turn_of(row), seconds=seconds)
        if row
        else Turn(ids.get(entry.id, NONE), 0, seconds, spare=False)
    )


def _lost(standing: Standing, given: Sequence[str]) -> list[Row]:
    """The slots of those who are given none."""
    stay = set(given)
    return [row for id_, row in standing.held.items() if not is_fixed(row) and id_ not in stay]
