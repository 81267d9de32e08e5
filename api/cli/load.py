"""Loads a programme file, TOML or JSON: idempotent, all or nothing (docs/programme-file.md)."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from api.cli import databases, shell
from scheduler.errors import Meaningless
from scheduler.people.permission import OPERATOR
from scheduler.secretariat.document import Document, read
from scheduler.secretariat.loading import Report, Undone, load


def arguments(parser: ArgumentParser) -> None:
    """Which file, and whether only to look."""
    parser.add_argument("file", type=Path, help="the programme, *.toml or *.json")
    parser.add_argument("--dry-run", action="store_true", help="say what would change and change nothing")


def run(given: Namespace) -> int:
    """Loads it and prints what changed; each fault on its own line."""
    try:
        report = _load(given)
    except Meaningless as refusal:
        for fault in refusal.faults:
            if fault.field:
                print(f"{fault.field}: {fault.message}")
        raise shell.Failed(refusal.sentence) from refusal
    for change in report.changes:
        print(f"{change.what}: {change.place}")
    would = "would be " if given.dry_run else ""
    if report.created or report.changed:
        print(f"{report.created} {would}created, {report.changed} {would}changed, {report.unchanged} as they were.")
    else:
        print(f"Nothing changes: all {report.unchanged} are as they were.")
    return 0


def _load(given: Namespace) -> Report:
    settings, document = shell.settings(), _read(given.file)
    total, done = len(document.sessions), 0

    def progress(sessions: int) -> None:
        nonlocal done
        done += sessions
        if sys.stderr.isatty():
            print(f"\r{done} of {total} sessions", end="\n" if done == total else "", file=sys.stderr, flush=True)

    try:
        return databases.act(
            settings, lambda tx: load(tx, OPERATOR, document, dry_run=given.dry_run, progress=progress)
        )
    except Undone as undone:
        return undone.report


def _read(file: Path) -> Document:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise shell.Failed(f"{file} cannot be read: {error.strerror}.") from error
    return read(data, toml=file.suffix != ".json")
