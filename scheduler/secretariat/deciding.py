"""What deciding on accreditations would do: whom it bars from speaking or lets speak, and the turns that they hold.

Whoever holds a turn keeps it, whatever is decided: it is withdrawn by hand, one by one. Taken it is by `accreditation`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, or_, select

from scheduler.accreditation.actions import Decision, plan, plan_many
from scheduler.accreditation.queries import AccreditationView
from scheduler.accreditation.rules import may_speak
from scheduler.lists.inscription_queries import pending_inscriptions
from scheduler.lists.slot_queries import slot_views
from scheduler.lists.tables import Inscription
from scheduler.lists.views import InscriptionView, SlotView
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
    select(_i.slot_id, _i.person_id)
    .select_from(table(Inscription).join(table(PersonRow), _p.id == _i.person_id))
    .where(
        _i.session_id == bindparam("session"),
        _i.status == "allotted",
        _i.slot_id.is_not(None),
        or_(among(_i.organisation_id, "organisations"), among(_p.organisation_id, "organisations")),
    )
)
_PEOPLE = Prepared(
    select(_p.id, _p.timezone, _p.language).where(
        or_(among(_p.organisation_id, "organisations"), among(_p.id, "speakers")), _p.erased.is_(False)
    )
)


@dataclass(frozen=True, slots=True)
class Concerned:
    """What feeds and webhooks are counted by: who may speak in a session from now on or no longer. All are ids."""

    session: str
    organisations: frozenset[str]
    people: frozenset[str]


CountReach = Callable[[Connection, Concerned], Reach]
"""Counts the private feeds and webhooks that a decision reaches: handed in, since they are kept in a higher room."""


@dataclass(frozen=True, slots=True)
class AccreditationPreview:
    """An accreditation as it would be, whom that would affect, and what they have in the session.

    They keep the turns in `slots`; the pending `inscriptions` stay too, and get no turn while they may not speak.
    """

    accreditation: AccreditationView
    affected: Affected
    slots: tuple[SlotView, ...]
    inscriptions: tuple[InscriptionView, ...]


@dataclass(frozen=True, slots=True)
class AccreditationsPreview:
    """The same of several at once; each person, slot and inscription counts once."""

    accreditations: tuple[AccreditationView, ...]
    affected: Affected
    slots: tuple[SlotView, ...]
    inscriptions: tuple[InscriptionView, ...]


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
    return AccreditationPreview(planned.after, *_consequences(tx, [planned], count_reach))


def preview_many(
    tx: Tx,
    actor: Actor,
    session: str,
    accreditations: Sequence[str],
    changes: dict[str, Any],
    *,
    count_reach: CountReach,
) -> AccreditationsPreview:
    """The same of several at once. Raises as `accreditation.actions.plan_many`."""
    planned = plan_many(tx, actor, session, accreditations, changes)
    return AccreditationsPreview(tuple(each.after for each in planned), *_consequences(tx, planned, count_reach))


def _consequences(
    tx: Tx, planned: Sequence[Decision], count_reach: CountReach
) -> tuple[Affected, tuple[SlotView, ...], tuple[InscriptionView, ...]]:
    """Whom decisions on one session affect, the turns that are held there, and who waits for one."""
    session, organisations = planned[0].session.id, _organisations(planned)
    held = tx.conn.all(_HELD, session=session, organisations=organisations)
    slots = sorted(slot_views(tx.conn, [slot for slot, _ in held]), key=lambda slot: (slot.starts_at, slot.id))
    pending = pending_inscriptions(tx.conn, session, organisations)
    turned = [each for each in planned if may_speak(each.before.status) != may_speak(each.after.status)]
    return _affected(tx, turned, count_reach), tuple(slots), tuple(pending)


def _affected(tx: Tx, turned: Sequence[Decision], count_reach: CountReach) -> Affected:
    """Whom it affects that some may speak from now on, or no longer: all the same, since all are decided the same."""
    if not turned:
        return affected([], Reach(0, 0), (None, None), (), None, told_at=tx.now)
    session, organisations = turned[0].session, _organisations(turned)
    holders = {person for _, person in tx.conn.all(_HELD, session=session.id, organisations=organisations)}
    waiting = {each.person.id for each in pending_inscriptions(tx.conn, session.id, organisations)}
    rows = tx.conn.all(_PEOPLE, organisations=organisations, speakers=sorted(holders | waiting))
    # Nobody's quiet hours count: of a decision no letter is sent.
    people = [Person(id_, timezone, language, None, id_ in holders) for id_, timezone, language in rows]
    attended = span(meetings_of(tx.conn, session.id), session.timezone)
    turn: Turn = (None, attended) if may_speak(turned[0].after.status) else (attended, None)
    concerned = Concerned(session.id, frozenset(organisations), frozenset(person.id for person in people))
    return affected(people, count_reach(tx.conn, concerned), turn, (), None, told_at=tx.now)


def _organisations(planned: Sequence[Decision]) -> list[str]:
    return sorted(each.after.organisation.id for each in planned)
