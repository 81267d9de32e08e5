"""Loads a programme file, TOML or JSON: what it does not mention stays, and with a fault in it nothing is changed."""

from argparse import ArgumentParser, Namespace
from contextlib import closing
from pathlib import Path
from typing import Any

from api.cli import databases, shell
from api.web.rehearsal import clock_of
from scheduler.errors import Meaningless
from scheduler.people.permission import OPERATOR
from scheduler.secretariat.account import Report
from scheduler.secretariat.loading import size
from scheduler.secretariat.reading import ProgrammeFile, read
from scheduler.secretariat.rehearsing import load_beside

_STEP = 500


def arguments(parser: ArgumentParser) -> None:
    """Which file, and whether only to look."""
    parser.add_argument("file", type=Path, metavar="FILE", help="the programme, *.toml or *.json")
    parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    parser.epilog = "Faults are printed one a line, each with its place in the file; the exit code is then 1."


def run(given: Namespace) -> None:
    """Loads it and prints what changed, or each fault on its line."""
    settings, file = shell.settings(), _read(given.file)
    base, clock = databases.migrated(settings), clock_of(settings)
    with closing(base.connect(reading=True)) as conn, databases.writer(settings) as writer:
        try:
            report = load_beside(
                lambda do: do(conn),
                writer,
                lambda _: OPERATOR,
                file,
                clock.now,
                dry_run=given.dry_run,
                progress=_progress(size(file.document)),
            )
        except Meaningless as refusal:
            for fault in refusal.faults:
                print(f"{fault.field}: {fault.message}")
            raise shell.Failed(refusal.sentence) from refusal
    _print(report, would="would be " if given.dry_run else "")


def _read(file: Path) -> ProgrammeFile:
    try:
        return read(file.read_bytes(), toml=file.suffix.lower() != ".json")
    except OSError as error:
        raise shell.Failed(f"{file} cannot be read: {error.strerror}.") from error
    except Meaningless as refusal:
        raise shell.Failed(f"{file}: {refusal.sentence}") from refusal


def _progress(total: int) -> Any:
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
