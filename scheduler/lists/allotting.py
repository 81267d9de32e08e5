"""What it means to be given a turn, and to lose it again: the inscription's side, its remote minutes, who is told."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, case, null, select, update

from scheduler.errors import NotAllowedNow
from scheduler.journal.entries import Author, append
from scheduler.lists import swaps
from scheduler.lists.arranging import standing_of
from scheduler.lists.numbered import numbered_together
from scheduler.lists.place import Place, Row, meeting
from scheduler.lists.queries import inscription
from scheduler.lists.remote_minutes import spend_remote
from scheduler.storage.connection import Prepared
from scheduler.storage.versions import shown_after
from scheduler.storage.writer import Tx

# Who had a turn before has a cancelled entry in her calendar: the new one must be its next revision.
_GIVE = Prepared(
    update(inscription)
    .where(inscription.c.id == bindparam("inscription"), inscription.c.status == "pending")
    .values(
        status="allotted",
        slot_id=bindparam("slot"),
        held_after=null(),
        held_seconds=null(),
        sequence=inscription.c.sequence + case((inscription.c.held_after.is_not(None), 1), else_=0),
        shown_at=bindparam("shown"),
        version=inscription.c.version + 1,
    )
)
_TAKE = Prepared(
    update(inscription)
    .where(inscription.c.id == bindparam("inscription"), inscription.c.status == "allotted")
    .values(
        status="pending",
        slot_id=null(),
        held_after=bindparam("after"),
        held_seconds=bindparam("seconds"),
        sequence=inscription.c.sequence + bindparam("more"),
        shown_at=bindparam("shown"),
        version=inscription.c.version + 1,
    )
)
_LINKS = Prepared(select(meeting.c.links_sequence).where(meeting.c.id == bindparam("meeting")))


@dataclass(frozen=True, slots=True)
class Given:
    """A turn for one who is pending: her inscription's row and that of her new slot, which stands already.

    Of the inscription `id, mode, shown_at, organisation_id, person_id` are read, of the slot `id, list_id, position,
    starts_after, seconds`.
    """

    inscription: Row
    slot: Row


def give(tx: Tx, by: Author, place: Place, given: Sequence[Given]) -> None:
    """Makes pending inscriptions allotted; permission is asked and the slots are written before.

    Raises:
        RemoteBudgetExceeded: the turns of remote speakers pass the meeting's cap.
        NotAllowedNow: one of them is not pending any more.
    """
    remote = sum(each.slot["seconds"] for each in given if each.inscription["mode"] == "remote")
    if remote:
        spend_remote(tx.conn, place.meeting, remote)
    rows = [
        {
            "inscription": each.inscription["id"],
            "slot": each.slot["id"],
            "shown": shown_after(tx.now, each.inscription["shown_at"]),
        }
        for each in given
    ]
    if tx.conn.run_many(_GIVE, rows) != len(rows):
        raise NotAllowedNow("Somebody among them is not waiting for a turn any more. Look at the list again.")
    numbers = numbered_together(tx, place, "add", [each.slot["id"] for each in given])
    for each, number in zip(given, numbers, strict=True):
        who = each.inscription["organisation_id"], each.inscription["person_id"]
        append(
            tx, "inscription.allotted", ("inscription", each.inscription["id"]), by, place.audience(*who),
            list=each.slot["list_id"], slot=each.slot["id"], status="booked", **standing_of(each.slot), **number,
        )  # fmt: skip


def hand_back(tx: Tx, by: Author, place: Place, rows: Sequence[Row], kind: str = "inscription.returned") -> None:
    """Makes those who hold these slots (rows of `arranging.rows_of`) pending again; the caller takes the slots out.

    Their calendars show the turn as cancelled. A SEQUENCE takes in the join link's, which is not shown any more. `kind`
    is that of the journal's entries.
    """
    swaps.lapse(tx, by, [row["inscription_id"] for row in rows])
    remote = sum(row["seconds"] for row in rows if row["mode"] == "remote")
    if remote:
        spend_remote(tx.conn, place.meeting, -remote)
    links = tx.conn.all(_LINKS, meeting=place.meeting)[0][0]
    tx.conn.run_many(
        _TAKE,
        [
            {
                "inscription": row["inscription_id"],
                "after": row["starts_after"],
                "seconds": row["seconds"],
                "more": 1 + links,
                "shown": shown_after(tx.now, row["shown_at"]),
            }
            for row in rows
        ],
    )
    numbers = numbered_together(tx, place, "withdraw", [row["id"] for row in rows])
    for row, number in zip(rows, numbers, strict=True):
        append(
            tx, kind, ("inscription", row["inscription_id"]), by,
            place.audience(row["organisation_id"], row["person_id"]),
            list=row["list_id"], slot=row["id"], status="withdrawn", **number,
        )  # fmt: skip
