"""What notices have to look at again, kept until they have: the queue between following the journal and planning."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from scheduler.notices.tables import Stale
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.many import among
from scheduler.storage.writer import Tx

What = Literal["changed", "own", "reminders", "opened", "offered", "swap"]
"""`changed`: people are told of what differs, and reminders planned anew; `own`: the same, but the change was her own
doing, of which she is told nothing; `reminders`: only these; `opened`: lists are open
to people who may not have heard of it; `offered` and `swap`: somebody's answer is waited for, or no more."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is to be looked at; ids that are None do not narrow it. `note` is the secretariat's line about the change.

    `position` is the number of the journal's entry that said so.
    """

    what: What
    position: int
    session: str | None = None
    meeting: str | None = None
    organisation: str | None = None
    person: str | None = None
    inscription: str | None = None
    list: str | None = None
    note: str | None = None

    @property
    def key(self) -> str:
        """Two scopes of one key are looked at once."""
        ids = (self.session, self.meeting, self.organisation, self.person, self.inscription, self.list)
        return "/".join(["changed" if self.what == "own" else self.what, *(each or "" for each in ids)])

    @property
    def narrow(self) -> bool:
        """Whether it is about one turn alone, so that many can be looked at in one transaction."""
        return self.inscription is not None


_s = table(Stale).c
_COLUMNS = (
    "what", "position", "session_id", "meeting_id", "organisation_id", "person_id", "inscription_id", "list_id", "note",
)  # fmt: skip
_new = insert(table(Stale)).values({c.name: bindparam(c.name) for c in _s})
_MARK = Prepared(
    _new.on_conflict_do_update(
        index_elements=[_s.id],
        set_={"what": _new.excluded.what, "note": func.coalesce(_new.excluded.note, _s.note)},
    )
)
_NEXT = Prepared(select(*(_s[name] for name in _COLUMNS)).order_by(_s.position, _s.id).limit(bindparam("limit")))
_ANY = Prepared(select(_s.id).limit(1))
_DONE = Prepared(delete(table(Stale)).where(among(_s.id, "keys")))


def mark(tx: Tx, scopes: Iterable[Scope]) -> None:
    """Has these looked at. What waits already keeps its place; the later word on it counts."""
    values = ((scope.key, *_values(scope)) for scope in scopes)
    tx.conn.run_many(_MARK, [dict(zip(("id", *_COLUMNS), each, strict=True)) for each in values])


def waiting(conn: Connection) -> bool:
    """Whether there is anything to look at."""
    return conn.first(_ANY) is not None


def longest_waiting(conn: Connection, limit: int) -> list[Scope]:
    """The next to look at, in the journal's order."""
    return [Scope(*row) for row in conn.all(_NEXT, limit=limit)]


def done(tx: Tx, scopes: Sequence[Scope]) -> None:
    """These have been looked at."""
    tx.conn.run(_DONE, keys=[scope.key for scope in scopes])


def _values(scope: Scope) -> tuple[object, ...]:
    return (
        scope.what, scope.position, scope.session, scope.meeting, scope.organisation, scope.person, scope.inscription,
        scope.list, scope.note,
    )  # fmt: skip
