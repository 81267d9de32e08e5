"""What the columns of a participants' list mean, ours and those of an Indico registrants export. Pure.

An Indico export has `ID`, `Name`, then the form's fields (by default `First Name`, `Last Name`, `Email Address`,
`Affiliation`, and where the form asks for it `Country`), then what is chosen of `Registration date`, `Registration
state` and so on (indico/modules/events/registration/util.py, models/items.py).
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import get_args

from scheduler.errors import Fault, Meaningless, TooLarge
from scheduler.people.rules import Category, Region
from scheduler.storage.texts import one_line

MOST_ROWS = 20_000
Row = tuple[int, Sequence[str]]
"""A row's number as spreadsheet programs show it, from 1, and its cells as texts."""

_FIELDS = {
    "email": ("email", "e mail", "email address", "e mail address"),
    "name": ("name", "full name"),
    "first_name": ("first name", "given name"),
    "last_name": ("last name", "family name", "surname"),
    "organisation": ("organisation", "organization", "affiliation", "delegation"),
    "category": ("category",),
    "country": ("country",),
    "region": ("region",),
    "groups": ("groups", "group"),
    "timezone": ("timezone", "time zone"),
    "language": ("language",),
    "roles": ("roles", "role"),
    "state": ("registration state",),
}
_BY_HEADER = {header: name for name, headers in _FIELDS.items() for header in headers}
_WORDS: dict[str, tuple[str, ...]] = {"category": get_args(Category), "region": get_args(Region)}
DESCRIBING = ("category", "country", "region", "groups")
_NOT_COMING = frozenset({"rejected", "withdrawn"})
_NO_COUNTRY = "There is no such country. Give its name or its ISO 3166 code of two letters, e.g. CR."


class Unreadable(str):
    """A cell without a plain value; the text says why, and what to do."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Naming:
    """Codes by what people call them, in any of the six languages; None for what is no such name."""

    country: Callable[[str], str | None]
    language: Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Line:
    """A row about somebody: of each field that it says something about, what."""

    row: int
    said: dict[str, str]

    def person(self) -> dict[str, str]:
        """What it says of the person, but her roles."""
        named = " ".join(self.said[part] for part in ("first_name", "last_name") if part in self.said)
        about = {part: self.said[part] for part in ("email", "timezone", "language") if part in self.said}
        return about | ({"name": name} if (name := self.said.get("name", named)) else {})


@dataclass(slots=True)
class Sheet:
    """A list as far as it was understood. `columns` are headers by field, `at` fields by the number of their column.

    `indico`: the country is the registrant's, not the organisation's. `left_out` are rows of people who do not come.
    """

    columns: dict[str, str]
    at: dict[int, str]
    width: int
    ignored: tuple[str, ...] = ()
    indico: bool = False
    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    left_out: list[int] = field(default_factory=list)

    def place(self, row: int, name: str | None = None) -> str:
        """Where something stands, in the file's own words: `row 17, Email Address`."""
        if name == "name" and name not in self.columns:
            name = "last_name"
        return f"row {row}" + (f", {self.columns.get(name, name)}" if name else "")


def read(rows: Iterable[Row], naming: Naming) -> Sheet:
    """What a list says; the faults of single rows are in it, not raised.

    Raises:
        Meaningless: the columns that are needed are not there, or one stands there twice.
        TooLarge: it has more than 20,000 rows.
    """
    filled = ((number, cells) for number, cells in rows if any(cells))
    header = next(filled, None)
    if header is None:
        raise Meaningless("There is nothing in this file. The first row names the columns, e.g. email, name.")
    sheet = _columns([one_line(cell) for cell in header[1]])
    for count, (number, cells) in enumerate(filled, 1):
        if count > MOST_ROWS:
            raise TooLarge(f"This list has more than {MOST_ROWS:,} rows. Send it in parts.")
        said, faults = _said(sheet, number, cells)
        if said.pop("state", "").casefold() in _NOT_COMING:
            sheet.left_out.append(number)
            continue
        sheet.faults += faults + _coded(sheet, number, said, naming)
        sheet.lines.append(Line(number, said))
    return sheet


def parts(text: str) -> list[str]:
    """The parts of a cell that holds several, divided by `;` or `,`."""
    return [part.strip() for part in re.split("[;,]", text) if part.strip()]


def word(text: str) -> str:
    """`Member State` as `member_state`."""
    return "_".join(re.findall(r"\w+", text.casefold()))


def _columns(headers: Sequence[str]) -> Sheet:
    at: dict[int, str] = {}
    ignored = []
    for number, header in enumerate(headers):
        name = _BY_HEADER.get(" ".join(re.findall(r"[^\W_]+", header.casefold())))
        if name is not None:
            at[number] = name
        elif header:
            ignored.append(header)
    names = list(at.values())
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        both = " and ".join(headers[number] for number, name in at.items() if name == twice)
        raise Meaningless(f"The columns {both} mean the same, {twice}. Leave one of them.")
    if "email" not in names:
        raise Meaningless("No column is called email (or Email Address). Name the columns in the first row.")
    if "name" not in names and not {"first_name", "last_name"} <= set(names):
        raise Meaningless("No column is called name (or First Name and Last Name). Name the columns in the first row.")
    columns = {name: headers[number] for number, name in at.items()}
    indico = columns.get("organisation", "").casefold() == "affiliation"
    return Sheet(columns, at, len(headers), tuple(ignored), indico)


def _said(sheet: Sheet, row: int, cells: Sequence[str]) -> tuple[dict[str, str], list[Fault]]:
    said: dict[str, str] = {}
    faults = []
    for number, name in sheet.at.items():
        cell = cells[number] if number < len(cells) else ""
        if isinstance(cell, Unreadable):
            faults.append(Fault(sheet.place(row, name), str(cell)))
        elif text := one_line(cell):
            said[name] = text
    if any(cells[sheet.width :]):
        faults.append(Fault(sheet.place(row), "This row has more cells than the first one has names for."))
    return said, faults


def _coded(sheet: Sheet, row: int, said: dict[str, str], naming: Naming) -> list[Fault]:
    """Puts codes in the place of words; the faults that come out."""
    faults = []
    for name, words in _WORDS.items():
        code = word(said.pop(name, ""))
        if code in words:
            said[name] = code
        elif code:
            faults.append(Fault(sheet.place(row, name), f"There is no such {name}. Say one of: {', '.join(words)}."))
    if "groups" in said:
        said["groups"] = "; ".join(parts(said["groups"]))
    if "language" in said:
        said["language"] = naming.language(said["language"]) or said["language"]
    if "country" in said:
        country = naming.country(said.pop("country"))
        if country is not None:
            said["country"] = country
        elif not sheet.indico:
            faults.append(Fault(sheet.place(row, "country"), _NO_COUNTRY))
    if "category" in said and "organisation" not in said:
        sentence = "This is an organisation's category, and the row names no organisation."
        faults.append(Fault(sheet.place(row, "category"), sentence))
    return faults
