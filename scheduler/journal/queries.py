"""The journal as its readers may see it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, true

from scheduler.journal.tables import JournalEntry
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection


@dataclass(frozen=True, slots=True)
class Subject:
    """What an entry is about."""

    type: str
    id: str


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One entry. `by` is a person's id for the secretariat, a role for everybody else."""

    id: int
    at: datetime
    kind: str
    subject: Subject
    by: str


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose entries a reader sees beside the public ones, by ids. `everything`: the whole service's secretariat."""

    everything: bool = False
    bodies: frozenset[str] = frozenset()
    sessions: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()
    person: str | None = None


_j = table(JournalEntry).c


def changes(conn: Connection, sight: Sight, after: int, limit: int) -> list[ChangeView]:
    """The entries after number `after` that this reader may see, in order, at most `limit`."""
    statement = (
        select(_j.id, _j.at, _j.kind, _j.subject_type, _j.subject_id, _j.by_person, _j.by_role)
        .where(_j.id > after, _seen(sight))
        .order_by(_j.id)
        .limit(limit)
    )
    return [
        ChangeView(
            row[0],
            row[1].replace(microsecond=0),
            row[2],
            Subject(row[3], row[4]),
            (row[5] or row[6]) if sight.everything else row[6],
        )
        for row in conn.all(statement)
    ]


def changes_of_person(conn: Connection, person: str) -> list[ChangeView]:
    """Every entry that she made or that is about her, in order, for herself."""
    hers = or_(_j.by_person == person, _j.person_id == person, _j.subject_id == person)
    rows = conn.all(
        select(_j.id, _j.at, _j.kind, _j.subject_type, _j.subject_id, _j.by_role).where(hers).order_by(_j.id)
    )
    return [ChangeView(row[0], row[1].replace(microsecond=0), row[2], Subject(row[3], row[4]), row[5]) for row in rows]


def _seen(sight: Sight) -> ColumnElement[bool]:
    if sight.everything:
        return true()
    seen: list[ColumnElement[bool]] = [_j.public.is_(True)]
    for column, ids in (
        (_j.body_id, sight.bodies),
        (_j.session_id, sight.sessions),
        (_j.organisation_id, sight.organisations),
    ):
        if ids:
            seen.append(column.in_(sorted(ids)))
    if sight.person:
        seen.append(_j.person_id == sight.person)
    return or_(*seen)
