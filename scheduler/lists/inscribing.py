"""Inscribing in a queue list: whoever wants to speak says so while it is open, and waits until the chair allots turns.

The constraints of the inscription's table have the last word on who comes twice. Whether the list is open and not full
is asked in the transaction that writes: acts come one after the other, over all processes.
"""

from dataclasses import dataclass

from scheduler.errors import AlreadyInscribed, ListFull, NotAllowedNow
from scheduler.journal.entries import Author, append
from scheduler.lists import offering
from scheduler.lists.at_hand import AtHand
from scheduler.lists.claims import Spoken, inscribed, list_at_hand, spoken_for
from scheduler.lists.inscription_queries import inscription_view, known_inscription
from scheduler.lists.place import Place, Row, known_list, timing_of
from scheduler.lists.rules import check_mode, check_open, group_as_known, status_now
from scheduler.lists.tables import Inscription
from scheduler.lists.views import InscriptionView
from scheduler.people.permission import Actor
from scheduler.people.reader import Reader
from scheduler.storage.connection import UniqueTaken
from scheduler.storage.writer import Tx


@dataclass(frozen=True, slots=True)
class Request:
    """What is wanted. `person` None: herself; `organisation` None: the speaker's own.

    `on_behalf_of` is the name of the group that the statement is made for, as it stands in the `groups` of its members;
    `delivered_by` who reads it in the speaker's place.
    """

    mode: str
    language: str | None = None
    topic: str | None = None
    on_behalf_of: str | None = None
    delivered_by: str | None = None
    seconds_requested: int | None = None
    person: str | None = None
    organisation: str | None = None


def inscribe(tx: Tx, actor: Actor, list_id: str, wanted: Request) -> InscriptionView:
    """Puts somebody on a queue list, for herself or for whom she may act; she is `pending` until she has a turn.

    Raises:
        NotFound: there is no such list for her.
        Forbidden, NotAccredited: she may not act for the speaker; the speaker's organisation is not approved here.
        Meaningless, ModeNotOffered: no such person or organisation; the list does not take this mode.
        NotAllowedNow: a timed list, whose slots are booked; the meeting is cancelled or over.
        AlreadyInscribed: the speaker, or the organisation where one is allowed, is on the list.
        ListNotOpen, ListClosed, ListFull.
    """
    row, place = known_list(tx.conn, Reader(actor), list_id)
    hand = list_at_hand(tx, actor, row, place, wanted)
    spoken = spoken_for(hand, actor, place, wanted)
    check_mode(wanted.mode, row["modes"], place.format)
    place.check_alive()
    if row["allocation"] != "queue":
        raise NotAllowedNow("The slots of this list are booked. Choose one that is free.", allowed=["book"])
    _check_moment(tx, hand, row, spoken)
    new = _inscribed(tx, row, place, spoken, wanted)
    try:
        tx.conn.insert(Inscription, **new)
    except UniqueTaken as taken:
        raise AlreadyInscribed("This speaker or organisation is on this list.") from taken
    audience = place.audience(new["organisation_id"], new["person_id"], public=False)
    by = Author(actor.id, spoken.role)
    append(tx, "inscription.made", ("inscription", new["id"]), by, audience, list=list_id)
    waited = hand.waiting.get((list_id, spoken.speaker.id))
    if waited is not None:
        offering.leave(tx, by, waited, "taken")
    made, _ = known_inscription(tx.conn, Reader(actor), new["id"])
    return inscription_view(made, place, full=True)


def _check_moment(tx: Tx, hand: AtHand, row: Row, spoken: Spoken) -> None:
    """All that the moment may refuse, in the order in which people hear of it."""
    if (row["id"], spoken.speaker.id) in hand.inscribed:
        raise AlreadyInscribed("This speaker is on this list. Change that inscription, or withdraw it first.")
    if row["one_per_organisation"] and (row["id"], spoken.claim.organisation) in hand.inscribed:
        raise AlreadyInscribed("This list takes one speaker of each organisation, and this one has hers.")
    check_open(status_now(timing_of(row), tx.now))
    if hand.is_full(row["id"], spoken.speaker.id):
        raise ListFull(f"This list takes {row['capacity']} speakers and has them. Join those who wait for a place.")


def _inscribed(tx: Tx, row: Row, place: Place, spoken: Spoken, wanted: Request) -> Row:
    """The new inscription's columns."""
    return inscribed(tx, place, row["id"], spoken, one_each=row["one_per_organisation"]) | {
        "language": wanted.language,
        "topic": wanted.topic,
        "on_behalf_of": group_as_known(wanted.on_behalf_of, spoken.party.groups),
        "delivered_by": wanted.delivered_by,
        "seconds_requested": wanted.seconds_requested,
        "status": "pending",
    }
