"""What the outbox holds. Names of people are put to it by higher rooms."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select, tuple_

from scheduler.errors import NotFound
from scheduler.outbox.rules import STATUSES, Status
from scheduler.outbox.tables import DUE, Due
from scheduler.outbox.views import DueRow
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared

_d = table(Due).c
_COLUMNS = (
    _d.id, _d.rule, _d.person_id, _d.channel, _d.subject_type, _d.subject_id, _d.subject_line, _d.due_at, _d.status,
    _d.attempts, _d.last_error, _d.message_id,
)  # fmt: skip
_NEXT = Prepared(select(_d.claim_at).where(DUE).order_by(_d.claim_at).limit(1))
_COUNTS = Prepared(select(_d.status, func.count()).group_by(_d.status))
_ROW = Prepared(select(*_COLUMNS, _d.useless_at).where(_d.id == bindparam("id")))


def next_due(conn: Connection) -> datetime | None:
    """When a worker next finds something to claim, perhaps in the past; None: nothing is waiting."""
    found = conn.first(_NEXT)
    return found[0] if found else None


def counts(conn: Connection) -> dict[Status, int]:
    """How many rows have each status, zeros too. `failed` is the dead-letter state."""
    found = dict(conn.all(_COUNTS))
    return {status: int(found.get(status, 0)) for status in STATUSES}


def row(conn: Connection, id_: str) -> tuple[DueRow, datetime | None]:
    """One row and when it becomes useless. Raises NotFound."""
    found = conn.first(_ROW, id=id_)
    if found is None:
        raise NotFound("There is no such entry in the outbox.")
    return DueRow(*found[:-1]), found[-1]


def rows(
    conn: Connection,
    *,
    status: str | None = None,
    person: str | None = None,
    after: tuple[datetime, str] | None = None,
    limit: int = 50,
) -> Sequence[DueRow]:
    """Rows, the latest due first, after a (due_at, id)."""
    statement = select(*_COLUMNS)
    if status is not None:
        statement = statement.where(_d.status == status)
    if person is not None:
        statement = statement.where(_d.person_id == person)
    if after is not None:
        statement = statement.where(tuple_(_d.due_at, _d.id) < after)
    return [DueRow(*each) for each in conn.all(statement.order_by(_d.due_at.desc(), _d.id.desc()).limit(limit))]
