"""Telling people what changed: a slot given, at once; moves and cancellations in one mail, after a quiet period."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import or_, select

from scheduler.notices import audience, standings
from scheduler.notices.audience import Hearer
from scheduler.notices.changes import CHANGE_RULES, Standing, compare, differs, nearest_own, over_at, rule_of
from scheduler.notices.reminders import told_at
from scheduler.notices.stale import Scope
from scheduler.outbox.actions import drop, plan
from scheduler.outbox.tables import Due
from scheduler.outbox.views import PlannedDue
from scheduler.programme.tables import Meeting
from scheduler.storage.columns import table
from scheduler.storage.connection import Prepared
from scheduler.storage.many import among
from scheduler.storage.writer import Tx

MOST_PERIODS = 5
"""A change waits until nothing more changed for a quiet period, but no longer than so many of them."""

TAKEN_BACK = "Everything was as before again when it was due, so there was nothing to tell."
REPLACED = "Something else changed meanwhile, and one mail tells both."

_d = table(Due).c
_PENDING = Prepared(
    select(_d.id, _d.person_id, _d.attempts, _d.data).where(
        among(_d.person_id, "people"), _d.status == "planned", or_(*(_d.rule == rule for rule in CHANGE_RULES))
    )
)
_UNTOLD = Prepared(
    select(_d.subject_id).where(among(_d.subject_id, "inscriptions"), _d.rule == "slot-given", _d.status == "planned")
)
_m = table(Meeting).c
_SITTING = Prepared(
    select(_m.id).where(among(_m.id, "meetings"), or_(_m.status == "in_progress", _m.status == "suspended"))
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the installation settles: the right side of Message-IDs, and how long changes are gathered."""

    host: str
    quiet: timedelta


@dataclass(frozen=True, slots=True)
class Pending:
    """What one person is going to be told of a session (its id), unless it is taken back: `before`, as last told."""

    session: str
    before: dict[str, Standing]
    since: int
    first_at: datetime
    note: str | None = None


def tell(tx: Tx, scope: Scope, terms: Terms) -> None:
    """Looks how a session, a meeting or a turn stands, and plans what people are told of what is new."""
    present = standings.present(tx.conn, scope)
    found = compare(standings.known(tx.conn, scope), present, tx.now)
    standings.keep(tx, found.fresh, found.gone)
    plan(tx, [_given(tx, turn, scope.position) for turn in found.given], terms.host)
    untold = _untold(tx, [each for each in found.changed if each.person], found.gone)
    changed = [each for each in _news(tx, found.changed, present) if each.id not in untold]
    if scope.what == "own" and scope.person is not None:
        _plan(tx, scope, {scope.person: {}}, terms, forget=found.gone)
    elif changed:
        _plan(tx, scope, _concerned(tx, changed), terms)


def _news(tx: Tx, changed: Collection[Standing], present: Mapping[str, Standing]) -> list[Standing]:
    """Without turns that only their plan puts at another time while the meeting sits: its floor says when they come."""
    moved = {each.id for each in changed if each.person is None}
    asked = {each.meeting for each in changed if each.person is not None} - moved
    sitting = {row[0] for row in tx.conn.all(_SITTING, meetings=list(asked))} if asked else set()

    def planned_anew(before: Standing, after: Standing | None) -> bool:
        kept = after is not None and (before.room, before.cancelled) == (after.room, after.cancelled)
        return before.person is not None and kept and before.meeting in sitting

    return [each for each in changed if not planned_anew(each, present.get(each.id))]


def pending(data: Mapping[str, Any]) -> Pending:
    """What stands in the `data` of a planned change."""
    return msgspec.convert(data, Pending)


def _given(tx: Tx, turn: Standing, position: int) -> PlannedDue:
    return PlannedDue(
        # In a queue she may be given a turn again after the chair took it back: that is told again.
        due_key=f"slot-given/{turn.person}/{turn.id}/{position}/mail",
        rule="slot-given",
        channel="mail",
        subject_type="inscription",
        subject_id=turn.id,
        due_at=tx.now,
        useless_at=turn.ends_at,
        person_id=turn.person,
        meeting_id=turn.meeting,
    )


def _untold(tx: Tx, turns: Collection[Standing], gone: Collection[str]) -> set[str]:
    """Turns that she does not know of yet: she is told how they are by then or, if they are gone, nothing."""
    if not turns:
        return set()
    untold = {row[0] for row in tx.conn.all(_UNTOLD, inscriptions=[turn.id for turn in turns])}
    for id_ in untold.intersection(gone):
        drop(tx, "The slot was taken back before she was told of it.", subject_id=id_, rules=("slot-given",))
    return untold


def _concerned(tx: Tx, changed: Iterable[Standing]) -> dict[str, dict[str, Standing]]:
    """By person what changed for her: her own turns, and the meetings of those who may speak there."""
    found: dict[str, dict[str, Standing]] = defaultdict(dict)
    meetings = []
    for each in changed:
        if each.person is not None:
            found[each.person][each.id] = each
        else:
            meetings.append(each)
    by_session = audience.accredited(tx.conn, {each.session for each in meetings})
    for each in meetings:
        for person in by_session.get(each.session, ()):
            found[person][each.id] = each
    return found


def _plan(
    tx: Tx,
    scope: Scope,
    concerned: Mapping[str, dict[str, Standing]],
    terms: Terms,
    forget: Collection[str] = (),
) -> None:
    """Merges what changed with what each was going to be told of the session already: one mail tells both."""
    people = audience.hearers(tx.conn, concerned.keys())
    planned = _waiting(tx, concerned.keys(), str(scope.session), scope.position)
    waiting = {person: (id_, kept) for id_, person, kept in planned}
    fresh = {
        person: _merged(tx, scope, before, waiting.get(person, ("", None))[1], forget)
        for person, before in concerned.items()
    }
    present = standings.standing(tx.conn, {id_ for each in fresh.values() for id_ in each.before})
    rows = []
    for person, whole in fresh.items():
        still = {id_: was for id_, was in whole.before.items() if differs(was, present.get(id_))}
        if person in waiting:
            drop(tx, REPLACED if still else TAKEN_BACK, id=waiting[person][0])
        if still and person in people:
            rows.append(_due(tx, people[person], replace(whole, before=still), present, terms))
    plan(tx, rows, terms.host)


def _waiting(tx: Tx, people: Iterable[str], session: str, position: int) -> list[tuple[str, str, Pending]]:
    """What is planned for these people about this session: the row's id, whose it is, and what it tells."""
    rows = tx.conn.all(_PENDING, people=list(people))
    found = [(id_, person, attempts, pending(data)) for id_, person, attempts, data in rows]
    return [
        # What was tried keeps its key for ever, so one mail for both needs another.
        (id_, person, replace(kept, since=position) if attempts else kept)
        for id_, person, attempts, kept in found
        if kept.session == session
    ]


def _merged(
    tx: Tx, scope: Scope, before: dict[str, Standing], kept: Pending | None, forget: Collection[str]
) -> Pending:
    told = before | kept.before if kept else before
    return Pending(
        session=str(scope.session),
        before={id_: was for id_, was in told.items() if id_ not in forget},
        since=kept.since if kept else scope.position,
        first_at=kept.first_at if kept else tx.now,
        note=scope.note or (kept.note if kept else None),
    )


def _due(tx: Tx, hearer: Hearer, told: Pending, present: Mapping[str, Standing], terms: Terms) -> PlannedDue:
    rule = rule_of(told.before, present)
    first = min(told.before.values(), key=lambda each: (each.person is None, each.starts_at, each.id))
    meetings = {each.meeting for each in told.before.values()}
    alone = len(meetings) == 1
    subject = ("inscription" if first.person else "meeting", first.id) if alone else ("session", told.session)
    quiet_from = min(tx.now, told.first_at + terms.quiet * (MOST_PERIODS - 1))
    at = told_at(quiet_from + terms.quiet, nearest_own(told.before, present, tx.now), hearer.wishes)
    return PlannedDue(
        due_key=f"changed/{hearer.person}/{told.session}/{told.since}/{rule}/{subject[1]}/mail",
        rule=rule,
        channel="mail",
        subject_type=subject[0],
        subject_id=subject[1],
        due_at=at,
        useless_at=max(over_at(was, present.get(id_)) for id_, was in told.before.items()),
        person_id=hearer.person,
        meeting_id=first.meeting if alone else None,
        data=msgspec.to_builtins(told),
    )
