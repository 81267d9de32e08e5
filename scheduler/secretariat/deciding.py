"""What a decision on an accreditation would do: whom it bars from speaking or lets speak, and the turns that they hold.

Whoever holds a turn keeps it, whatever is decided: it is withdrawn by hand, one by one. Taken it is by `accreditation`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, or_, select

from scheduler.accreditation.actions import Decision, plan
from scheduler.accreditation.queries import AccreditationView
from scheduler.accreditation.rules import may_speak
from scheduler.lists.slot_queries import slot_views
from scheduler.lists.tables import Inscription
from scheduler.lists.views import SlotView
from scheduler.people.permission import Actor
from scheduler.people.tables import Person as PersonRow
from scheduler.programme.records import meetings_of
from scheduler.secretariat.affected import Affected, Person, Reach, Turn, affected
from scheduler.secretariat.postponing import span
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.many import among
from scheduler.storage.writer import Tx

_p, _i = table(PersonRow).c, table(Inscription).c
_HELD = Prepared(
    select(_i.slot_id, _i.person_id).where(
        _i.session_id == bindparam("session"),
        _i.organisation_id == bindparam("organisation"),
        _i.status == "allotted",
        _i.slot_id.is_not(None),
    )
)
_PEOPLE = Prepared(
    select(_p.id, _p.timezone, _p.language).where(
        or_(_p.organisation_id == bindparam("organisation"), among(_p.id, "holders")), _p.erased.is_(False)
    )
)


@dataclass(frozen=True, slots=True)
class Concerned:
    """What feeds and webhooks are counted by: who may speak in a session from now on or no longer. All are ids."""

    session: str
    organisation: str
    people: frozenset[str]


CountReach = Callable[[Connection, Concerned], Reach]
"""Counts the private feeds and webhooks that a decision reaches: handed in, since they are kept in a higher room."""


@dataclass(frozen=True, slots=True)
class AccreditationPreview:
    """An accreditation as it would be, whom that would affect, and the turns that they hold and keep."""

    accreditation: AccreditationView
    affected: Affected
    slots: tuple[SlotView, ...]


def preview(
    tx: Tx,
    actor: Actor,
    accreditation: str,
    changes: dict[str, Any],
    count_reach: CountReach,
    *,
    expected_version: int | None = None,
) -> AccreditationPreview:
    """A decision only looked at: nothing is written, nobody is told. Raises as `accreditation.actions.plan`."""
    planned = plan(tx, actor, accreditation, changes, expected_version)
    held = tx.conn.all(_HELD, session=planned.session.id, organisation=planned.after.organisation.id)
    slots = sorted(slot_views(tx.conn, [slot for slot, _ in held]), key=lambda slot: (slot.starts_at, slot.id))
    holders = frozenset(person for _, person in held)
    return AccreditationPreview(planned.after, _affected(tx, planned, holders, count_reach), tuple(slots))


def _affected(tx: Tx, planned: Decision, holders: frozenset[str], count_reach: CountReach) -> Affected:
    could, can = may_speak(planned.before.status), may_speak(planned.after.status)
    if could == can:
        return affected([], Reach(0, 0), (None, None), (), None, told_at=tx.now)
    session, organisation = planned.session, planned.after.organisation.id
    rows = tx.conn.all(_PEOPLE, organisation=organisation, holders=sorted(holders))
    # Nobody's quiet hours count: of a decision no letter is sent.
    people = [Person(id_, timezone, language, None, id_ in holders) for id_, timezone, language in rows]
    attended = span(meetings_of(tx.conn, session.id), session.timezone)
    turn: Turn = (attended, None) if could else (None, attended)
    reach = count_reach(tx.conn, Concerned(session.id, organisation, frozenset(person.id for person in people)))
    return affected(people, reach, turn, (), None, told_at=tx.now)
