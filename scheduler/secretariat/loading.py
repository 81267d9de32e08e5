"""Loading a programme file: everything through the rooms' own acts, all or nothing, every fault with its place.

What the file does not mention stays as it is. Loading the same file again changes nothing, because each act leaves what
is so already untouched: no version, no journal entry.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, select

from scheduler.accreditation import actions as accrediting
from scheduler.accreditation.tables import Accreditation
from scheduler.errors import Fault, Meaningless, Refusal
from scheduler.lists import drawing_up
from scheduler.lists.particulars import NewList
from scheduler.lists.tables import SpeakersList
from scheduler.people import organisations, persons
from scheduler.people.permission import Act, Actor, Grant, Scopes, require
from scheduler.people.queries import by_address
from scheduler.people.tables import Organisation
from scheduler.programme import bodies, items, meetings, sessions
from scheduler.programme.records import find_body
from scheduler.programme.tables import Item, Meeting, Session
from scheduler.secretariat import expanding, moving
from scheduler.secretariat.document import Document, ListPart, PersonPart, RolePart, SessionPart, place
from scheduler.storage.columns import table
from scheduler.storage.connection import Prepared
from scheduler.storage.writer import Tx

Place = tuple[int | str, ...]
_o, _s, _i, _m = table(Organisation).c, table(Session).c, table(Item).c, table(Meeting).c
_l, _a = table(SpeakersList).c, table(Accreditation).c
_ORGANISATIONS = Prepared(select(_o.name, _o.id))
_SESSION = Prepared(select(_s.id).where(_s.code == bindparam("code")))
_ITEMS = Prepared(select(_i.number, _i.id).where(_i.session_id == bindparam("session")))
_MEETINGS = Prepared(select(_m.number, _m.id).where(_m.session_id == bindparam("session")))
_LISTS = Prepared(select(_l.title, _l.id).where(_l.meeting_id == bindparam("meeting")))
_ACCREDITED = Prepared(select(_a.organisation_id, _a.id).where(_a.session_id == bindparam("session")))


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that the file makes or changes: `what` (made or changed, and of which kind) and its place."""

    what: str
    place: str


@dataclass(slots=True)
class Report:
    """What a load did, or a dry run would do."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    changes: list[Change] = field(default_factory=list)


class Undone(Exception):  # noqa: N818  -- how a dry run leaves its transaction
    """Carries the report of a dry run out of the act, so that its savepoint is rolled back."""

    def __init__(self, report: Report) -> None:
        super().__init__("dry run")
        self.report = report


def load(
    tx: Tx,
    actor: Actor,
    document: Document,
    *,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> Report:
    """Makes the programme what the file says. The whole service's secretariat may; `progress` hears how far it is.

    Raises:
        Forbidden: she may not.
        Meaningless: something in the file cannot be; all such faults, each with its place. Nothing is changed.
        Undone: always after a dry run, with its report.
    """
    require(actor, Act.RUN_SERVICE, Scopes())
    loading = _Loading(tx, actor, progress)
    loading.everything(document)
    if loading.faults:
        number = len(loading.faults)
        sentence = f"The programme has {number} fault{'s' if number > 1 else ''}; nothing was changed."
        raise Meaningless(sentence, faults=tuple(loading.faults))
    if dry_run:
        raise Undone(loading.report)
    return loading.report


class _Loading:
    def __init__(self, tx: Tx, actor: Actor, progress: Callable[[int], None]) -> None:
        self.tx = tx
        self.actor = actor
        self.progress = progress
        self.report = Report()
        self.faults: list[Fault] = []
        self.organisations: dict[str, str] = dict(tx.conn.all(_ORGANISATIONS))

    def everything(self, document: Document) -> None:
        for number, body in enumerate(document.bodies):
            known = find_body(self.tx.conn, body.code)
            with self._at("bodies", number):
                if known is None:
                    bodies.add(self.tx, self.actor, bodies.NewBody(**body.said()))
                    self._made("body", ("bodies", number))
                else:
                    before = len(self.tx.notes)
                    bodies.change(self.tx, self.actor, known.id, body.said("code"))
                    self._noted("body", ("bodies", number), before)
        for number, organisation in enumerate(document.organisations):
            with self._at("organisations", number):
                self._organisation(organisation.said(), ("organisations", number))
        for number, session in enumerate(document.sessions):
            self._session(session, ("sessions", number))
        for number, person in enumerate(document.people):
            with self._at("people", number):
                self._person(person, ("people", number))

    def _organisation(self, said: dict[str, Any], at: Place) -> None:
        known = self.organisations.get(said["name"])
        if known is None:
            made = organisations.add(self.tx, self.actor, organisations.NewOrganisation(**said))
            self.organisations[made.name] = made.id
            self._made("organisation", at)
        else:
            before = len(self.tx.notes)
            organisations.change(self.tx, self.actor, known, said)
            self._noted("organisation", at, before)

    def _person(self, person: PersonPart, at: Place) -> None:
        said = person.said("roles", "organisation")
        if person.organisation is not None:
            said["organisation"] = self._named(person.organisation, "organisation")
        if "roles" in person.model_fields_set:
            said["roles"] = tuple(self._grant(role) for role in person.roles)
        known = by_address(self.tx.conn, person.email)
        if known is None:
            persons.add(self.tx, self.actor, persons.NewPerson(**said))
            self._made("person", at)
        else:
            before = len(self.tx.notes)
            persons.change(self.tx, self.actor, known, said)
            self._noted("person", at, before)

    def _grant(self, role: RolePart) -> Grant:
        if role.organisation is not None:
            return Grant(role.role, "organisation", self._named(role.organisation, "roles"))
        if role.session is not None:
            return Grant(role.role, "session", role.session)
        return Grant(role.role, "body", role.body) if role.body is not None else Grant(role.role)

    def _named(self, name: str, where: str) -> str:
        if name not in self.organisations:
            raise Meaningless(f"There is no organisation {name!r}, here or in the file.", field=where)
        return self.organisations[name]

    def _session(self, session: SessionPart, at: Place) -> None:
        said = session.said("items", "days", "meetings", "accreditations")
        session_id = ""
        with self._at(*at):
            row = self.tx.conn.first(_SESSION, code=session.code)
            before = len(self.tx.notes)
            if row is None:
                new = sessions.NewSession(**{"status": "published", **said})
                session_id = sessions.add(self.tx, self.actor, new).id
                self._made("session", at)
            else:
                session_id = sessions.change(self.tx, self.actor, row[0], said).id
                self._noted("session", at, before)
        if not session_id:
            return
        self._items(session, session_id, at)
        self._meetings(session, session_id, at)
        self._accreditations(session, session_id, at)
        self.progress(1)

    def _items(self, session: SessionPart, session_id: str, at: Place) -> None:
        known = dict(self.tx.conn.all(_ITEMS, session=session_id))
        for number, item in enumerate(session.items):
            here = (*at, "items", number)
            with self._at(*here):
                said = item.said("parent")
                if item.parent is not None:
                    said["parent"] = self._numbered(known, item.parent, "parent")
                if item.number in known:
                    before = len(self.tx.notes)
                    items.change(self.tx, self.actor, known[item.number], said)
                    self._noted("agenda item", here, before)
                else:
                    known[item.number] = items.add(self.tx, self.actor, session_id, items.NewItem(**said)).id
                    self._made("agenda item", here)

    def _numbered(self, known: dict[str, str], number: str, where: str) -> str:
        if number not in known:
            raise Meaningless(f"The session has no agenda item {number!r}.", field=where)
        return known[number]

    def _meetings(self, session: SessionPart, session_id: str, at: Place) -> None:
        of_items = dict(self.tx.conn.all(_ITEMS, session=session_id))
        known = dict(self.tx.conn.all(_MEETINGS, session=session_id))
        for planned in expanding.meetings(session, at):
            with self._at(*planned.place):
                said = planned.part.said("lists", "items", "number") | {"title": planned.part.title}
                if planned.part.items:
                    said["items"] = [self._numbered(of_items, each, "items") for each in planned.part.items]
                meeting = known.get(planned.number)
                if meeting is None:
                    new = meetings.NewMeeting(**said, number=planned.number)
                    meeting = meetings.add(self.tx, self.actor, session_id, new).id
                    self._made("meeting", planned.place)
                else:
                    before = len(self.tx.notes)
                    moving.change_meeting(self.tx, self.actor, meeting, said)
                    self._noted("meeting", planned.place, before)
                for number, each in enumerate(planned.part.lists):
                    self._list(each, meeting, of_items, (*planned.place, "lists", number))

    def _list(self, part: ListPart, meeting: str, of_items: dict[str, str], at: Place) -> None:
        with self._at(*at):
            said = part.said("item") | {"allocation": part.allocation}
            if part.item is not None:
                said["item"] = self._numbered(of_items, part.item, "item")
            known = dict(self.tx.conn.all(_LISTS, meeting=meeting)).get(part.title)
            if known is None:
                drawing_up.add(self.tx, self.actor, meeting, NewList(**said))
                self._made("list", at)
            else:
                before = len(self.tx.notes)
                drawing_up.change(self.tx, self.actor, known, said)
                self._noted("list", at, before)

    def _accreditations(self, session: SessionPart, session_id: str, at: Place) -> None:
        known = dict(self.tx.conn.all(_ACCREDITED, session=session_id))
        for number, each in enumerate(session.accreditations):
            here = (*at, "accreditations", number)
            with self._at(*here):
                organisation = self._named(each.organisation, "organisation")
                if organisation in known:
                    before = len(self.tx.notes)
                    changes = {"status": each.status} | ({"note": each.note} if each.note else {})
                    accrediting.decide(self.tx, self.actor, known[organisation], changes)
                    self._noted("accreditation", here, before)
                else:
                    accrediting.ask(self.tx, self.actor, session_id, organisation, status=each.status, note=each.note)
                    self._made("accreditation", here)

    @contextmanager
    def _at(self, *at: int | str) -> Iterator[None]:
        """Takes down a refusal with its place and goes on, so that every fault is named; the act is undone later."""
        self.tx.conn.sql("SAVEPOINT part")
        try:
            yield
        except Refusal as refusal:
            self.tx.conn.sql("ROLLBACK TO part")
            found = refusal.faults or (Fault("", refusal.sentence),)
            self.faults += [
                Fault(place(at) + (f".{fault.field}" if fault.field else ""), fault.message) for fault in found
            ]

    def _made(self, kind: str, at: Place) -> None:
        self.report.created += 1
        self.report.changes.append(Change(f"{kind} created", place(at)))

    def _noted(self, kind: str, at: Place, before: int) -> None:
        """A change that left entries changed something."""
        if len(self.tx.notes) > before:
            self.report.changed += 1
            self.report.changes.append(Change(f"{kind} changed", place(at)))
        else:
            self.report.unchanged += 1
