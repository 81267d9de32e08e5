"""Everyone whom the role table tells apart, in a world with something of hers and something of others."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from sqlalchemy import select

from scheduler.accreditation.tables import Accreditation
from scheduler.ids import hash_secret, new_id
from scheduler.journal.entries import CLOCK, Audience, append
from scheduler.lists import drawing_up, opening, swapping
from scheduler.lists.particulars import NewList
from scheduler.lists.tables import Inscription, Slot, Waiting
from scheduler.outbox.tables import Due
from scheduler.people.permission import OPERATOR, Actor, Grant, Scopes
from scheduler.people.tables import RoleGrant, SignIn
from scheduler.programme.records import next_numbers
from scheduler.programme.tables import Meeting, Session
from scheduler.storage.columns import table
from scheduler.storage.writer import Tx
from scheduler.subscriptions import feeds, webhooks
from scheduler.subscriptions.feeds import NewFeed
from scheduler.subscriptions.webhooks import NewWebhook
from tests.makers import people, places, speaking
from tests.makers.people import MADE_AT
from tests.makers.speaking import Scene

PUBLIC = "public"
ACCREDITED, UNACCREDITED = "participant, accredited", "participant, not accredited"
FOCAL, FOCAL_ELSEWHERE = "focal point of her own", "focal point of another"
CHAIR, CHAIR_ELSEWHERE, CHAIR_OF_BODY = "chair of this session", "chair of another session", "chair of the body"
OF_SESSION, OF_BODY = "secretariat of this session", "secretariat of the body"
OF_OTHER_BODY, OF_SERVICE = "secretariat of another body", "secretariat of the service"
ROLES = (
    *(PUBLIC, ACCREDITED, UNACCREDITED, FOCAL, FOCAL_ELSEWHERE, CHAIR, CHAIR_ELSEWHERE, CHAIR_OF_BODY),
    *(OF_SESSION, OF_BODY, OF_OTHER_BODY, OF_SERVICE),
)

HERE, DRAFT = "published", "draft"
PLACES = {HERE: "ahc-2", DRAFT: "ahc-3"}

LINK = "https://meet.example.org/room"


@dataclass(slots=True)
class World:
    """Two bodies; in the first a published session, a draft and another; organisations and who acts in which role."""

    sessions: dict[str, Scopes]
    body: str
    own: str
    others: str
    strange: str
    actors: dict[str, Actor] = field(default_factory=dict)
    numbers: "count[int]" = field(default_factory=lambda: count(1))


def world(tx: Tx) -> World:
    """A fresh one."""
    body = places.body(tx, "ahc")
    of = {place: places.session(tx, code, of_body=body) for place, code in PLACES.items()}
    tx.conn.update(Session, str(of[DRAFT].session), status="draft")
    another = places.session(tx, "ahc-9", of_body=body)
    foreign = places.session(tx, "hrc-1")
    own, others, strange, refused = (people.organisation(tx, name) for name in ("Ours", "Theirs", "Strange", "Refused"))
    made = World(of, body, own, others, strange)
    for session in of.values():
        for each in (own, others, strange):
            speaking.accredited(tx, str(session.session), each)
    held = [str(session.session) for session in of.values()]
    roles: dict[str, tuple[str | None, tuple[Grant, ...]]] = {
        ACCREDITED: (own, ()),
        UNACCREDITED: (refused, ()),
        FOCAL: (own, _focal(own)),
        FOCAL_ELSEWHERE: (others, _focal(others)),
        CHAIR: (None, _on("chair", "session", *held)),
        CHAIR_ELSEWHERE: (None, _on("chair", "session", another.session)),
        CHAIR_OF_BODY: (None, _on("chair", "body", body)),
        OF_SESSION: (None, _on("secretariat", "session", *held)),
        OF_BODY: (None, _on("secretariat", "body", body)),
        OF_OTHER_BODY: (None, _on("secretariat", "body", foreign.body)),
        OF_SERVICE: (None, (Grant("secretariat"),)),
    }
    for role, (organisation, grants) in roles.items():
        made.actors[role] = people.person(tx, role.replace(",", ""), organisation=organisation, grants=grants)
    return made


def _on(role: str, scope: str, *ids: str | None) -> tuple[Grant, ...]:
    return tuple(Grant(role, scope, id_) for id_ in ids)


def _focal(*organisations: str) -> tuple[Grant, ...]:
    return _on("focal_point", "organisation", *organisations)


@dataclass(frozen=True, slots=True)
class Cell:
    """Who tries something, and where."""

    world: World
    role: str
    place: str

    @property
    def actor(self) -> Actor | None:
        """Who tries it; None is the public."""
        return self.world.actors.get(self.role)

    @property
    def scopes(self) -> Scopes:
        """The session in which it is tried."""
        return self.world.sessions[self.place]

    def scene(self, tx: Tx, *, opened: bool, **values: Any) -> Scene:
        """A fresh meeting with a link and a list of three slots."""
        meeting = {"number": next(self.world.numbers), "join_url": LINK} | values
        return speaking.scene_in(tx, self.scopes, opened=opened, meeting_values=meeting, slot_seconds=3600)


Made = dict[str, str]
Maker = Callable[[Tx, Cell], Made]


def a_list(tx: Tx, cell: Cell, *, opened: bool = True, **values: Any) -> Made:
    """A meeting with a list, its slots, an item and what a session has; nobody has booked."""
    scene = cell.scene(tx, opened=opened, **values)
    item = speaking.item(tx, cell.scopes, number=f"{next(cell.world.numbers)}")
    made = {**a_session(tx, cell), "meeting_id": scene.meeting, "list_id": scene.list, "item_id": item}
    return made | dict(zip(("slot_id", "other_slot_id"), scene.slots, strict=False))


def a_list_to_come(tx: Tx, cell: Cell) -> Made:
    """A list that nobody has opened yet."""
    return a_list(tx, cell, opened=False)


def a_closed_list(tx: Tx, cell: Cell) -> Made:
    """A list that was open."""
    made = a_list(tx, cell)
    opening.close_list(tx, OPERATOR, made["list_id"])
    return made


def a_session(tx: Tx, cell: Cell) -> Made:
    """The session alone, and an item number and a code that are still to be had."""
    number = str(next(cell.world.numbers))
    return {"code": PLACES[cell.place], "body": "ahc", "number": number, "new_code": f"new-{number}"}


def for_speakers(tx: Tx, cell: Cell) -> Made:
    """A meeting whose link is for speakers, in which she has a slot."""
    return an_inscription("hers", links_for="speakers")(tx, cell)


def not_for_her(tx: Tx, cell: Cell) -> Made:
    """A meeting whose link is for speakers, in which she has none."""
    return a_list(tx, cell, links_for="speakers")


def a_queue(tx: Tx, cell: Cell) -> Made:
    """An open list that people join and the chair allots."""
    meeting = speaking.meeting(tx, cell.scopes, number=next(cell.world.numbers))
    made = drawing_up.add(tx, OPERATOR, meeting, NewList(title="Queue", allocation="queue"))
    opening.open_list(tx, OPERATOR, made.id)
    return {**a_session(tx, cell), "meeting_id": meeting, "list_id": made.id}


def a_speaker(whose: str, where: Maker = a_list) -> Maker:
    """A list and `person`, a speaker: `hers` (herself), `own`, `others`' or `unaccredited`."""

    def make(tx: Tx, cell: Cell) -> Made:
        return {**where(tx, cell), "person_id": str(_speaker(tx, cell, whose).id)}

    return make


def a_closed_meeting(tx: Tx, cell: Cell) -> Made:
    """A meeting that was opened and closed."""
    made = a_list(tx, cell)
    of, to = ("meeting", made["meeting_id"]), Audience(meeting=made["meeting_id"])
    for number, command in zip(next_numbers(tx.conn, made["meeting_id"], 2), ("open", "close"), strict=True):
        told: dict[str, Any] = {"floor": {"command": command}, "turns": []}
        append(tx, f"floor.{command}", of, CLOCK, to, meeting_number=number, **told)
    tx.conn.update(Meeting, made["meeting_id"], status="closed")
    return made


def an_inscription(
    whose: str, status: str = "allotted", *, secret: str = "", mode: str = "in_person", **values: Any
) -> Maker:
    """A list whose first slot somebody holds, or who is pending in it; `secret` is in all that not everybody reads."""

    def make(tx: Tx, cell: Cell) -> Made:
        made = a_list(tx, cell, **values)
        speaker, held = _speaker(tx, cell, whose), status == "allotted"
        inscription = new_id()
        tx.conn.insert(
            Inscription, id=inscription, list_id=made["list_id"], meeting_id=made["meeting_id"],
            session_id=str(cell.scopes.session), slot_id=made["slot_id"] if held else None,
            person_id=str(speaker.id), organisation_id=speaker.organisation, category="member_state",
            mode=mode, topic=f"{secret}Topic", delivered_by=f"{secret}Substitute", seconds_requested=77,
            status=status, created_at=MADE_AT, sequence=0, shown_at=MADE_AT, version=1,
        )  # fmt: skip
        if held:
            tx.conn.update(Slot, made["slot_id"], inscription_id=inscription, status="booked")
        return {**made, "inscription_id": inscription, "person_id": str(speaker.id)}

    return make


def a_full_list(tx: Tx, cell: Cell) -> Made:
    """A list whose slots others hold."""
    made = a_list(tx, cell)
    for slot_row in speaking.slots(tx.conn, made["list_id"]):
        tx.conn.update(Slot, slot_row["id"], status="booked")
    return made


def someone_waiting(whose: str) -> Maker:
    """A full list that somebody waits for."""

    def make(tx: Tx, cell: Cell) -> Made:
        made = a_full_list(tx, cell)
        speaker, entry = _speaker(tx, cell, whose), new_id()
        tx.conn.insert(
            Waiting, id=entry, list_id=made["list_id"], meeting_id=made["meeting_id"], position=1,
            session_id=str(cell.scopes.session), person_id=str(speaker.id), organisation_id=speaker.organisation,
            category="member_state", mode="in_person", status="waiting", created_at=MADE_AT,
        )  # fmt: skip
        return {**made, "entry_id": entry}

    return make


def two_turns(whose: str, *, proposed: bool = False) -> Maker:
    """Somebody's turn and another's of the same list; `proposed`: the first side proposes to swap them."""

    def make(tx: Tx, cell: Cell) -> Made:
        made = an_inscription(whose)(tx, cell)
        other = people.person(tx, "Oth Er", organisation=people.organisation(tx, f"Other {new_id()}"))
        second = new_id()
        tx.conn.insert(
            Inscription, id=second, list_id=made["list_id"], meeting_id=made["meeting_id"],
            session_id=str(cell.scopes.session), slot_id=made["other_slot_id"], person_id=str(other.id),
            organisation_id=other.organisation, category="member_state", mode="in_person", status="allotted",
            created_at=MADE_AT, sequence=0, shown_at=MADE_AT, version=1,
        )  # fmt: skip
        tx.conn.update(Slot, made["other_slot_id"], inscription_id=second, status="booked")
        if proposed:
            swapping.propose(tx, OPERATOR, made["inscription_id"], second)
        return {**made, "other_inscription_id": second}

    return make


def two_turns_asked(whose: str) -> Maker:
    """The same, where somebody's side is the one that is asked."""

    def make(tx: Tx, cell: Cell) -> Made:
        made = two_turns(whose)(tx, cell)
        swapping.propose(tx, OPERATOR, made["other_inscription_id"], made["inscription_id"])
        return made

    return make


def _speaker(tx: Tx, cell: Cell, whose: str) -> Actor:
    if whose == "hers" and cell.actor is not None:
        return cell.actor
    world = cell.world
    organisation = {"hers": world.strange, "own": world.own, "others'": world.strange}.get(whose)
    return people.person(tx, "Speak Er", organisation=organisation or people.organisation(tx, f"New {new_id()}"))


def an_accreditation(tx: Tx, cell: Cell) -> Made:
    """The accreditation of `own`."""
    a = table(Accreditation).c
    held = select(a.id).where(a.session_id == cell.scopes.session, a.organisation_id == cell.world.own)
    return {**a_session(tx, cell), "accreditation_id": tx.conn.all(held)[0][0]}


def applying(tx: Tx, cell: Cell) -> Made:
    """An organisation that has not asked yet; the focal point of `own` acts for it too."""
    organisation = people.organisation(tx, f"Applying {new_id()}")
    tx.conn.insert(
        RoleGrant, id=new_id(), person_id=str(cell.world.actors[FOCAL].id), position=next(cell.world.numbers),
        role="focal_point", scope_type="organisation", scope_id=organisation,
    )  # fmt: skip
    return {**a_session(tx, cell), "organisation_id": organisation}


def an_organisation(whose: str) -> Maker:
    """An organisation: `own` or `others'`."""

    def make(tx: Tx, cell: Cell) -> Made:
        return {"organisation_id": cell.world.own if whose == "own" else cell.world.strange}

    return make


def somebody(tx: Tx, cell: Cell) -> Made:
    """A person whom nobody needs, and an address that nobody has."""
    number = next(cell.world.numbers)
    person = people.person(tx, "Some Body", organisation=cell.world.own)
    return {"person_id": str(person.id), "email": f"new.{number}@example.org", "name": f"New {number}"}


def a_webhook(tx: Tx, cell: Cell) -> Made:
    """One that the service tells."""
    return {"webhook_id": webhooks.make(tx, OPERATOR, NewWebhook("https://hooks.example.org/x")).id}


def a_letter(tx: Tx, cell: Cell) -> Made:
    """Something told that failed."""
    letter = new_id()
    tx.conn.insert(
        Due, id=letter, due_key=letter, rule="slot-given", channel="mail", subject_type="inscription",
        subject_id=new_id(), due_at=MADE_AT, claim_at=MADE_AT, status="failed", attempts=8, message_id=letter, data={},
        created_at=MADE_AT,
    )  # fmt: skip
    return {"due_id": letter}


def a_sign_in(whose: str) -> Maker:
    """A sign-in, hers or another's."""

    def make(tx: Tx, cell: Cell) -> Made:
        owner = cell.actor if whose == "hers" and cell.actor else people.person(tx, "Key Owner")
        secret = people.token(tx, owner)
        s = table(SignIn).c
        return {"sign_in_id": tx.conn.all(select(s.id).where(s.secret_hash == hash_secret(secret)))[0][0]}

    return make


def a_feed(whose: str) -> Maker:
    """A private feed, hers or another's."""

    def make(tx: Tx, cell: Cell) -> Made:
        owner = cell.actor if whose == "hers" and cell.actor else people.person(tx, "Feed Owner")
        return {**a_session(tx, cell), "feed_id": feeds.make(tx, owner, NewFeed("mine"))[0].id}

    return make
