"""Booking one free slot of a timed list: the act that everybody does at once, so it asks the database little.

One joined read tells all that may refuse; then the constraints decide: the inscription's who comes twice, the slot's
conditional update who was first, the meeting's whether the remote minutes suffice.
"""

from dataclasses import dataclass

from sqlalchemy import and_, bindparam, case, func, select, update

from scheduler.accreditation.tables import Accreditation
from scheduler.errors import (
    AlreadyInscribed,
    ListFull,
    Meaningless,
    NotAccredited,
    NotAllowedNow,
    NotFound,
    SlotTaken,
)
from scheduler.ids import new_id
from scheduler.journal.entries import Author, append
from scheduler.lists.inscription_queries import inscription_view
from scheduler.lists.place import PLACE, TIMING, Place, Row, Rows, list_, meeting, place_of, standing, timing_of
from scheduler.lists.queries import STANDS, inscription, slot
from scheduler.lists.remote_minutes import spend_remote
from scheduler.lists.rules import Claim, Reserve, check_mode, check_open, check_reserve, status_at
from scheduler.lists.slot_queries import NO_SLOT, nearest_free, organisation, person
from scheduler.lists.tables import Inscription
from scheduler.lists.views import InscriptionView, SlotView
from scheduler.people.permission import Act, Actor, require
from scheduler.people.reader import Reader
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared, UniqueTaken
from scheduler.storage.writer import Tx

accreditation = table(Accreditation)
_ANY = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Booking:
    """What is wanted. `person` None: herself; `organisation` None: the speaker's own."""

    mode: str
    language: str | None = None
    topic: str | None = None
    person: str | None = None
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class _Speaker:
    id: str
    name: str
    organisation: str | None


_PERSON = Prepared(
    select(person.c.id, person.c.name, person.c.organisation_id).where(
        person.c.id == bindparam("person"), person.c.erased.is_(False)
    )
)
_LIVE = and_(inscription.c.list_id == slot.c.list_id, STANDS)
_WANTED = Rows(
    select(
        *slot.c,
        list_.c.allocation,
        list_.c.modes,
        list_.c.capacity,
        list_.c.one_per_organisation,
        meeting.c.remote_budget_seconds,
        meeting.c.remote_booked_seconds,
        organisation.c.name.label("organisation_name"),
        organisation.c.category,
        accreditation.c.status.label("accredited"),
        select(inscription.c.id)
        .where(_LIVE, inscription.c.person_id == bindparam("person"))
        .scalar_subquery()
        .label("hers"),
        select(inscription.c.id)
        .where(_LIVE, inscription.c.organisation_key == bindparam("organisation"))
        .scalar_subquery()
        .label("theirs"),
        case(
            (
                list_.c.capacity.is_not(None),
                select(func.count()).where(_LIVE).scalar_subquery(),
            )
        ).label("taken"),
        *PLACE,
        *TIMING,
    )
    .select_from(
        standing(slot.join(list_, list_.c.id == slot.c.list_id))
        .outerjoin(organisation, organisation.c.id == bindparam("organisation"))
        .outerjoin(
            accreditation,
            and_(
                accreditation.c.session_id == meeting.c.session_id,
                accreditation.c.organisation_id == organisation.c.id,
            ),
        )
    )
    .where(slot.c.id == bindparam("slot"))
)
_ACCREDITED = Prepared(
    select(accreditation.c.status).where(
        accreditation.c.session_id == bindparam("session"), accreditation.c.organisation_id == bindparam("organisation")
    )
)
_TAKE = Prepared(
    update(slot)
    .where(slot.c.id == bindparam("slot"), slot.c.status == "free")
    .values(inscription_id=bindparam("inscription"), status="booked", version=slot.c.version + 1)
)


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
    speaker = _speaker(tx.conn, actor, wanted.person)
    for_whom = wanted.organisation or (speaker.organisation if speaker else None)
    row = _WANTED.first(tx.conn, slot=slot_id, person=wanted.person or actor.id, organisation=for_whom)
    place = place_of(row) if row else None
    if row is None or place is None or not place.seen_by(Reader(actor)):
        raise NotFound(NO_SLOT)
    role = _allowed(actor, place, speaker, wanted)
    if speaker is None:
        raise Meaningless("There is no such person. Give the id of somebody in /people.", field="person")
    _check_accredited(tx.conn, row, place, speaker, for_whom)
    claim = Claim(for_whom, row["category"], wanted.mode)
    _check_place(tx, row, place, claim)
    new = _inscribed(tx, row, speaker, claim, wanted)
    _take(tx, row, new, claim)
    append(
        tx, "inscription.booked", ("inscription", new["id"]), Author(actor.id, role),
        place.audience(claim.organisation, speaker.id), list=row["list_id"], slot=slot_id, status="booked",
    )  # fmt: skip
    unsaid = {"on_behalf_of": None, "delivered_by": None, "seconds_requested": None}
    names = {"person_name": speaker.name, "organisation_name": row["organisation_name"]}
    return inscription_view(new | unsaid | names, place, full=True)


def _speaker(conn: Connection, actor: Actor, person_id: str | None) -> _Speaker | None:
    if person_id is None or person_id == actor.id:
        return None if actor.id is None else _Speaker(actor.id, actor.name, actor.organisation)
    row = conn.first(_PERSON, person=person_id)
    return _Speaker(*row) if row else None


def _allowed(actor: Actor, place: Place, speaker: _Speaker | None, wanted: Booking) -> str:
    """The role in which `actor` books for this speaker and, if it is another than hers, for this organisation."""
    own = speaker.organisation if speaker else None
    role = require(actor, Act.SPEAK, place.scopes(own, wanted.person or actor.id))
    if wanted.organisation not in {None, own}:
        role = require(actor, Act.SPEAK, place.scopes(wanted.organisation))
    return role


def _check_accredited(conn: Connection, row: Row, place: Place, speaker: _Speaker, for_whom: str | None) -> None:
    if for_whom is not None and row["organisation_name"] is None:
        raise Meaningless("There is no such organisation. Give the id of one in /organisations.", field="organisation")
    approved = row["accredited"] == "approved"
    if approved and speaker.organisation not in {None, for_whom}:
        found = conn.first(_ACCREDITED, session=place.session, organisation=speaker.organisation)
        approved = found is not None and found[0] == "approved"
    if not approved:
        raise NotAccredited(
            "Only people whose organisation's accreditation to this session is approved may speak. "
            "Ask the focal point or the secretariat for it."
        )


def _check_place(tx: Tx, row: Row, place: Place, claim: Claim) -> None:
    """All that may refuse, in the order in which people hear of it."""
    check_mode(claim.mode, row["modes"], place.format)
    place.check_alive()
    if row["allocation"] != "timed":
        raise NotAllowedNow("The chair allots the slots of this list; they cannot be booked.", allowed=[])
    if row["hers"] is not None:
        raise AlreadyInscribed("This speaker has a place in this list. Withdraw it first, or change it.")
    if row["theirs"] is not None:
        raise AlreadyInscribed("This list takes one speaker of each organisation, and this one has a place.")
    check_reserve(Reserve(row["reserved_category"], row["reserved_mode"], row["reserved_organisation_id"]), claim)
    check_open(status_at(timing_of(row), tx.now))
    full = row["taken"] is not None and row["taken"] >= row["capacity"]
    if row["status"] != "free":
        raise SlotTaken(
            "This slot is taken. Choose another one; `nearest` are free.",
            nearest=[] if full else _nearest(tx.conn, row, claim),
        )
    if full:
        raise ListFull(f"This list takes {row['capacity']} speakers and has them. Ask the chair for more.")


def _nearest(conn: Connection, row: Row, claim: Claim) -> list[SlotView]:
    budget = row["remote_budget_seconds"]
    capped = claim.mode == "remote" and budget is not None
    return nearest_free(
        conn,
        row["list_id"],
        row["starts_after"],
        claim,
        most_seconds=budget - row["remote_booked_seconds"] if capped else _ANY,
    )


def _inscribed(tx: Tx, row: Row, speaker: _Speaker, claim: Claim, wanted: Booking) -> Row:
    """The new inscription's columns."""
    return {
        "id": new_id(),
        "list_id": row["list_id"],
        "meeting_id": row["meeting_id"],
        "session_id": row["place_session"],
        "slot_id": row["id"],
        "person_id": speaker.id,
        "organisation_id": claim.organisation,
        "organisation_key": claim.organisation if row["one_per_organisation"] else None,
        "category": claim.category,
        "mode": claim.mode,
        "language": wanted.language,
        "topic": wanted.topic,
        "status": "allotted",
        "created_at": tx.now,
        "sequence": 0,
        "shown_at": tx.now.replace(microsecond=0),
        "version": 1,
    }


def _take(tx: Tx, row: Row, new: Row, claim: Claim) -> None:
    """Writes the inscription and takes the slot, where the database finds both still possible."""
    try:
        tx.conn.insert(Inscription, **new)
    except UniqueTaken as taken:
        raise AlreadyInscribed("This speaker or organisation has a place in this list.") from taken
    if tx.conn.run(_TAKE, slot=row["id"], inscription=new["id"]) == 0:
        raise SlotTaken(
            "Someone was faster. Choose another one; `nearest` are free.", nearest=_nearest(tx.conn, row, claim)
        )
    if claim.mode == "remote":
        spend_remote(tx.conn, row["meeting_id"], row["seconds"])
