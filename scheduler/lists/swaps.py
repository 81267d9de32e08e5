"""Open proposals to swap turns: who proposed what to whom, and what makes them lapse."""

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, delete, or_, select

from scheduler.journal.entries import Author, append
from scheduler.lists.place import Row, Rows, hers, session
from scheduler.lists.queries import inscription
from scheduler.lists.tables import Swap
from scheduler.people.permission import Scopes
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.many import among
from scheduler.storage.writer import Tx

swap = table(Swap)
_SIDES = select(
    swap.c.id,
    swap.c.with_id,
    swap.c.proposes,
    inscription.c.list_id,
    inscription.c.slot_id,
    inscription.c.person_id,
    inscription.c.organisation_id,
    inscription.c.meeting_id,
    inscription.c.session_id,
    session.c.body_id,
).select_from(
    swap.join(inscription, inscription.c.id == swap.c.id).join(session, session.c.id == inscription.c.session_id)
)
_OF_INSCRIPTIONS = Rows(
    _SIDES.where(or_(among(swap.c.id, "inscriptions"), among(swap.c.with_id, "inscriptions"))).order_by(swap.c.id)
)
_OF_MEETING = Prepared(
    select(swap.c.id)
    .select_from(swap.join(inscription, inscription.c.id == swap.c.id))
    .where(inscription.c.meeting_id == bindparam("meeting"))
)
_OF_SLOTS = Prepared(
    select(swap.c.id)
    .select_from(swap.join(inscription, inscription.c.id == swap.c.id))
    .where(among(inscription.c.slot_id, "slots"))
)
_END = Prepared(delete(swap).where(among(swap.c.id, "inscriptions")))


def sides(conn: Connection, inscriptions: Collection[str]) -> list[Row]:
    """The two sides of each open proposal that one of these inscriptions has part in."""
    return _OF_INSCRIPTIONS.all(conn, inscriptions=sorted(inscriptions)) if inscriptions else []


def scopes_of(side: Row) -> Scopes:
    """The scopes of an act for this side, for the permission table."""
    return Scopes(side["body_id"], side["session_id"], side["organisation_id"], side["person_id"])


def tell(tx: Tx, kind: str, by: Author, both: Sequence[Row]) -> None:
    """Tells each side, and whoever runs the session, what became of a proposal: nobody else knows of it."""
    for side in both:
        told = {"list": side["list_id"], "slot": side["slot_id"], "with": side["with_id"], "proposes": side["proposes"]}
        append(tx, kind, ("inscription", side["id"]), by, hers(side), **told)


def end(tx: Tx, kind: str, by: Author, both: Sequence[Row]) -> None:
    """Takes proposals off, and tells why by the `kind` of the entries."""
    tx.conn.run(_END, inscriptions=[side["id"] for side in both])
    tell(tx, kind, by, both)


def lapse(tx: Tx, by: Author, inscriptions: Collection[str]) -> None:
    """Ends the proposals of turns that move, are called, withdrawn or taken back: called before that is written."""
    both = sides(tx.conn, inscriptions)
    if both:
        end(tx, "swap.lapsed", by, both)


def lapse_of_slots(tx: Tx, by: Author, slots: Collection[str]) -> None:
    """The same for whoever holds these slots, by their ids."""
    if slots:
        lapse(tx, by, [row[0] for row in tx.conn.all(_OF_SLOTS, slots=sorted(slots))])


def lapse_in_meeting(tx: Tx, by: Author, meeting_id: str) -> None:
    """The same for all turns of a meeting, which moves or closes."""
    lapse(tx, by, [row[0] for row in tx.conn.all(_OF_MEETING, meeting=meeting_id)])
