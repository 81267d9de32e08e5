"""Two speakers swap their turns: one side proposes, the other answers, and nothing moves before it has accepted.

Both turns are of one session, and each must be able to hold the other's: its list offers her mode, it is not reserved
for others, and no meeting's remote minutes run out. Who gets the other turn gets its time and its seconds; in a queue
never more than its list allows her.
"""

from scheduler.errors import Meaningless, NotAllowedNow, NotFound
from scheduler.journal.entries import Author
from scheduler.lists import swaps
from scheduler.lists.exchanging import checked, exchange
from scheduler.lists.inscription_queries import known_inscription, one_inscription
from scheduler.lists.tables import Swap
from scheduler.lists.views import InscriptionView
from scheduler.people.permission import Act, Actor, require
from scheduler.people.reader import Reader
from scheduler.storage.writer import Tx


def propose(tx: Tx, actor: Actor, inscription_id: str, other_id: str) -> InscriptionView:
    """Proposes that two inscriptions swap their turns. Whoever may act for the first may.

    Raises:
        NotFound, Forbidden: there is no such inscription that she may know of; she may not act for it.
        Meaningless, ModeNotOffered, CategoryNotEligible: the other is none that it could swap with; one of them could
            not hold the other's slot.
        NotAllowedNow, RemoteBudgetExceeded: one of them has no turn to come, or an open proposal; a meeting is
            cancelled or over; too few remote minutes.
    """
    reader = Reader(actor)
    row, place = known_inscription(tx.conn, reader, inscription_id)
    by = Author(actor.id, require(actor, Act.SPEAK, place.scopes(row["organisation_id"], row["person_id"])))
    try:
        other, there = known_inscription(tx.conn, reader, other_id)
    except NotFound as unknown:
        raise Meaningless("There is no such inscription to swap with.", field="with") from unknown
    if other["person_id"] == row["person_id"] or there.session != place.session:
        raise Meaningless("A turn is swapped with another speaker's of the same session.", field="with")
    checked(tx.conn, (row, place), (other, there))
    if swaps.sides(tx.conn, [inscription_id, other_id]):
        raise NotAllowedNow(
            "One of the two has an open proposal, and can have but one. Answer it, or take it back, first.",
            allowed=["accept", "refuse", "take back"],
        )
    both = ((inscription_id, other_id, True), (other_id, inscription_id, False))
    for id_, with_id, proposes in both:
        tx.conn.insert(Swap, id=id_, with_id=with_id, proposes=proposes, proposed_at=tx.now)
    swaps.tell(tx, "swap.proposed", by, swaps.sides(tx.conn, [inscription_id]))
    return one_inscription(tx.conn, reader, inscription_id)


def answer(tx: Tx, actor: Actor, inscription_id: str, *, accept: bool) -> InscriptionView:
    """Accepts or refuses the proposal that an inscription has part in. Whoever may act for the side that is asked may.

    Raises:
        NotFound, Forbidden: there is no such inscription that she may know of; she may not answer for that side.
        NotAllowedNow: there is no proposal. And as `propose`, where it cannot be any more; the proposal stays open.
    """
    reader = Reader(actor)
    row, place = known_inscription(tx.conn, reader, inscription_id)
    both = swaps.sides(tx.conn, [inscription_id])
    if not both:
        require(actor, Act.SPEAK, place.scopes(row["organisation_id"], row["person_id"]))
        raise NotAllowedNow("Nobody proposes to swap this turn. It was taken back, or lapsed.", allowed=["propose"])
    asked = next(side for side in both if not side["proposes"])
    by = Author(actor.id, require(actor, Act.SPEAK, swaps.scopes_of(asked)))
    place.check_alive()
    if not accept:
        swaps.end(tx, "swap.refused", by, both)
    else:
        other = next(side["id"] for side in both if side["id"] != inscription_id)
        sides = checked(tx.conn, (row, place), known_inscription(tx.conn, reader, other))
        swaps.end(tx, "swap.accepted", by, both)
        exchange(tx, by, sides)
    return one_inscription(tx.conn, reader, inscription_id)


def take_back(tx: Tx, actor: Actor, inscription_id: str) -> None:
    """Takes a proposal back. Whoever may act for the side that proposed it may.

    Raises:
        NotFound, Forbidden: there is no such inscription, or no proposal, that she may know of; she may not.
        NotAllowedNow: the meeting is cancelled or over.
    """
    row, place = known_inscription(tx.conn, Reader(actor), inscription_id)
    both = swaps.sides(tx.conn, [inscription_id])
    if not both:
        require(actor, Act.SPEAK, place.scopes(row["organisation_id"], row["person_id"]))
        raise NotFound("Nobody proposes to swap this turn.")
    proposer = next(side for side in both if side["proposes"])
    by = Author(actor.id, require(actor, Act.SPEAK, swaps.scopes_of(proposer)))
    place.check_alive()
    swaps.end(tx, "swap.revoked", by, both)
