"""Planning `slot-soon` and `meeting-soon`: what is planned is compared with what should be, and made so."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, or_, select

from scheduler.clock.zones import rfc3339
from scheduler.notices import audience, horizon, standings
from scheduler.notices.audience import Hearer
from scheduler.notices.changes import Standing
from scheduler.notices.reminders import remindings, soon_key
from scheduler.notices.stale import Scope
from scheduler.notices.telling import Terms
from scheduler.outbox.actions import drop, plan
from scheduler.outbox.tables import Due
from scheduler.outbox.views import PlannedDue
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.writer import Tx

GONE = "What it reminds of was changed, moved or taken back."

_d = table(Due).c
_WHOSE: dict[str, ColumnElement[bool]] = {
    "meeting": _d.meeting_id == bindparam("meeting"),
    "person": _d.person_id == bindparam("person"),
}
_PLANNED: dict[tuple[str, ...], Prepared] = {
    names: Prepared(
        select(_d.due_key, _d.id, _d.due_at, _d.useless_at, _d.attempts).where(
            _d.status == "planned",
            or_(_d.rule == "slot-soon", _d.rule == "meeting-soon"),
            *(_WHOSE[name] for name in names),
        )
    )
    for names in (("meeting",), ("person",), ("meeting", "person"))
}


@dataclass(frozen=True, slots=True)
class _Planned:
    id: str
    due_at: datetime
    useless_at: datetime
    attempts: int

    def serves(self, wanted: PlannedDue | None, now: datetime) -> bool:
        """Whether it is what is wanted. What was tried is left to be tried again, what is too late to be said so."""
        if wanted is None or self.useless_at <= now:
            return self.useless_at <= now
        return self.attempts > 0 or (self.due_at, self.useless_at) == (wanted.due_at, wanted.useless_at)


def remind(tx: Tx, scope: Scope, terms: Terms) -> None:
    """Makes the reminders of a meeting, of a person, or of a person in a meeting what they should be.

    What would be late already is not planned. What is planned and late stays: the worker knows what is of use.
    """
    wanted = {row.due_key: row for row in _wanted(tx, scope)}
    planned = _planned(tx.conn, scope)
    served = {key for key, row in planned.items() if row.serves(wanted.get(key), tx.now)}
    for key in planned.keys() - served:
        drop(tx, GONE, id=planned[key].id)
    rows = [row for key, row in wanted.items() if key not in served and (key in planned or row.due_at > tx.now)]
    plan(tx, rows, terms.host)


def _planned(conn: Connection, scope: Scope) -> dict[str, _Planned]:
    whose = {name: of for name, of in (("meeting", scope.meeting), ("person", scope.person)) if of is not None}
    return {key: _Planned(*row) for key, *row in conn.all(_PLANNED[tuple(whose)], **whose)}


def _wanted(tx: Tx, scope: Scope) -> Iterator[PlannedDue]:
    """All reminders that this scope should have, also those whose time has passed."""
    held = horizon.held(tx, scope)
    turns = [turn for turn in standings.turns_of(tx.conn, scope) if turn.meeting in held and turn.starts_at > tx.now]
    speakers = audience.hearers(tx.conn, {str(turn.person) for turn in turns})
    for turn in turns:
        if turn.person in speakers and not held[turn.meeting].sits:
            yield from _soon("slot-soon", turn, speakers[turn.person])
    narrower = {"person": scope.person} if scope.person else {}
    near = [meeting for meeting in held.values() if meeting.near and meeting.starts_at > tx.now]
    listeners = audience.accredited(tx.conn, {meeting.session for meeting in near}, **narrower)
    speaking = {(turn.meeting, turn.person) for turn in turns}
    for meeting in near:
        for person, hearer in listeners.get(meeting.session, {}).items():
            if (meeting.id, person) not in speaking:
                yield from _soon("meeting-soon", meeting, hearer)


def _soon(rule: str, of: Standing | horizon.Held, hearer: Hearer) -> Iterator[PlannedDue]:
    own = isinstance(of, Standing)
    for each in remindings(of.starts_at, hearer.wishes, own=own):
        yield PlannedDue(
            due_key=soon_key(rule, hearer.person, of.id, of.starts_at, each.minutes),
            rule=rule,
            channel="mail",
            subject_type="inscription" if own else "meeting",
            subject_id=of.id,
            due_at=each.due_at,
            useless_at=each.useless_at,
            person_id=hearer.person,
            meeting_id=of.meeting if isinstance(of, Standing) else of.id,
            data={"starts_at": rfc3339(of.starts_at)},
        )
