"""What the outbox holds. Names of people are put to it by higher rooms."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, func, or_, select, tuple_

from scheduler.errors import NotFound
from scheduler.outbox.rules import STATUSES, Status
from scheduler.outbox.tables import DUE, Due
from scheduler.outbox.views import DueRow, Trouble
from scheduler.storage.columns import Instant, table
from scheduler.storage.connection import Connection, Prepared

_d = table(Due).c
_COLUMNS = (
    _d.id, _d.rule, _d.person_id, _d.channel, _d.subject_type, _d.subject_id, _d.subject_line, _d.due_at, _d.status,
    _d.attempts, _d.last_error, _d.message_id,
)  # fmt: skip
_MANY_TRIES = 3
_NEXT = Prepared(select(_d.claim_at).where(DUE).order_by(_d.claim_at).limit(1))
_COUNTS = Prepared(select(_d.status, func.count()).group_by(_d.status))
_OVERDUE = Prepared(
    select(func.count(), func.min(_d.claim_at)).where(DUE, _d.claim_at < bindparam("before", type_=Instant()))
)
_TROUBLES = Prepared(
    select(_d.channel, _d.webhook_id, _d.status, func.count(), func.max(_d.last_error))
    .where(
        or_(
            and_(_d.status == "failed", _d.settled_at >= bindparam("since", type_=Instant())),
            and_(_d.status == "planned", _d.attempts >= _MANY_TRIES),
        )
    )
    .group_by(_d.channel, _d.webhook_id, _d.status)
    .order_by(_d.channel, _d.webhook_id, _d.status)
)
_MESSAGES = Prepared(select(_d.message_id).where(_d.person_id == bindparam("person"), _d.channel == "mail"))
_ROW = Prepared(select(*_COLUMNS, _d.useless_at).where(_d.id == bindparam("id")))


def next_due(conn: Connection) -> datetime | None:
    """When a worker next finds something to claim, perhaps in the past; None: nothing is waiting."""
    found = conn.first(_NEXT)
    return found[0] if found else None


def counts(conn: Connection) -> dict[Status, int]:
    """How many rows have each status, zeros too. `failed` is the dead-letter state."""
    found = dict(conn.all(_COUNTS))
    return {status: int(found.get(status, 0)) for status in STATUSES}


def overdue(conn: Connection, before: datetime) -> tuple[int, datetime | None]:
    """How many rows a worker should have taken before a moment, and when it should have taken the first.

    The claims of a worker that stopped are among them once their lease has lapsed.
    """
    count, oldest = conn.all(_OVERDUE, before=before)[0]
    return int(count), oldest


def troubles(conn: Connection, since: datetime) -> list[Trouble]:
    """What was given up since a moment, and what was tried three times and more and is still tried."""
    return [Trouble(*row) for row in conn.all(_TROUBLES, since=since)]


def messages_to(conn: Connection, person: str) -> list[str]:
    """The Message-IDs of all mail to a person, whether or not it went out."""
    return [message_id for (message_id,) in conn.all(_MESSAGES, person=person)]


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
