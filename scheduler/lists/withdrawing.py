"""Withdrawing: the slot is free again, the remote minutes are given back, her calendar keeps where her turn was.

In a queue nobody else could book the slot: it goes, and those behind it move up.
"""

from typing import Any

from sqlalchemy import bindparam, null, select, update

from scheduler.errors import NotAllowedNow, NotFound
from scheduler.journal.entries import Author, append
from scheduler.lists import arranging, offering, queues, swaps
from scheduler.lists.inscription_queries import known_inscription
from scheduler.lists.numbered import numbered
from scheduler.lists.place import Place, Row, known_meeting, meeting
from scheduler.lists.queries import slot
from scheduler.lists.remote_minutes import spend_remote
from scheduler.lists.rules import CALLED, LIVE
from scheduler.lists.slot_queries import NO_SLOT
from scheduler.lists.tables import Inscription
from scheduler.people.permission import Act, Actor, require
from scheduler.people.reader import Reader
from scheduler.storage.connection import Prepared
from scheduler.storage.versions import shown_after
from scheduler.storage.writer import Tx

_HELD = Prepared(
    select(slot.c.starts_after, slot.c.seconds, slot.c.status, meeting.c.links_sequence)
    .select_from(slot.join(meeting, meeting.c.id == slot.c.meeting_id))
    .where(slot.c.inscription_id == bindparam("inscription"))
)
_HOLDER = Prepared(select(slot.c.meeting_id, slot.c.inscription_id).where(slot.c.id == bindparam("slot")))
_FREE = Prepared(
    update(slot)
    .where(slot.c.inscription_id == bindparam("inscription"))
    .values(inscription_id=null(), status="free", version=slot.c.version + 1)
)


def withdraw(tx: Tx, actor: Actor, inscription_id: str) -> None:
    """Withdraws an inscription. Herself, her focal point, the chair and the secretariat may.

    Raises:
        NotFound, Forbidden: there is no such inscription that she may know of; she may not.
        NotAllowedNow: it is withdrawn already, or she has been called; the meeting is cancelled or over.
    """
    row, place = known_inscription(tx.conn, Reader(actor), inscription_id)
    scopes = place.scopes(row["organisation_id"], row["person_id"])
    by = Author(actor.id, require(actor, Act.SPEAK, scopes))
    place.check_alive()
    if row["status"] not in LIVE:
        raise NotAllowedNow(f"This inscription is {row['status']}; there is nothing to withdraw any more.", allowed=[])
    held = tx.conn.first(_HELD, inscription=inscription_id)
    if held is not None and held[2] in CALLED:
        raise NotAllowedNow("This speaker has been called. Ask the chair to finish her turn.", allowed=[])
    take_back(tx, by, place, row)


def withdraw_booking(tx: Tx, actor: Actor, slot_id: str) -> None:
    """Withdraws whoever booked the slot. Raises as `withdraw`; NotFound also where nobody did."""
    found = tx.conn.first(_HOLDER, slot=slot_id)
    if found is None:
        raise NotFound(NO_SLOT)
    known_meeting(tx.conn, Reader(actor), found[0], NO_SLOT)
    if found[1] is None:
        raise NotFound("Nobody has booked this slot.")
    withdraw(tx, actor, found[1])


def take_back(tx: Tx, by: Author, place: Place, row: Row) -> None:
    """Withdraws a live inscription, permission asked: for the acts that take speaking away from many.

    Its SEQUENCE takes in the join link's, which a cancelled entry does not show any more: it must never go back.
    """
    swaps.lapse(tx, by, [row["id"]])
    after, seconds, _, links = tx.conn.first(_HELD, inscription=row["id"]) or (None, None, None, 0)
    if row["mode"] == "remote" and seconds is not None:
        spend_remote(tx.conn, place.meeting, -seconds)
    tx.conn.update(
        Inscription,
        row["id"],
        status="withdrawn",
        # Who waits again after having had a turn keeps the cancelled one in her calendar.
        held_after=row["held_after"] if after is None else after,
        held_seconds=row["held_seconds"] if seconds is None else seconds,
        sequence=row["sequence"] + 1 + links,
        shown_at=shown_after(tx.now, row["shown_at"]),
        version=row["version"] + 1,
    )
    who = row["organisation_id"], row["person_id"]
    told: dict[str, Any] = {"list": row["list_id"]}
    if seconds is not None:
        told |= {"slot": row["slot_id"], "status": "withdrawn" if row["list_allocation"] == "queue" else "free"}
        told |= numbered(tx, place, "withdraw", row["slot_id"])
    # Of those who wait for a turn the public does not know.
    audience = place.audience(*who, public=seconds is not None)
    append(tx, "inscription.withdrawn", ("inscription", row["id"]), by, audience, **told)
    if seconds is not None and row["list_allocation"] == "queue":
        _close_up(tx, by, place, row)
    else:
        tx.conn.run(_FREE, inscription=row["id"])
    offering.catch_up_meetings(tx, [place.meeting])


def _close_up(tx: Tx, by: Author, place: Place, row: Row) -> None:
    rows = arranging.rows_of(tx.conn, row["list_id"])
    stay = [arranging.turn_of(each) for each in rows if each["inscription_id"] != row["id"]]
    queues.arrange(tx, by, place, row["list_id"], stay)
