"""What decides on bookings made at the same moment: read for all at once, kept up while they are decided."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, func, select, union_all

from scheduler.accreditation.tables import Accreditation
from scheduler.errors import SlotTaken
from scheduler.lists.offers import entries_of, offers_in, remote_offered
from scheduler.lists.place import PLACE, TIMING, Place, Row, Rows, list_, meeting, place_of, standing
from scheduler.lists.queries import STANDS, inscription, slot
from scheduler.lists.rules import Claim
from scheduler.lists.slot_queries import organisation, person
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.many import among

accreditation = table(Accreditation)

_SLOTS = Rows(
    select(
        *slot.c,
        list_.c.allocation,
        list_.c.modes,
        list_.c.capacity,
        list_.c.one_per_organisation,
        meeting.c.remote_budget_seconds,
        meeting.c.remote_booked_seconds,
        *PLACE,
        *TIMING,
    )
    .select_from(standing(slot.join(list_, list_.c.id == slot.c.list_id)))
    .where(among(slot.c.id, "slots"))
)
_SPEAKERS = Prepared(
    select(person.c.id, person.c.name, person.c.organisation_id).where(
        among(person.c.id, "people"), person.c.erased.is_(False)
    )
)
_ACCREDITED = and_(accreditation.c.organisation_id == organisation.c.id, among(accreditation.c.session_id, "sessions"))
_ORGANISATIONS = Prepared(
    select(
        organisation.c.id,
        organisation.c.name,
        organisation.c.category,
        organisation.c.groups,
        accreditation.c.session_id,
        accreditation.c.status,
        accreditation.c.note,
    )
    .select_from(organisation.outerjoin(accreditation, _ACCREDITED))
    .where(among(organisation.c.id, "organisations"))
)
_STANDING = among(inscription.c.list_id, "lists"), STANDS
_INSCRIBED = Prepared(
    union_all(
        select(inscription.c.list_id, inscription.c.person_id).where(
            *_STANDING, among(inscription.c.person_id, "people")
        ),
        select(inscription.c.list_id, inscription.c.organisation_key).where(
            *_STANDING, among(inscription.c.organisation_key, "organisations")
        ),
    )
)
_COUNTS = Prepared(
    select(inscription.c.list_id, func.count())
    .where(among(inscription.c.list_id, "lists"), STANDS)
    .group_by(inscription.c.list_id)
)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who is to speak; `organisation` is her own."""

    id: str
    name: str
    organisation: str | None


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation that may be spoken for; `groups` are the names of those that it is a member of."""

    name: str
    category: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """Who is named: `speakers` are known already, `people` and `organisations` (ids) are to be looked up.

    The speakers' own organisations are looked up anyway.
    """

    speakers: Mapping[str, Speaker]
    people: Collection[str]
    organisations: Collection[str]


@dataclass(slots=True)
class AtHand:
    """What is known of slots, speakers and organisations. `take` keeps it up with what was decided.

    `inscribed` holds (list, person) and (list, organisation key), `accredited` by (session, organisation) the status
    and the note, `caps` how many speakers lists take (None: any number), `counts` the inscriptions of those that have a
    cap, `remote_booked` the seconds of meetings, `lost` who came too late for a slot, `offers` what is offered to those
    who wait, `waiting` by (list, person) her entry.
    """

    slots: dict[str, Row]
    places: dict[str, Place]
    caps: dict[str, int | None]
    speakers: dict[str, Speaker] = field(default_factory=dict)
    organisations: dict[str, Party] = field(default_factory=dict)
    accredited: dict[tuple[str, str], tuple[str, str | None]] = field(default_factory=dict)
    inscribed: set[tuple[Any, ...]] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)
    remote_booked: dict[str, int] = field(default_factory=dict)
    lost: list[tuple[SlotTaken, Row, Claim]] = field(default_factory=list)
    offers: list[Row] = field(default_factory=list)
    waiting: dict[tuple[str, str], Row] = field(default_factory=dict)

    def is_full(self, list_id: str, person: str | None = None) -> bool:
        """Whether this list has all the speakers that it takes, with those whom it offers a place.

        `person` is not counted herself.
        """
        cap = self.caps[list_id]
        if cap is None:
            return False
        offered = sum(each["list_id"] == list_id and each["person_id"] != person for each in self.offers)
        taken: int = self.counts.get(list_id, 0) + offered
        return taken >= cap

    def remote_left(self, row: Row, person: str | None = None) -> int | None:
        """The remote seconds left in the meeting of this slot, None where there is no cap.

        What is offered to others than `person` is not left.
        """
        budget: int | None = row["remote_budget_seconds"]
        if budget is None:
            return None
        here = [each for each in self.offers if each["meeting_id"] == row["meeting_id"]]
        return budget - self.remote_booked[row["meeting_id"]] - remote_offered(here, person)

    def is_offered(self, row: Row, person: str) -> bool:
        """Whether this slot is offered to her."""
        return any(each["slot_id"] == row["id"] and each["person_id"] == person for each in self.offers)

    def take(self, row: Row, new: Mapping[str, Any]) -> None:
        """The slot was given to the inscription `new`."""
        row["status"] = "booked"
        self.offers = [
            each for each in self.offers if (each["list_id"], each["person_id"]) != (row["list_id"], new["person_id"])
        ]
        self.inscribed.add((row["list_id"], new["person_id"]))
        if new["organisation_key"] is not None:
            self.inscribed.add((row["list_id"], new["organisation_key"]))
        if self.caps[row["list_id"]] is not None:
            self.counts[row["list_id"]] = self.counts.get(row["list_id"], 0) + 1
        if new["mode"] == "remote":
            self.remote_booked[row["meeting_id"]] += row["seconds"]


def read(conn: Connection, slots: Collection[str], named: Named) -> AtHand:
    """What is at hand for these slots."""
    rows = {row["id"]: row for row in _SLOTS.all(conn, slots=sorted(slots))}
    caps = {row["list_id"]: row["capacity"] for row in rows.values()}
    found = AtHand(rows, {id_: place_of(row) for id_, row in rows.items()}, caps)
    found.remote_booked = {row["meeting_id"]: row["remote_booked_seconds"] for row in rows.values()}
    _learn(conn, found, sorted({place.session for place in found.places.values()}), named)
    return found


def read_list(conn: Connection, row: Row, place: Place, named: Named) -> AtHand:
    """The same for one list, whose row it is."""
    found = AtHand({}, {}, {row["id"]: row["capacity"]})
    _learn(conn, found, [place.session], named)
    return found


def learn_waiting(conn: Connection, found: AtHand, lists: Collection[str], meetings: Collection[str]) -> None:
    """Who among the speakers waits in these lists, and what is offered in these meetings; offers that lapsed are not.

    What is at hand without it is so where nobody waits.
    """
    entries = entries_of(conn, lists, list(found.speakers))
    found.waiting = {(row["list_id"], row["person_id"]): row for row in entries}
    found.offers = [row for meeting_id in sorted(meetings) for row in offers_in(conn, meeting_id)]


def _learn(conn: Connection, found: AtHand, sessions: list[str], named: Named) -> None:
    """Looks up the people and organisations that are named, and how they and the lists stand."""
    found.speakers = dict(named.speakers)
    if named.people:
        found.speakers |= {row[0]: Speaker(*row) for row in conn.all(_SPEAKERS, people=sorted(named.people))}
    known = sorted(found.speakers)
    own = {each.organisation for each in found.speakers.values() if each.organisation}
    organisations = sorted({*named.organisations, *own})
    of_parties = conn.all(_ORGANISATIONS, organisations=organisations, sessions=sessions)
    for id_, name, category, groups, session, status, note in of_parties:
        found.organisations[id_] = Party(name, category, tuple(groups))
        if status is not None:
            found.accredited[session, id_] = (status, note)
    lists = sorted(found.caps)
    found.inscribed = set(conn.all(_INSCRIBED, lists=lists, people=known, organisations=organisations))
    capped = [list_id for list_id in lists if found.caps[list_id] is not None]
    if capped:
        found.counts = dict(conn.all(_COUNTS, lists=capped))
