"""Who may speak here, and for whom: what booking a slot and inscribing in a queue ask alike."""

from dataclasses import dataclass
from typing import Protocol

from scheduler.accreditation.rules import may_speak, why_barred
from scheduler.errors import Meaningless, NotAccredited
from scheduler.lists.at_hand import AtHand, Party, Speaker
from scheduler.lists.place import Place
from scheduler.lists.rules import Claim
from scheduler.people.permission import Act, Actor, require


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
