"""Booking one free slot of a timed list: the act that everybody does at once.

So all bookings of one batch are decided together: what decides is read for all in a few statements, each is decided in
the order in which it came, and all are written in a few more. Then the constraints have the last word: the
inscription's on who comes twice, the slots' conditional update on who was first, the meeting's on the remote minutes.
Where one of them objects, the writer lets each booking try alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import literal_column, update

from scheduler.errors import (
    AlreadyInscribed,
    ListFull,
    NotAllowedNow,
    NotFound,
    NotSignedIn,
    Refusal,
    RemoteBudgetExceeded,
    SlotTaken,
)
from scheduler.journal.entries import Author, append
from scheduler.lists import at_hand, offering, offers
from scheduler.lists.at_hand import AtHand, Speaker
from scheduler.lists.claims import Spoken, inscribed, named_in, spoken_for
from scheduler.lists.inscription_queries import inscription_view
from scheduler.lists.numbered import numbered_together
from scheduler.lists.place import Place, Row, timing_of
from scheduler.lists.queries import inscription, slot
from scheduler.lists.remote_minutes import TOO_FEW, spend_remote
from scheduler.lists.rules import Claim, Reserve, check_mode, check_open, check_reserve, status_now
from scheduler.lists.slot_queries import NO_SLOT, free_slots, nearest
from scheduler.lists.tables import Inscription
from scheduler.lists.views import InscriptionView
from scheduler.people import queries as people
from scheduler.people.permission import Actor
from scheduler.people.reader import Reader
from scheduler.storage.connection import Prepared, UniqueTaken
from scheduler.storage.many import among
from scheduler.storage.writer import Tx

_TAKE = Prepared(
    update(slot)
    .where(
        slot.c.id == inscription.c.slot_id,
        among(inscription.c.id, "inscriptions"),
        slot.c.status.in_([literal_column("'free'"), literal_column("'offered'")]),
    )
    .values(inscription_id=inscription.c.id, status="booked", version=slot.c.version + 1)
)


@dataclass(frozen=True, slots=True)
class Booking:
    """What is wanted. `person` None: herself; `organisation` None: the speaker's own."""

    mode: str
    language: str | None = None
    topic: str | None = None
    person: str | None = None
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """A booking that the person `by` asks for."""

    by: str
    slot: str
    wanted: Booking


@dataclass(slots=True)
class _Decided:
    """A booking that nothing speaks against: the new inscription's columns, with the names that its view shows."""

    new: Row
    names: Row
    row: Row
    place: Place
    by: Author
    waited: Row | None


def book(tx: Tx, actor: Actor, slot_id: str, wanted: Booking) -> InscriptionView:
    """Books a free slot, for herself or for whom she may act.

    Raises:
        NotFound: there is no such slot for her.
        Forbidden, NotAccredited, CategoryNotEligible: she may not act for the speaker, the speaker's organisation is
            not approved in this session, the slot is reserved for others.
        Meaningless, ModeNotOffered: no such person or organisation; the list or the slot does not take this mode.
        AlreadyInscribed: the speaker, or the organisation where one is allowed, has a place in the list.
        ListNotOpen, ListClosed, SlotTaken (with `nearest`), ListFull, RemoteBudgetExceeded, NotAllowedNow.
    """
    outcome = _book(tx, [(actor, slot_id, wanted)])[0]
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


def book_together(tx: Tx, wishes: Sequence[Wish]) -> list[InscriptionView | Refusal]:
    """Books for many at once, as `book` would one by one: of each wish its inscription or the refusal that it meets."""
    known = people.actors(tx.conn, [wish.by for wish in wishes])
    asked = [(known[wish.by], wish.slot, wish.wanted) for wish in wishes if wish.by in known]
    outcomes = iter(_book(tx, asked))
    return [next(outcomes) if wish.by in known else NotSignedIn(people.GONE) for wish in wishes]


def _book(tx: Tx, asked: Sequence[tuple[Actor, str, Booking]]) -> list[InscriptionView | Refusal]:
    hand = _read(tx, asked)
    outcomes: list[_Decided | Refusal] = []
    for actor, slot_id, wanted in asked:
        try:
            outcomes.append(_decide(tx, hand, actor, slot_id, wanted))
        except Refusal as refusal:
            outcomes.append(refusal)
    _write(tx, [each for each in outcomes if isinstance(each, _Decided)])
    _name_nearest(tx, hand)
    return [each if isinstance(each, Refusal) else _view(each) for each in outcomes]


def _read(tx: Tx, asked: Sequence[tuple[Actor, str, Booking]]) -> AtHand:
    slots = {slot_id for _, slot_id, _ in asked}
    lists = offers.lists_waited_for_beside(tx.conn, slots)
    for list_id in lists:
        offering.catch_up(tx, list_id)
    hand = at_hand.read(tx.conn, slots, named_in((actor, wanted) for actor, _, wanted in asked))
    if lists:
        at_hand.learn_waiting(tx.conn, hand, lists, {place.meeting for place in hand.places.values()})
    return hand


def _decide(tx: Tx, hand: AtHand, actor: Actor, slot_id: str, wanted: Booking) -> _Decided:
    row, place = hand.slots.get(slot_id), hand.places.get(slot_id)
    if row is None or place is None or not place.seen_by(Reader(actor)):
        raise NotFound(NO_SLOT)
    spoken = spoken_for(hand, actor, place, wanted)
    _check_place(tx, hand, row, place, (spoken.speaker, spoken.claim))
    waited = hand.waiting.get((row["list_id"], spoken.speaker.id))
    new = _inscribed(tx, (row, place), spoken, wanted, waited)
    hand.take(row, new)
    names = {"person_name": spoken.speaker.name, "organisation_name": spoken.party.name}
    return _Decided(new, names, row, place, Author(actor.id, spoken.role), waited)


def _check_place(tx: Tx, hand: AtHand, row: Row, place: Place, who: tuple[Speaker, Claim]) -> None:
    """All that may refuse, in the order in which people hear of it."""
    speaker, claim = who
    check_mode(claim.mode, row["modes"], place.format)
    place.check_alive()
    if row["allocation"] != "timed":
        raise NotAllowedNow("The chair allots the slots of this list. Inscribe in it instead.", allowed=["inscribe"])
    if (row["list_id"], speaker.id) in hand.inscribed:
        raise AlreadyInscribed("This speaker has a place in this list. Withdraw it first, or change it.")
    if row["one_per_organisation"] and (row["list_id"], claim.organisation) in hand.inscribed:
        raise AlreadyInscribed("This list takes one speaker of each organisation, and this one has a place.")
    check_reserve(Reserve(row["reserved_category"], row["reserved_mode"], row["reserved_organisation_id"]), claim)
    check_open(status_now(timing_of(row), tx.now))
    if row["status"] != "free" and not (row["status"] == "offered" and hand.is_offered(row, speaker.id)):
        taken = SlotTaken("This slot is taken. Choose another one; `nearest` are free.", nearest=[])
        hand.lost.append((taken, row, claim))
        raise taken
    if hand.is_full(row["list_id"], speaker.id):
        raise ListFull(f"This list takes {row['capacity']} speakers and has them. Join those who wait for a place.")
    left = hand.remote_left(row, speaker.id)
    if claim.mode == "remote" and left is not None and row["seconds"] > left:
        raise RemoteBudgetExceeded(TOO_FEW)


def _inscribed(tx: Tx, where: tuple[Row, Place], spoken: Spoken, wanted: Booking, waited: Row | None) -> Row:
    """The new inscription's columns; what she does not say now, she may have said when she began to wait."""
    row, place = where
    said = waited or {"language": None, "topic": None}
    return inscribed(tx, place, row["list_id"], spoken, one_each=row["one_per_organisation"]) | {
        "slot_id": row["id"],
        "language": wanted.language or said["language"],
        "topic": wanted.topic or said["topic"],
        "status": "allotted",
    }


def _write(tx: Tx, decided: Sequence[_Decided]) -> None:
    """Writes the inscriptions and takes the slots, where the database finds all of it still possible."""
    try:
        tx.conn.insert_many(Inscription, [each.new for each in decided])
    except UniqueTaken as taken:
        raise AlreadyInscribed("This speaker or organisation has a place in this list.") from taken
    if tx.conn.run(_TAKE, inscriptions=[each.new["id"] for each in decided]) != len(decided):
        raise SlotTaken("Someone was faster. Choose another one.", nearest=[])
    remote = [each.row for each in decided if each.new["mode"] == "remote"]
    for meeting_id in sorted({row["meeting_id"] for row in remote}):
        spend_remote(tx.conn, meeting_id, sum(row["seconds"] for row in remote if row["meeting_id"] == meeting_id))
    numbers = _numbers(tx, decided)
    for each in decided:
        new = each.new
        append(
            tx, "inscription.booked", ("inscription", new["id"]), each.by,
            each.place.audience(new["organisation_id"], new["person_id"]),
            list=new["list_id"], slot=new["slot_id"], status="booked", **numbers[new["slot_id"]],
        )  # fmt: skip
    _end_waiting(tx, decided)


def _end_waiting(tx: Tx, decided: Sequence[_Decided]) -> None:
    """Who waited and has a slot waits no more; what else was offered to her goes to the next."""
    lists = set()
    for each in decided:
        if each.waited is not None:
            offering.leave(tx, each.by, each.waited, "taken", each.new["slot_id"])
            lists.add(each.new["list_id"])
    for list_id in sorted(lists):
        offering.catch_up(tx, list_id)


def _numbers(tx: Tx, decided: Sequence[_Decided]) -> dict[str, Row]:
    """What the floors of their meetings hear of it, by slot."""
    places: dict[str, tuple[Place, list[str]]] = {}
    for each in decided:
        places.setdefault(each.place.meeting, (each.place, []))[1].append(each.new["slot_id"])
    return {
        slot_id: number
        for place, slots in places.values()
        for slot_id, number in zip(slots, numbered_together(tx, place, "add", slots), strict=True)
    }


def _name_nearest(tx: Tx, hand: AtHand) -> None:
    """Tells those who lost a slot what is free now, after all who won theirs."""
    free: dict[str, list[Row]] = {}
    for taken, row, claim in hand.lost:
        list_id = row["list_id"]
        if not hand.is_full(list_id):
            if list_id not in free:
                free[list_id] = free_slots(tx.conn, list_id)
            taken.data["nearest"] = nearest(free[list_id], row["starts_after"], claim, hand.remote_left(row))


def _view(decided: _Decided) -> InscriptionView:
    unsaid = {"on_behalf_of": None, "delivered_by": None, "seconds_requested": None, "list_allocation": "timed"}
    return inscription_view(decided.new | unsaid | decided.names, decided.place, full=True)
