"""The one engine for all that is told once: planned under a unique key, claimed with a lease, settled.

Nobody's permission is asked here: followers of the journal plan, the worker claims and settles.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from typing import TypedDict, Unpack

from sqlalchemy import ColumnElement, and_, bindparam, case, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from scheduler.errors import NotAllowedNow
from scheduler.ids import new_id
from scheduler.outbox.queries import row
from scheduler.outbox.rules import LEASE, MOST_TRIES, STOPPED, TOO_LATE, verdict
from scheduler.outbox.tables import DUE, Due
from scheduler.outbox.views import ClaimedDue, DueRow, PlannedDue, Settled
from scheduler.storage.columns import Instant, table
from scheduler.storage.connection import Prepared
from scheduler.storage.writer import Tx

_d = table(Due).c
_now = bindparam("now", type_=Instant())

# PostgreSQL's insert compiles for SQLite too, where the clause is the same; the reverse does not.
_new = insert(table(Due)).values({c.name: bindparam(c.name) for c in _d if c.name not in {"last_error", "settled_at"}})
_PLAN = Prepared(
    _new.on_conflict_do_update(
        index_elements=[_d.due_key],
        set_={
            "status": "planned",
            "last_error": None,
            "settled_at": None,
            **{name: _new.excluded[name] for name in ("due_at", "claim_at", "useless_at", "data")},
        },
        where=and_(_d.status == "dropped", _d.attempts == 0),
    )
)
_useless = and_(_d.useless_at.is_not(None), _d.useless_at <= _now)
_useful = or_(_d.useless_at.is_(None), _d.useless_at > _now)
_worn_out = and_(_d.status == "sending", _d.attempts >= MOST_TRIES)
_fresh = or_(_d.status == "planned", _d.attempts < MOST_TRIES)


def _picked(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """That a row is among the next that may be taken and that no other worker is taking (SQLite has but one writer)."""
    picked = (
        select(_d.id)
        .where(DUE, _d.claim_at <= _now, *conditions)
        .order_by(_d.claim_at)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True)
        .cte("picked")
    )
    return _d.id.in_(select(picked.c.id))


_SWEEP = Prepared(
    update(table(Due))
    .where(_picked(or_(_useless, _worn_out)))
    .values(
        status=case((_useless, "dropped"), else_="failed"),
        last_error=case((_d.status == "sending", STOPPED), else_=TOO_LATE),
        settled_at=_now,
    )
)
_CLAIM = Prepared(
    update(table(Due))
    .where(_picked(_useful, _fresh))
    .values(status="sending", attempts=_d.attempts + 1, claim_at=bindparam("lease_until"))
    .returning(
        _d.id, _d.rule, _d.channel, _d.person_id, _d.webhook_id, _d.subject_type, _d.subject_id, _d.meeting_id,
        _d.data, _d.due_at, _d.useless_at, _d.attempts, _d.message_id, _d.claim_at,
    )
)  # fmt: skip
_SETTLE = Prepared(
    update(table(Due))
    .where(_d.id == bindparam("of"), _d.status == "sending", _d.claim_at == bindparam("lease_until"))
    .values(
        status=bindparam("becomes"),
        claim_at=bindparam("claim_again"),
        attempts=bindparam("tries"),
        last_error=bindparam("error"),
        subject_line=func.coalesce(bindparam("line", type_=_d.subject_line.type), _d.subject_line),
        settled_at=bindparam("at"),
    )
)


class Whose(TypedDict, total=False):
    """Whose rows: every condition given must hold."""

    id: str
    subject_id: str
    meeting_id: str
    person_id: str
    webhook_id: str


def plan(tx: Tx, rows: Sequence[PlannedDue], host: str) -> int:
    """Plans what is to be told; how many rows are new or planned anew. `host` is the right side of their Message-IDs.

    A key that stands is left alone, so planning twice makes one row; but what was dropped before any try is planned
    anew, with the new times: to replan is to drop and to plan.
    """
    return tx.conn.run_many(_PLAN, [_planned(tx, each, host) for each in rows])


def _planned(tx: Tx, due: PlannedDue, host: str) -> dict[str, object]:
    id_ = new_id()
    due_at = due.due_at.replace(microsecond=0)  # as it is shown, so that pages can go on after it
    return {
        "id": id_,
        "due_key": due.due_key,
        "rule": due.rule,
        "person_id": due.person_id,
        "webhook_id": due.webhook_id,
        "channel": due.channel,
        "subject_type": due.subject_type,
        "subject_id": due.subject_id,
        "meeting_id": due.meeting_id,
        "due_at": due_at,
        "useless_at": due.useless_at,
        "claim_at": due_at,
        "status": "planned",
        "attempts": 0,
        "message_id": f"<{id_}@{host}>",
        "data": due.data,
        "created_at": tx.now,
    }


def drop(tx: Tx, why: str, *, rules: Sequence[str] = (), **whose: Unpack[Whose]) -> int:
    """Takes back what is planned and not being sent, of these `rules` or of any; how many rows that were.

    `why` is one line, shown as their `last_error`.

    Raises:
        ValueError: nobody's rows are named.
    """
    if not whose:
        raise ValueError("say whose rows are dropped")
    return tx.conn.run(_drop(tuple(sorted(whose)), tuple(rules)), why=why, at=tx.now, **whose)


@lru_cache(maxsize=128)
def _drop(names: tuple[str, ...], rules: tuple[str, ...]) -> Prepared:
    conditions: list[ColumnElement[bool]] = [_d[name] == bindparam(name) for name in names]
    if rules:
        conditions.append(or_(*(_d.rule == rule for rule in rules)))
    return Prepared(
        update(table(Due))
        .where(text("status = 'planned'"), *conditions)
        .values(status="dropped", last_error=bindparam("why"), settled_at=bindparam("at"))
    )


def claim(tx: Tx, limit: int = 500, lease: timedelta = LEASE) -> list[ClaimedDue]:
    """Takes up to `limit` rows that are due, the longest due first, for the time of a lease.

    `lease` is on the clock of the act: where that runs faster than the machine's, the worker asks for so much more.
    What comes too late becomes `dropped`, what killed its worker in every try `failed`; neither is returned.
    """
    tx.conn.run(_SWEEP, now=tx.now, limit=limit)
    rows = tx.conn.all(_CLAIM, now=tx.now, limit=limit, lease_until=tx.now + lease)
    return sorted((ClaimedDue(*each) for each in rows), key=lambda due: due.due_at)


def settle(tx: Tx, results: Sequence[Settled]) -> int:
    """Writes down how tries ended; how many of the rows were still ours. What another took since is left alone."""
    return tx.conn.run_many(_SETTLE, [_settled(tx, each) for each in results])


def _settled(tx: Tx, result: Settled) -> dict[str, object]:
    due = result.due
    then = verdict(result.outcome, result.error, due.attempts, tx.now, due.useless_at)
    return {
        "of": due.id,
        "lease_until": due.lease_until,
        "becomes": then.status,
        "claim_again": then.claim_at,
        "tries": then.attempts,
        "error": then.error,
        "line": result.subject_line,
        "at": None if then.status == "planned" else tx.now,
    }


def again(tx: Tx, id_: str) -> DueRow:
    """Plans a failed or dropped row anew, for now, with a fresh series of tries.

    Raises:
        NotFound: there is none.
        NotAllowedNow: it is neither failed nor dropped, or it would come too late.
    """
    due, useless_at = row(tx.conn, id_)
    if due.status not in {"failed", "dropped"}:
        raise NotAllowedNow(f"Only what failed or was dropped is sent again; this one is {due.status}.")
    if useless_at is not None and useless_at <= tx.now:
        raise NotAllowedNow("It would come too late to help. Write to the person instead.")
    tx.conn.update(Due, id_, status="planned", claim_at=tx.now, attempts=0, last_error=None, settled_at=None)
    return replace(due, status="planned", attempts=0, last_error=None)
