"""The outbox as it is shown: to the secretariat whole, to everybody her own part."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from scheduler.outbox.queries import rows
from scheduler.outbox.rules import Status
from scheduler.outbox.views import DueRow
from scheduler.people.permission import Act, Actor, Scopes, require
from scheduler.people.tables import Person
from scheduler.people.views import Named
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection

_p = table(Person).c


@dataclass(frozen=True, slots=True)
class SubjectView:
    """What a notice is about, as in the journal."""

    type: str
    id: str


@dataclass(frozen=True, slots=True)
class DueView:
    """One thing that is told once. `subject_line` is the mail's, known once it was tried; `attempts` are tries so far.

    `due_at` is when it was to be told, `status` planned, sending, sent, failed or dropped, `last_error` why it was not
    sent. `person` is None for a webhook.
    """

    id: str
    rule: str
    person: Named | None
    channel: str
    subject: SubjectView
    subject_line: str | None
    due_at: datetime
    status: Status
    attempts: int
    last_error: str | None
    message_id: str


def outbox(
    conn: Connection,
    actor: Actor | None,
    *,
    status: str | None = None,
    person: str | None = None,
    after: tuple[datetime, str] | None = None,
    limit: int = 50,
) -> list[DueView]:
    """What is planned, under way and done, the latest due first, after a (due_at, id). For the secretariat.

    Raises:
        NotSignedIn, Forbidden: somebody else asks.
    """
    require(actor, Act.RUN_SERVICE, Scopes())
    return shown(conn, rows(conn, status=status, person=person, after=after, limit=limit))


def reminders(
    conn: Connection, person: str, *, after: tuple[datetime, str] | None = None, limit: int = 50
) -> list[DueView]:
    """Her own, in the same order."""
    return shown(conn, rows(conn, person=person, after=after, limit=limit))


def shown(conn: Connection, found: Sequence[DueRow]) -> list[DueView]:
    """Rows with the names of their people."""
    names = _names(conn, {row.person for row in found if row.person is not None})
    return [
        DueView(
            id=row.id,
            rule=row.rule,
            person=None if row.person is None else Named(row.person, names.get(row.person, "")),
            channel=row.channel,
            subject=SubjectView(row.subject_type, row.subject_id),
            subject_line=row.subject_line,
            due_at=row.due_at.replace(microsecond=0),
            status=row.status,
            attempts=row.attempts,
            last_error=row.last_error,
            message_id=row.message_id,
        )
        for row in found
    ]


def _names(conn: Connection, people: Iterable[str]) -> dict[str, str]:
    wanted = [_p.id == each for each in people]
    return dict(conn.all(select(_p.id, _p.name).where(or_(*wanted)))) if wanted else {}
