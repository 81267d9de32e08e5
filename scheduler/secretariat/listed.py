"""A participants' list as a programme file of people and organisations, for the loader of such files."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from scheduler.errors import Fault
from scheduler.people.tables import Code, Organisation, Person, RoleGrant
from scheduler.programme import codes
from scheduler.secretariat.document import Document, PersonPart, RolePart
from scheduler.secretariat.participants import DESCRIBING, Line, Sheet, parts, word
from scheduler.secretariat.reading import STAND_INS, ProgrammeFile, checked
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.many import among

_p, _o, _g, _c = table(Person).c, table(Organisation).c, table(RoleGrant).c, table(Code).c
_OF_ORGANISATION = ("name", "category", "country", "region", "groups")
_OF_PERSON = ("email", "name", "timezone", "language", "organisation")
_ORGANISATIONS = Prepared(select(*(_o[name] for name in _OF_ORGANISATION)))
_PEOPLE = Prepared(
    select(_p.id, _p.email, _p.name, _p.timezone, _p.language, _o.name.label("organisation"))
    .select_from(table(Person).outerjoin(table(Organisation), _o.id == _p.organisation_id))
    .where(among(_p.email_key, "emails"))
)
_ROLES = Prepared(
    select(_g.person_id, _g.role, _c.id.label("code"), _o.name.label("organisation"))
    .select_from(
        table(RoleGrant)
        .join(table(Person), _p.id == _g.person_id)
        .outerjoin(table(Code), _c.of_id == _g.scope_id)
        .outerjoin(table(Organisation), _o.id == _g.scope_id)
    )
    .where(among(_p.email_key, "emails"))
    .order_by(_g.person_id, _g.position)
)
_PLACE = re.compile(r"(people|organisations)\[(\d+)\](?:\.(\w+))?.*")
_NO_CATEGORY = "There is no such organisation yet. Say its category in a column, or one for all that are new."


@dataclass(slots=True)
class ListFile(ProgrammeFile):
    """The list, with the rows that its people and organisations come from, and what is known of them already."""

    sheet: Sheet = field(default_factory=lambda: Sheet({}, {}, 0))
    rows: dict[str, list[int]] = field(default_factory=dict)
    before: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    called = "list"

    def place(self, parts_: Iterable[int | str]) -> str:
        """A place as the list has it: `row 17, Email Address`."""
        # Without arguments `super` looks for the class that `slots=True` replaced.
        found = _PLACE.fullmatch(ProgrammeFile.place(self, parts_))
        if found is None:
            return ""
        kind, number, name = found[1], int(found[2]), found[3]
        return self.sheet.place(self.rows[kind][number], "organisation" if (kind, name) == _NAMED else name)

    def compared(self) -> dict[tuple[str, int], tuple[dict[str, Any], dict[str, Any]]]:
        """By kind and row: what was known of each person and organisation, and what the list says of it."""
        said = {
            ("person", row): (person.email.casefold(), _said(person))
            for row, person in zip(self.rows["people"], self.document.people, strict=True)
        } | {
            ("organisation", row): (each.name, each.said())
            for row, each in zip(self.rows["organisations"], self.document.organisations, strict=True)
        }
        return {at: (self.before.get((at[0], named), {}), says) for at, (named, says) in said.items()}


_NAMED = ("organisations", "name")


def list_file(conn: Connection, sheet: Sheet, category: str | None) -> ListFile:
    """The list as a file, knowing what is there already; `category` is for new organisations without one."""
    known = {
        ("organisation", row[0]): dict(zip(_OF_ORGANISATION, row, strict=True)) for row in conn.all(_ORGANISATIONS)
    }
    kinds = codes.kinds(conn)
    spelt = {_folded(name): name for _, name in known}
    named: dict[str, list[Line]] = {}
    people = []
    for line in sheet.lines:
        said = line.said.get("organisation")
        name = spelt.setdefault(_folded(said), said) if said else None
        if name is not None:
            named.setdefault(name, []).append(line)
        people.append(_person(line, name, kinds))
    faults: list[Fault] = []
    organisations = [
        _organisation(sheet, faults, name, lines, known.get(("organisation", name), {"category": category}))
        for name, lines in named.items()
    ]
    rows = {
        "people": [line.row for line in sheet.lines],
        "organisations": [lines[0].row for lines in named.values()],
    }
    file = ListFile(Document(), sheet=sheet, rows=rows, before=known | _people(conn, sheet))
    checked({"organisations": organisations, "people": people}, file)
    file.faults += [*faults, *sheet.faults]
    return file


def _person(line: Line, organisation: str | None, kinds: Mapping[str, str]) -> dict[str, Any]:
    person: dict[str, Any] = dict(line.person())
    if organisation is not None:
        person["organisation"] = organisation
    if "roles" in line.said:
        person["roles"] = [_role(text, organisation, kinds) for text in parts(line.said["roles"])]
    return person


def _role(text: str, organisation: str | None, kinds: Mapping[str, str]) -> dict[str, str]:
    """`ROLE` or `ROLE:CODE`; a focal point acts for the organisation of her row."""
    role, _, scope = (part.strip() for part in text.partition(":"))
    if scope:
        return {"role": word(role), kinds.get(scope, "session"): scope}
    if word(role) == "focal_point" and organisation is not None:
        return {"role": "focal_point", "organisation": organisation}
    return {"role": word(role)}


def _organisation(
    sheet: Sheet, faults: list[Fault], name: str, lines: list[Line], known: dict[str, Any]
) -> dict[str, Any]:
    """What its rows say of an organisation, most of them where they differ.

    Of an Indico registrant's country only a new organisation takes something, and only where all agree.
    """
    part: dict[str, Any] = {"name": name}
    for column in DESCRIBING:
        said = Counter(line.said[column] for line in lines if column in line.said)
        if not said or (sheet.indico and column == "country"):
            continue
        ((most, _),) = said.most_common(1)
        part[column] = parts(most) if column == "groups" else most
        sentence = f"Other rows say {most} of this organisation. Say the same in all."
        faults += [
            Fault(sheet.place(line.row, column), sentence) for line in lines if line.said.get(column, most) != most
        ]
    countries = {line.said["country"] for line in lines if "country" in line.said}
    if sheet.indico and "name" not in known and len(countries) == 1:
        part["country"] = countries.pop()
    part.setdefault("category", known["category"])
    if part["category"] is None:
        where = sheet.place(lines[0].row, "category" if "category" in sheet.columns else "organisation")
        faults.append(Fault(where, _NO_CATEGORY))
        part["category"] = STAND_INS["category"]
    return part


def _people(conn: Connection, sheet: Sheet) -> dict[tuple[str, str], dict[str, Any]]:
    """Those of the list who are there already, by address, with their roles as a list writes them."""
    emails = [line.said["email"].casefold() for line in sheet.lines if "email" in line.said]
    found = {
        row[0]: dict(zip(_OF_PERSON, row[1:], strict=True)) | {"roles": []} for row in conn.all(_PEOPLE, emails=emails)
    }
    for person, role, code, organisation in conn.all(_ROLES, emails=emails):
        found[person]["roles"].append(_written(role, code or organisation))
    return {("person", each["email"].casefold()): each for each in found.values()}


def _said(person: PersonPart) -> dict[str, Any]:
    return person.said() | {"roles": [_written_part(role) for role in person.roles]}


def _written_part(role: RolePart) -> str:
    return _written(role.role, role.body or role.session or role.organisation)


def _written(role: str, scope: str | None) -> str:
    return f"{role}:{scope}" if scope else role


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
