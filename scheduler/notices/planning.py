"""The planner: looks at what is stale, in transactions short enough that nobody who writes has to wait for it."""

from datetime import datetime

from scheduler.notices import announcing, asking, horizon, stale
from scheduler.notices.reminding import remind
from scheduler.notices.stale import Scope
from scheduler.notices.telling import Terms, tell
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx

MOST_AT_ONCE = 50
"""Scopes of one person each that share a transaction; a wider one has its own."""


def pressing(conn: Connection, now: datetime) -> bool:
    """Whether `step` has something to do."""
    return stale.waiting(conn) or horizon.behind(conn, now) or bool(announcing.closing(conn, now))


def step(tx: Tx, terms: Terms) -> bool:
    """Plans a share of what people are to be told; whether there may be more. `terms` are the installation's."""
    scopes = stale.longest_waiting(tx.conn, MOST_AT_ONCE)
    if not scopes:
        if horizon.behind(tx.conn, tx.now):
            horizon.advance(tx)
            return True
        return announcing.announce_closing(tx, terms)
    share = scopes[: next((at for at, scope in enumerate(scopes) if scope.person is None), len(scopes))] or scopes[:1]
    # Taken off first: looking at a wide scope marks narrower ones.
    stale.done(tx, share)
    for scope in share:
        _look(tx, scope, terms)
    return True


def _look(tx: Tx, scope: Scope, terms: Terms) -> None:
    if scope.what == "opened":
        announcing.announce_openings(tx, scope, terms)
        return
    if scope.what in {"offered", "swap"}:
        asking.ask(tx, scope, terms)
        return
    if scope.what != "reminders":
        tell(tx, scope, terms)
    if scope.person is None and scope.meeting is None:
        horizon.spread(tx, scope)
    else:
        remind(tx, scope, terms)
