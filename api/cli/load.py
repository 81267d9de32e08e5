"""Loads a programme (TOML, JSON) or a participants' list (CSV, XLSX), all or nothing; what is not in it stays."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, get_args

from api.cli import databases, shell
from api.spreadsheets import reading as spreadsheets
from scheduler.errors import Meaningless, TooLarge
from scheduler.people.permission import OPERATOR
from scheduler.people.rules import Category
from scheduler.secretariat import importing, loading
from scheduler.secretariat.account import Report
from scheduler.secretariat.importing import Imported, import_beside
from scheduler.secretariat.participants import Sheet
from scheduler.secretariat.reading import ProgrammeFile, read
from scheduler.secretariat.rehearsing import load_beside
from scheduler.storage.connection import Connection
from scheduler.storage.engine import database
from scheduler.storage.writer import Writer

T = TypeVar("T")
_STEP = 500
_LISTS = frozenset({".csv", ".tsv", ".txt", ".xlsx"})


class _Database(NamedTuple):
    conn: Connection
    writer: Writer


def arguments(parser: ArgumentParser) -> None:
    """Which file, and whether only to look."""
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="a programme, *.toml or *.json; a list, *.csv or *.xlsx"
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    parser.add_argument(
        "--category", choices=get_args(Category), help="of a list's new organisations for which it says none"
    )
    parser.epilog = "Faults are printed one a line, each with its place in the file; the exit code is then 1."


def run(given: Namespace) -> None:
    """Loads it and prints what changed, or each fault on its line."""
    listed = given.file.suffix.lower() in _LISTS
    if given.category and not listed:
        raise shell.Failed("A programme says the category of each organisation itself. Leave out --category.", 2)
    read_file: Callable[[Path], Any] = _list if listed else _programme
    file = read_file(given.file)
    with _database() as at:
        try:
            done = _import(at, file, given) if isinstance(file, Sheet) else _load(at, file, given)
        except Meaningless as refusal:
            for fault in refusal.faults:
                print(f"{fault.field}: {fault.message}")
            raise shell.Failed(refusal.sentence) from refusal
    would = "would be " if given.dry_run else ""
    if isinstance(done, Imported):
        _print_import(done, would=would)
    else:
        _print(done, would=would)


@contextmanager
def _database() -> Iterator[_Database]:
    settings = shell.settings()
    with databases.writer(settings) as writer, closing(database(settings.database_url).connect(reading=True)) as conn:
        yield _Database(conn, writer)


def _load(at: _Database, file: ProgrammeFile, given: Namespace) -> Report:
    progress = _progress(loading.size(file.document))
    return load_beside(
        lambda do: do(at.conn), at.writer, lambda _: OPERATOR, file, dry_run=given.dry_run, progress=progress
    )


def _import(at: _Database, sheet: Sheet, given: Namespace) -> Imported:
    return import_beside(
        lambda do: do(at.conn),
        at.writer,
        lambda _: OPERATOR,
        sheet,
        category=given.category,
        dry_run=given.dry_run,
        progress=_progress(importing.size(sheet)),
    )


def _programme(file: Path) -> ProgrammeFile:
    return _read(file, lambda data: read(data, toml=file.suffix.lower() != ".json"))


def _list(file: Path) -> Sheet:
    return _read(file, spreadsheets.read)


def _read(file: Path, do: Callable[[bytes], T]) -> T:
    try:
        return do(file.read_bytes())
    except OSError as error:
        raise shell.Failed(f"{file} cannot be read: {error.strerror}.") from error
    except (Meaningless, TooLarge) as refusal:
        raise shell.Failed(f"{file}: {refusal.sentence}") from refusal


def _progress(total: int) -> Callable[[int], None]:
    def heard(done: int) -> None:
        if done % _STEP == 0:
            print(f"{done:,} of {total:,} looked at", flush=True)

    return heard


def _print(report: Report, *, would: str) -> None:
    for each in report.changes:
        print(f"{each.what}: {each.place}" + (f" ({', '.join(each.fields)})" if each.fields else ""))
    if report.created or report.changed:
        print(f"{report.created} {would}created, {report.changed} {would}changed, {report.unchanged} as they were.")
    else:
        print(f"Nothing changes: all {report.unchanged} are as they were.")


def _print_import(done: Imported, *, would: str) -> None:
    for row in done.changes:
        changed = "; ".join(f"{each.field}: {_said(each.before)} -> {_said(each.after)}" for each in row.fields)
        print(f"row {row.row}: {row.kind} {row.what}, {row.name}" + (f" ({changed})" if changed else ""))
    for kind, each in (("people", done.people), ("organisations", done.organisations)):
        print(f"{kind}: {each.created} {would}created, {each.changed} {would}changed, {each.unchanged} as they were.")
    if done.left_out:
        print(f"{len(done.left_out)} rejected or withdrawn registrants are left out.")
    if done.ignored:
        print(f"Columns that mean nothing here: {', '.join(done.ignored)}.")


def _said(value: Any) -> str:
    return ", ".join(value) or "none" if isinstance(value, list) else str(value or "none")
