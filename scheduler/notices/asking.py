"""Telling people of what waits for their answer: a place that is offered until a deadline, a proposal to swap turns."""

from scheduler.clock.zones import rfc3339
from scheduler.journal.entries import Entry
from scheduler.lists import offers, swaps
from scheduler.notices import audience, standings
from scheduler.notices.changes import Standing
from scheduler.notices.reminders import told_at
from scheduler.notices.stale import Scope
from scheduler.notices.telling import Terms
from scheduler.outbox.actions import drop, plan
from scheduler.outbox.views import PlannedDue
from scheduler.storage.writer import Tx

_ANSWERED = "The proposal was answered or taken back before she was told of it."
_TO_THE_PROPOSER, _TO_THE_OTHER = frozenset({"swap.refused"}), frozenset({"swap.proposed", "swap.revoked"})


def asked(entry: Entry) -> Scope | None:
    """What is to be told of an entry about an offer or a swap; None: nothing, or nothing to this side.

    Nobody is told of what she did herself.
    """
    to, said = entry.audience, entry.data or {}
    if entry.kind == "waiting.offered":
        return Scope("offered", entry.id, to.session, to.meeting, person=to.person, list=str(said["list"]))
    proposer = bool(said.get("proposes"))
    concerned = entry.kind in (_TO_THE_PROPOSER if proposer else _TO_THE_OTHER) or entry.kind == "swap.lapsed"
    if not concerned or to.person is None or to.person == entry.by.person:
        return None
    note = f"{entry.kind.removeprefix('swap.')}/{said['with']}"
    return Scope("swap", entry.id, to.session, to.meeting, person=to.person, inscription=entry.subject_id, note=note)


def ask(tx: Tx, scope: Scope, terms: Terms) -> None:
    """Plans to tell her, at once: an offer cannot wait until quiet hours end, unless they hold her own turn too."""
    if scope.what == "offered":
        _tell_offer(tx, scope, terms)
    else:
        _tell_swap(tx, scope, terms)


def _tell_offer(tx: Tx, scope: Scope, terms: Terms) -> None:
    for row in offers.entries_of(tx.conn, [str(scope.list)], [str(scope.person)]):
        until = row["offered_until"]
        if row["status"] == "offered" and until > tx.now:
            hearers = audience.hearers(tx.conn, [row["person_id"]])
            due = [
                PlannedDue(
                    due_key=f"slot-offered/{person}/{row['id']}/{int(until.timestamp())}/mail",
                    rule="slot-offered",
                    channel="mail",
                    subject_type="waiting",
                    subject_id=row["id"],
                    due_at=told_at(tx.now, tx.now, hearer.wishes),
                    useless_at=until,
                    person_id=person,
                    meeting_id=row["meeting_id"],
                    data={"offered_until": rfc3339(until)},
                )
                for person, hearer in hearers.items()
            ]
            plan(tx, due, terms.host)


def _tell_swap(tx: Tx, scope: Scope, terms: Terms) -> None:
    person, inscription = str(scope.person), str(scope.inscription)
    what, _, other = (scope.note or "").partition("/")
    turn = standings.standing(tx.conn, {inscription}).get(inscription)
    if what == "proposed":
        if turn is not None and swaps.sides(tx.conn, [inscription]):
            _plan(tx, scope, turn, {"with": other}, terms)
        return
    unheard = drop(tx, _ANSWERED, rules=("swap-proposed",), person_id=person, subject_id=inscription)
    if turn is not None and not unheard:
        _plan(tx, scope, turn, {"with": other, "why": what}, terms)


def _plan(tx: Tx, scope: Scope, turn: Standing, data: dict[str, str], terms: Terms) -> None:
    rule = "swap-ended" if "why" in data else "swap-proposed"
    hearers = audience.hearers(tx.conn, [str(scope.person)])
    due = [
        PlannedDue(
            due_key=f"{rule}/{person}/{turn.id}/{scope.position}/mail",
            rule=rule,
            channel="mail",
            subject_type="inscription",
            subject_id=turn.id,
            due_at=told_at(tx.now, turn.starts_at, hearer.wishes),
            useless_at=turn.starts_at,
            person_id=person,
            meeting_id=turn.meeting,
            data=data,
        )
        for person, hearer in hearers.items()
        if turn.starts_at > tx.now
    ]
    plan(tx, due, terms.host)
