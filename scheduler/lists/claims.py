"""Who may speak here, and for whom: what booking a slot and inscribing in a queue ask alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from scheduler.accreditation.rules import may_speak, why_barred
from scheduler.errors import Meaningless, NotAccredited
from scheduler.ids import new_id
from scheduler.lists import at_hand, offering, offers
from scheduler.lists.at_hand import AtHand, Named, Party, Speaker
from scheduler.lists.place import Place, Row
from scheduler.lists.rules import Claim
from scheduler.people.permission import Act, Actor, require
from scheduler.storage.writer import Tx


class Wanted(Protocol):
    """What is asked of the speaker. `person` None: herself; `organisation` None: the speaker's own."""

    @property
    def mode(self) -> str: ...  # noqa: D102  -- as in the views

    @property
    def person(self) -> str | None: ...  # noqa: D102  -- an id

    @property
    def organisation(self) -> str | None: ...  # noqa: D102  -- an id


@dataclass(frozen=True, slots=True)
class Spoken:
    """Who is to speak and for which organisation, and in which role that was asked."""

    speaker: Speaker
    party: Party
    claim: Claim
    role: str


def named_in(asked: Iterable[tuple[Actor, Wanted]]) -> Named:
    """Who is named in what is asked, and by whom it is asked."""
    wishes = list(asked)
    own = {str(actor.id): Speaker(str(actor.id), actor.name, actor.organisation) for actor, _ in wishes if actor.id}
    others = {wanted.person for _, wanted in wishes if wanted.person and wanted.person not in own}
    return Named(own, others, {wanted.organisation for _, wanted in wishes if wanted.organisation})


def list_at_hand(tx: Tx, actor: Actor, row: Row, place: Place, wanted: Wanted) -> AtHand:
    """What is at hand where somebody asks for a place in a list, whose row it is; offers that lapsed are over."""
    waited_for = row["id"] in offers.lists_waited_for(tx.conn, [place.meeting])
    if waited_for:
        offering.catch_up(tx, row["id"])
    hand = at_hand.read_list(tx.conn, row, place, named_in([(actor, wanted)]))
    if waited_for:
        at_hand.learn_waiting(tx.conn, hand, [row["id"]], [place.meeting])
    return hand


def spoken_for(hand: AtHand, actor: Actor, place: Place, wanted: Wanted) -> Spoken:
    """Finds out whether `actor` may have this speaker speak.

    Raises:
        Forbidden: she may act neither for the speaker nor, where it is another, for the organisation.
        Meaningless: there is no such person or organisation.
        NotAccredited: the organisation, or the speaker's own, is not approved in the session.
    """
    speaker = hand.speakers.get(wanted.person or str(actor.id))
    role = _allowed(actor, place, speaker, wanted)
    if speaker is None:
        raise Meaningless("There is no such person. Give the id of somebody in /people.", field="person")
    for_whom = wanted.organisation or speaker.organisation
    if for_whom is not None and for_whom not in hand.organisations:
        raise Meaningless("There is no such organisation. Give the id of one in /organisations.", field="organisation")
    check_accredited(hand, place, {for_whom, speaker.organisation})
    party = hand.organisations[str(for_whom)]
    return Spoken(speaker, party, Claim(for_whom, party.category, wanted.mode), role)


def inscribed(tx: Tx, place: Place, list_id: str, spoken: Spoken, *, one_each: bool) -> Row:
    """A new inscription's columns but `status` and what she says; `one_each`: the list takes one per organisation."""
    organisation = spoken.claim.organisation
    return {
        "id": new_id(),
        "list_id": list_id,
        "meeting_id": place.meeting,
        "session_id": place.session,
        "person_id": spoken.speaker.id,
        "organisation_id": organisation,
        "organisation_key": organisation if one_each else None,
        "category": spoken.claim.category,
        "mode": spoken.claim.mode,
        "created_at": tx.now,
        "sequence": 0,
        "shown_at": tx.now.replace(microsecond=0),
        "version": 1,
    }


def check_accredited(hand: AtHand, place: Place, organisations: set[str | None]) -> None:
    """Refuses where one that is spoken for, or the speaker's own, is not approved.

    Raises:
        NotAccredited: why in words, with the `organisation` and what its `accreditation` is. Whoever may try this
            belongs to the organisation or runs the session, so she may know of the note too.
    """
    named = sorted(each for each in organisations if each is not None)
    if not named:
        raise NotAccredited(
            "Only people of an organisation that is accredited to this session may speak, and this speaker has none.",
            organisation=None,
            accreditation=None,
        )
    for each in named:
        status, note = hand.accredited.get((place.session, each), (None, None))
        if not may_speak(status):
            name = hand.organisations[each].name
            raise NotAccredited(why_barred(name, status, note), organisation=each, accreditation=status)


def _allowed(actor: Actor, place: Place, speaker: Speaker | None, wanted: Wanted) -> str:
    """The role in which `actor` acts for this speaker and, if it is another than hers, for this organisation."""
    own = speaker.organisation if speaker else None
    role = require(actor, Act.SPEAK, place.scopes(own, wanted.person or actor.id))
    if wanted.organisation not in {None, own}:
        role = require(actor, Act.SPEAK, place.scopes(wanted.organisation))
    return role
