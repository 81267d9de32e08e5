"""A load rehearsed outside the writer, then written in one go.

The rows that a file is about are copied into a database in memory; there the file is loaded by the very acts that would
load it anywhere, so that every rule is asked and every fault found while others go on writing. What the acts wrote is
kept, and the writer only repeats it: 2,000 meetings in a fraction of a second, after one look at the journal whether
all that was read still holds.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Dialect, Executable, Insert, create_engine, or_, select
from sqlalchemy.pool import StaticPool
from sqlmodel import SQLModel

from scheduler.accreditation.tables import Accreditation
from scheduler.errors import Meaningless
from scheduler.journal.entries import Entry
from scheduler.journal.following import entries_after, last_number
from scheduler.lists.tables import Inscription, Slot, SpeakersList, Swap, Waiting
from scheduler.people.permission import Act, Actor, Scopes, require
from scheduler.people.rules import address_key
from scheduler.people.tables import Code, Organisation, Person, RoleGrant
from scheduler.programme.tables import Body, Item, Meeting, Session
from scheduler.secretariat.account import Report
from scheduler.secretariat.document import Document
from scheduler.secretariat.loading import load, unheard
from scheduler.secretariat.reading import ProgrammeFile
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared, UniqueTaken
from scheduler.storage.many import among
from scheduler.storage.writer import Tx, Writer

T = TypeVar("T")
Read = Callable[[Callable[[Connection], T]], T]
File = ProgrammeFile | Callable[[Connection], ProgrammeFile]
"""A file, or what makes it of what is there."""

_TRIES = 3
_SHARED = frozenset({"body", "session", "organisation"})
"""What the journal's entries are about that any file may refer to."""

_TURNS = frozenset(table(model).name for model in (Meeting, SpeakersList, Slot, Inscription, Swap, Waiting))
"""Where a change of what is there already may meet a booking."""


class Outdated(Exception):  # noqa: N818  -- the writer's answer to a rehearsal
    """What was read for a rehearsal has changed since."""


@dataclass(frozen=True, slots=True)
class Write:
    """One statement that an act ran, with its values, and how many rows it touched."""

    statement: Prepared
    values: tuple[Mapping[str, Any], ...]
    touched: int


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What a load would write and tell, found out when the journal stood at `seen`.

    `sessions` and `people` are the ids of those read.
    """

    report: Report
    writes: Sequence[Write]
    entries: Sequence[Entry]
    seen: int
    sessions: frozenset[str]
    people: frozenset[str]
    turns: bool


class _Recording(Connection):
    """Keeps what is written."""

    __slots__ = ("writes",)

    def __init__(self, raw: Any, dialect: Dialect) -> None:
        super().__init__(raw, dialect)
        self.writes: list[Write] = []

    def run(self, statement: Prepared | Executable, /, **values: Any) -> int:
        touched = super().run(statement, **values)
        self._keep(statement, (values,), touched)
        return touched

    def run_many(self, statement: Prepared | Executable, rows: Sequence[Mapping[str, Any]]) -> int:
        touched = super().run_many(statement, rows)
        self._keep(statement, tuple(rows), touched)
        return touched

    def _keep(self, statement: Prepared | Executable, values: tuple[Mapping[str, Any], ...], touched: int) -> None:
        if values:
            prepared = statement if isinstance(statement, Prepared) else Prepared(statement)
            self.writes.append(Write(prepared, values, touched))


def load_beside(
    read: Read[Any],
    writer: Writer,
    who: Callable[[Connection], Actor],
    file: File,
    *,
    dry_run: bool = False,
    progress: Callable[[int], None] = unheard,
) -> Report:
    """Loads a file while others go on writing; blocks until it is committed. A dry run commits nothing.

    `read` runs a function on a reading connection, `who` says who loads. Raises as `load`.
    """
    for _ in range(_TRIES):
        rehearsed: Rehearsed = read(lambda conn: rehearse(writer.tx(conn), who(conn), file, progress))
        if dry_run or not rehearsed.writes:
            return rehearsed.report
        with suppress(Outdated):
            return writer.act_now(lambda tx: perform(tx, who(tx.conn), rehearsed), alone=True)  # noqa: B023  -- it is run at once
    # Somebody writes the same things all the time: the others wait for this once.
    return writer.act_now(lambda tx: load_at_once(tx, who(tx.conn), file), alone=True)


def load_at_once(tx: Tx, actor: Actor, file: File) -> Report:
    """Loads a file within an act, which others wait for: for small files. Raises as `load`."""
    return perform(tx, actor, rehearse(tx, actor, file))


def rehearse(tx: Tx, actor: Actor, file: File, progress: Callable[[int], None] = unheard) -> Rehearsed:
    """Finds out what loading a file would write. Reads, and changes nothing. Raises as `load`."""
    seen = last_number(tx.conn)
    raw: Any = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    with closing(raw):
        dialect = _empty(raw)
        file = file(tx.conn) if callable(file) else file
        sessions, people = _copy(tx.conn, Connection(raw, dialect), file.document)
        recording = _Recording(raw, dialect)
        beside = replace(tx, conn=recording, notes=[])
        report = load(beside, actor, file, progress)
    turns = any(map(_touches_turns, recording.writes))
    return Rehearsed(report, recording.writes, beside.notes, seen, sessions, people, turns)


def perform(tx: Tx, actor: Actor, rehearsed: Rehearsed) -> Report:
    """Writes what was rehearsed.

    Raises:
        Forbidden: she may not (any more).
        Outdated: what was read does not hold any more.
    """
    require(actor, Act.RUN_SERVICE, Scopes())
    _require_unchanged(tx.conn, rehearsed)
    try:
        for statement, rows, touched in _batches(rehearsed.writes):
            if tx.conn.run_many(statement, rows) != touched:
                raise Outdated
    except UniqueTaken as taken:
        # Somebody was added meanwhile whom the file adds too.
        raise Outdated from taken
    for entry in rehearsed.entries:
        entry.at = tx.now
    tx.notes.extend(rehearsed.entries)
    return rehearsed.report


def _require_unchanged(conn: Connection, rehearsed: Rehearsed) -> None:
    after = rehearsed.seen
    while entries := entries_after(conn, after, 1_000):
        if any(_concerns(entry, rehearsed) for entry in entries):
            raise Outdated
        after = entries[-1].id


def _concerns(entry: Entry, rehearsed: Rehearsed) -> bool:
    if entry.subject_type in _SHARED:
        return True
    if entry.subject_type == "person":
        return entry.subject_id in rehearsed.people
    if entry.audience.session not in rehearsed.sessions:
        return False
    return rehearsed.turns or entry.subject_type not in {"inscription", "slot", "waiting"}


def _touches_turns(write: Write) -> bool:
    return not _inserts(write) and _table_of(write) in _TURNS


def _inserts(write: Write) -> bool:
    return isinstance(write.statement.statement, Insert)


def _batches(writes: Iterable[Write]) -> Iterator[tuple[Prepared, list[Mapping[str, Any]], int]]:
    """The writes, each run of inserts by table, those first that others refer to."""
    order = {each.name: number for number, each in enumerate(SQLModel.metadata.sorted_tables)}
    for inserting, run in groupby(writes, _inserts):
        if not inserting:
            yield from ((write.statement, list(write.values), write.touched) for write in run)
            continue
        by_statement: dict[int, list[Write]] = {}
        for write in run:
            by_statement.setdefault(id(write.statement), []).append(write)
        for same in sorted(by_statement.values(), key=lambda same: order[_table_of(same[0])]):
            rows = [row for write in same for row in write.values]
            yield same[0].statement, rows, sum(write.touched for write in same)


def _table_of(write: Write) -> str:
    statement: Any = write.statement.statement
    return str(statement.table.name)


def _empty(raw: Any) -> Dialect:
    """Makes the tables that are copied; the dialect in which they are spoken to."""
    engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)
    # No others: an act that asks for one fails, where it would take an empty table for all that there is.
    SQLModel.metadata.create_all(engine, [table(model) for model, _ in _COPIED], checkfirst=False)
    return engine.dialect


def _copy(conn: Connection, scratch: Connection, document: Document) -> tuple[frozenset[str], frozenset[str]]:
    """Copies what the file may refer to; the ids of the sessions that it is about, and of the people."""
    codes = [session.code for session in document.sessions]
    sessions = [row[0] for row in conn.all(_SESSIONS, codes=codes)]
    emails, people = [], frozenset[str]()
    for person in document.people:
        with suppress(Meaningless):
            emails.append(address_key(person.email))
    for model, statement in _COPIED:
        names = table(model).c.keys()
        rows = conn.all(statement, codes=codes, sessions=sessions, emails=emails)
        scratch.insert_many(model, [dict(zip(names, row, strict=True)) for row in rows])
        if model is Person:
            people = frozenset(row[0] for row in rows)
    return frozenset(sessions), people


def _rows(model: type[SQLModel], *where: ColumnElement[bool]) -> tuple[type[SQLModel], Prepared]:
    return model, Prepared(select(table(model)).where(*where))


_s, _p, _g, _m, _l = (table(model).c for model in (Session, Person, RoleGrant, Meeting, SpeakersList))
_i, _w = table(Inscription).c, table(Waiting).c
_SESSIONS = Prepared(select(_s.id).where(among(_s.code, "codes")))
_OF_SESSIONS = select(_m.id).where(among(_m.session_id, "sessions"))
_COPIED = (
    _rows(Body),
    _rows(Organisation),
    _rows(Code),
    _rows(RoleGrant),
    # Those in the file, those with a role (one secretariat has to stay), those who hold turns or wait for one.
    _rows(
        Person,
        or_(
            among(_p.email_key, "emails"),
            _p.id.in_(select(_g.person_id)),
            _p.id.in_(select(_i.person_id).where(among(_i.session_id, "sessions"))),
            _p.id.in_(select(_w.person_id).where(among(_w.session_id, "sessions"))),
        ),
    ),
    _rows(Session, among(_s.id, "sessions")),
    _rows(Item, among(table(Item).c.session_id, "sessions")),
    _rows(Meeting, among(_m.session_id, "sessions")),
    _rows(Accreditation, among(table(Accreditation).c.session_id, "sessions")),
    _rows(SpeakersList, _l.meeting_id.in_(_OF_SESSIONS)),
    _rows(Slot, table(Slot).c.meeting_id.in_(_OF_SESSIONS)),
    _rows(Inscription, among(_i.session_id, "sessions")),
    _rows(Swap, table(Swap).c.id.in_(select(_i.id).where(among(_i.session_id, "sessions")))),
    _rows(Waiting, among(_w.session_id, "sessions")),
)
