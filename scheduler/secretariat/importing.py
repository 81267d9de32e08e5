"""A participants' list imported: its people and their organisations, by the loader of programme files.

So a list goes through the same acts and the same rehearsal outside the writer, all or nothing, and the same list again
changes nothing. A cell that is empty says nothing: what is there stays.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from scheduler.people.permission import Act, Actor, Scopes, require
from scheduler.secretariat.account import Report
from scheduler.secretariat.listed import ListFile, list_file
from scheduler.secretariat.loading import unheard
from scheduler.secretariat.participants import Sheet
from scheduler.secretariat.reading import ProgrammeFile
from scheduler.secretariat.rehearsing import Read, load_beside
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer

_COLUMNS = {"organisation_id": "organisation", "email_key": "email"}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field as it was and as it will be."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class RowChange:
    """What a row makes or changes: `kind` person or organisation, `what` created or changed, `fields` where changed."""

    row: int
    kind: str
    name: str
    what: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many are made, changed, and stay as they are."""

    created: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do.

    `columns` are the headers that were understood, with what each was taken for, `ignored` the others; `left_out` are
    rows of registrants who were rejected or withdrew.
    """

    people: Counted
    organisations: Counted
    columns: dict[str, str]
    ignored: tuple[str, ...]
    left_out: tuple[int, ...]
    changes: tuple[RowChange, ...]


def require_import(actor: Actor | None) -> None:
    """Raises NotSignedIn or Forbidden where somebody may not import: asked before a large file is read."""
    require(actor, Act.RUN_SERVICE, Scopes())


def import_beside(
    read: Read[Any],
    writer: Writer,
    who: Callable[[Connection], Actor],
    sheet: Sheet,
    *,
    category: str | None = None,
    dry_run: bool = False,
    progress: Callable[[int], None] = unheard,
) -> Imported:
    """Imports a list while others go on writing; blocks until it is committed. A dry run commits nothing.

    `read` runs a function on a reading connection, `who` says who imports. `category` is that of new organisations for
    which the list says none. The whole service's secretariat may.

    Raises:
        Forbidden: she may not.
        Meaningless: the list has faults; all of them, each with its row and column.
    """
    files: list[ListFile] = []

    def file(conn: Connection) -> ProgrammeFile:
        files.append(list_file(conn, sheet, category))
        return files[-1]

    report = load_beside(read, writer, who, file, dry_run=dry_run, progress=progress)
    return _imported(files[-1], report)


def size(sheet: Sheet) -> int:
    """How many parts there are to import."""
    return len(sheet.lines) + len({line.said["organisation"] for line in sheet.lines if "organisation" in line.said})


def _imported(file: ListFile, report: Report) -> Imported:
    changes, compared = [], file.compared()
    for change in report.changes:
        kind, what = change.what.split(" ")
        row = int(change.place.removeprefix("row "))
        before, after = compared[kind, row]
        fields = dict.fromkeys(_COLUMNS.get(name, name) for name in change.fields)
        changed = tuple(FieldChange(name, before.get(name), after.get(name)) for name in fields)
        changes.append(RowChange(row, kind, after["name"], what, changed))
    people, organisations = len(file.document.people), len(file.document.organisations)
    return Imported(
        _counted("person", people, changes),
        _counted("organisation", organisations, changes),
        {header: name for name, header in file.sheet.columns.items()},
        file.sheet.ignored,
        tuple(file.sheet.left_out),
        tuple(changes),
    )


def _counted(kind: str, number: int, changes: list[RowChange]) -> Counted:
    created = sum(each.kind == kind and each.what == "created" for each in changes)
    changed = sum(each.kind == kind and each.what == "changed" for each in changes)
    return Counted(created, changed, number - created - changed)
