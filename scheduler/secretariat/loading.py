"""What loading a programme file does: everything through the rooms' own acts, every fault with its place.

What the file does not mention stays as it is. Loading the same file again changes nothing, because each act leaves what
is so already untouched: no version, no journal entry.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from scheduler.errors import Fault, Meaningless
from scheduler.people import organisations, persons
from scheduler.people.permission import Act, Actor, Grant, Scopes, require, role_for
from scheduler.people.queries import by_address
from scheduler.people.rules import scope_fault
from scheduler.people.tables import Organisation
from scheduler.programme import bodies, codes
from scheduler.programme.records import find_body
from scheduler.secretariat.account import Account, Lost, Part, Report, top
from scheduler.secretariat.document import Document, PersonPart, RolePart
from scheduler.secretariat.expanding import meetings
from scheduler.secretariat.loading_sessions import SessionLoader
from scheduler.secretariat.reading import ProgrammeFile
from scheduler.secretariat.twice import twice
from scheduler.storage.columns import table
from scheduler.storage.connection import Prepared
from scheduler.storage.writer import Tx

_o = table(Organisation).c
_ORGANISATIONS = Prepared(select(_o.name, _o.id))


def unheard(_: int) -> None:
    """Hears of progress and does nothing."""


def load(tx: Tx, actor: Actor, file: ProgrammeFile, progress: Callable[[int], None] = unheard) -> Report:
    """Makes the programme what the file says. The whole service's secretariat may; `progress` hears the parts done.

    It goes on after a refusal, which PostgreSQL does not within a transaction: `rehearsing` gives it a place to do so.

    Raises:
        Forbidden: she may not.
        Meaningless: the file has faults; all of them, each with its place.
    """
    account = Account(tx, file, progress)
    if role_for(actor, Act.RUN_SERVICE, Scopes()) is None:
        account.require_none()
    require(actor, Act.RUN_SERVICE, Scopes())
    for place, first in twice(file.document):
        account.fault(place, "", f"{file.place(first)} has this already. Name each once.")
    _Loader(account, actor).everything(file.document)
    account.require_none()
    return account.report


def size(document: Document) -> int:
    """How many parts there are to load."""
    whole = len(document.bodies) + len(document.organisations) + len(document.people) + len(document.sessions)
    for number, session in enumerate(document.sessions):
        planned = meetings(session, ("sessions", number))
        whole += len(session.items) + len(session.accreditations) + sum(1 + len(each.part.lists) for each in planned)
    return whole


class _Loader:
    def __init__(self, account: Account, actor: Actor) -> None:
        self.account = account
        self.tx = account.tx
        self.actor = actor
        self.organisations: dict[str, str] = dict(self.tx.conn.all(_ORGANISATIONS))
        self.sessions = SessionLoader(account, actor, self.organisation)

    def everything(self, document: Document) -> None:
        for number, body in enumerate(document.bodies):
            self._body(body.said(), number)
        for number, organisation in enumerate(document.organisations):
            self._organisation(organisation.said(), number)
        for number, session in enumerate(document.sessions):
            self.sessions.session(session, ("sessions", number))
        kinds = codes.kinds(self.tx.conn)
        for number, person in enumerate(document.people):
            self._person(person, number, kinds)

    def organisation(self, name: str, field: str) -> str:
        """The id of an organisation by its name. Raises Meaningless, or Lost where the file's own has a fault."""
        if name in self.organisations:
            return self.organisations[name]
        if ("organisations", name) in self.account.lost:
            raise Lost(top(field))
        raise Meaningless("There is no organisation of this name, neither here nor in the file.", field=field)

    def _body(self, said: dict[str, Any], number: int) -> None:
        known = find_body(self.tx.conn, said["code"])
        part = Part("body", ("bodies", number), known is None)

        def do(left: dict[str, Any]) -> object:
            if known is None:
                return bodies.add(self.tx, self.actor, bodies.NewBody(**left))
            return bodies.change(self.tx, self.actor, known.id, left)

        self.account.tried(part, said, do)
        if find_body(self.tx.conn, said["code"]) is None:
            self.account.lost.add(("bodies", said["code"]))

    def _organisation(self, said: dict[str, Any], number: int) -> None:
        name = said["name"]
        known = self.organisations.get(name)
        part = Part("organisation", ("organisations", number), known is None)

        def do(left: dict[str, Any]) -> str:
            if known is None:
                return organisations.add(self.tx, self.actor, organisations.NewOrganisation(**left)).id
            return organisations.change(self.tx, self.actor, known, left).id

        made = self.account.tried(part, said, do)
        if made is None:
            self.account.lost.add(("organisations", name))
        else:
            self.organisations[name] = made

    def _person(self, person: PersonPart, number: int, kinds: Mapping[str, str]) -> None:
        place = ("people", number)
        try:
            known = by_address(self.tx.conn, person.email)
        except Meaningless as refusal:
            self.account.refused(Part("person", place, new=True), refusal)
            known = None

        def do(left: dict[str, Any]) -> object:
            fields = dict(left)
            if fields.get("organisation") is not None:
                fields["organisation"] = self.organisation(fields["organisation"], "organisation")
            if "roles" in fields:
                fields["roles"] = self._grants(person, kinds)
            if known is None:
                return persons.add(self.tx, self.actor, persons.NewPerson(**fields))
            return persons.change(self.tx, self.actor, known, fields)

        said = person.said()
        self.account.tried(Part("person", place, known is None), said, do)

    def _grants(self, person: PersonPart, kinds: Mapping[str, str]) -> tuple[Grant, ...]:
        grants: list[Grant] = []
        faults: list[Fault] = []
        for number, role in enumerate(person.roles):
            try:
                grants.append(self._grant(role, kinds, f"roles[{number}]"))
            except Meaningless as refusal:
                faults += refusal.faults
        if faults:
            raise Meaningless("Some of the roles cannot be granted.", faults=tuple(faults))
        return tuple(grants)

    def _grant(self, role: RolePart, kinds: Mapping[str, str], field: str) -> Grant:
        named = [(kind, name) for kind in ("body", "session", "organisation") if (name := getattr(role, kind))]
        if len(named) > 1:
            raise Meaningless("A role is granted on one of these, not on several.", field=field)
        kind, name = named[0] if named else (None, None)
        if (sentence := scope_fault(role.role, kind)) is not None:
            raise Meaningless(sentence, field=field)
        if kind == "organisation":
            return Grant(role.role, kind, self.organisation(str(name), f"{field}.organisation"))
        if kind is not None and kinds.get(str(name)) != kind:
            if ("bodies" if kind == "body" else "sessions", name) in self.account.lost:
                raise Lost("roles")
            raise Meaningless(
                f"There is no {kind} of this code, neither here nor in the file.", field=f"{field}.{kind}"
            )
        return Grant(role.role, kind, name)
