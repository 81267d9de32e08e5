"""Waiting for a place in a full list: asked for like a booking, and left again."""

from sqlalchemy import bindparam, func, select

from scheduler.errors import AlreadyInscribed, NotAllowedNow
from scheduler.ids import new_id
from scheduler.journal.entries import Author
from scheduler.lists import offering, offers
from scheduler.lists.at_hand import AtHand
from scheduler.lists.booking import Booking
from scheduler.lists.claims import Spoken, list_at_hand, spoken_for
from scheduler.lists.place import Place, Row, known_list, timing_of
from scheduler.lists.rules import check_mode, check_open, status_now
from scheduler.lists.slot_queries import free_slots, nearest
from scheduler.lists.tables import Waiting
from scheduler.lists.views import WaitingView
from scheduler.lists.waiting_queries import entry_view, known_entry
from scheduler.people.permission import Act, Actor, require
from scheduler.people.reader import Reader
from scheduler.storage.connection import Prepared, UniqueTaken
from scheduler.storage.writer import Tx

_LAST = Prepared(
    select(func.coalesce(func.max(offers.waiting.c.position), 0)).where(offers.waiting.c.list_id == bindparam("list"))
)


def join(tx: Tx, actor: Actor, list_id: str, wanted: Booking) -> WaitingView:
    """Lets somebody wait for a place in a list that has none for her, for herself or for whom she may act.

    What becomes free is offered to those who wait in their order, each the first that she could take.

    Raises:
        NotFound, Forbidden, NotAccredited, Meaningless, ModeNotOffered: as booking a slot does.
        AlreadyInscribed: the speaker, or the organisation where one is allowed, has a place in the list or waits.
        ListNotOpen, ListClosed, NotAllowedNow: also where there is a place: book it (`nearest`), or inscribe.
    """
    row, place = known_list(tx.conn, Reader(actor), list_id)
    hand = list_at_hand(tx, actor, row, place, wanted)
    spoken = spoken_for(hand, actor, place, wanted)
    check_mode(wanted.mode, row["modes"], place.format)
    place.check_alive()
    _check_moment(tx, hand, row, place, spoken)
    entry_id, organisation = new_id(), spoken.claim.organisation
    try:
        tx.conn.insert(
            Waiting, id=entry_id, list_id=list_id, meeting_id=place.meeting, session_id=place.session,
            position=tx.conn.all(_LAST, list=list_id)[0][0] + 1, person_id=spoken.speaker.id,
            organisation_id=organisation, organisation_key=organisation if row["one_per_organisation"] else None,
            category=spoken.claim.category, mode=wanted.mode, language=wanted.language, topic=wanted.topic,
            status="waiting", created_at=tx.now,
        )  # fmt: skip
    except UniqueTaken as taken:
        raise AlreadyInscribed("This speaker or organisation waits for a place in this list.") from taken
    return _told(tx, Reader(actor), "waiting.joined", Author(actor.id, spoken.role), entry_id)


def leave(tx: Tx, actor: Actor, entry_id: str) -> None:
    """Lets somebody wait no more; what was offered to her goes to the next. Whoever may act for her may.

    Raises:
        NotFound, Forbidden: there is no such entry that she may know of; she may not.
        NotAllowedNow: she waits no more.
    """
    found, place = known_entry(tx.conn, Reader(actor), entry_id)
    by = Author(actor.id, require(actor, Act.SPEAK, place.scopes(found["organisation_id"], found["person_id"])))
    offering.catch_up(tx, found["list_id"])
    row = offers.entry(tx.conn, entry_id) or found
    if row["status"] not in {"waiting", "offered"}:
        raise NotAllowedNow("This speaker does not wait any more, so there is nothing to leave.", allowed=["join"])
    offering.leave(tx, by, row, "left")
    offering.catch_up(tx, row["list_id"])


def _check_moment(tx: Tx, hand: AtHand, row: Row, place: Place, spoken: Spoken) -> None:
    """All that the moment may refuse, in the order in which people hear of it."""
    list_id, person = row["id"], spoken.speaker.id
    if (list_id, person) in hand.inscribed:
        raise AlreadyInscribed("This speaker has a place in this list. Withdraw it first, or change it.")
    if row["one_per_organisation"] and (list_id, spoken.claim.organisation) in hand.inscribed:
        raise AlreadyInscribed("This list takes one speaker of each organisation, and this one has a place.")
    if (list_id, person) in hand.waiting:
        raise AlreadyInscribed("This speaker waits for a place in this list. Leave first, or wait on.")
    check_open(status_now(timing_of(row), tx.now))
    if hand.is_full(list_id, person):
        return
    if row["allocation"] == "queue":
        raise NotAllowedNow("This list takes more speakers. Inscribe in it.", allowed=["inscribe"])
    left = offers.remote_left(tx.conn, place.meeting, person) if spoken.claim.mode == "remote" else None
    free = nearest(free_slots(tx.conn, list_id), 0, spoken.claim, left)
    if free:
        raise NotAllowedNow(
            "Slots of this list are free. Book one; `nearest` are some.", allowed=["book"], nearest=free
        )


def _told(tx: Tx, reader: Reader, kind: str, by: Author, entry_id: str) -> WaitingView:
    row = offers.entry(tx.conn, entry_id)
    if row is not None:
        offers.tell(tx, kind, by, row)
    return entry_view(known_entry(tx.conn, reader, entry_id)[0])
