"""Taking an allocation back: the turns as they stood before it, while nobody has changed the list since."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, select

from scheduler.allocation import applying
from scheduler.allocation.proposals import Proposal, in_order
from scheduler.allocation.queries import Standing, is_fixed, standing
from scheduler.allocation.rules import Share
from scheduler.errors import NotAllowedNow
from scheduler.journal.entries import append
from scheduler.journal.tables import JournalEntry
from scheduler.lists.queries import list_view
from scheduler.lists.tables import SpeakersList
from scheduler.lists.turns import permitted
from scheduler.lists.views import ListView
from scheduler.people.permission import Actor
from scheduler.storage.columns import table
from scheduler.storage.connection import Prepared
from scheduler.storage.many import among
from scheduler.storage.writer import Tx

ALLOCATED, RESTORED = "list.allocated", "list.restored"
_CHANGED_SINCE = (
    *(RESTORED, "inscription.allotted", "inscription.returned", "inscription.left_out", "inscription.withdrawn"),
    *("slot.added", "slot.moved", "slot.changed", "slot.removed"),
)
_j = table(JournalEntry).c
_LAST = Prepared(
    select(_j.id, _j.data)
    .where(_j.subject_id == bindparam("list"), _j.kind == ALLOCATED)
    .order_by(_j.id.desc())
    .limit(1)
)
_SINCE = Prepared(
    select(_j.id, _j.data)
    .where(_j.session_id == bindparam("session"), _j.id > bindparam("after"), among(_j.kind, "kinds"))
    .order_by(_j.id)
)


def arranged(of: Standing) -> list[tuple[str, int]]:
    """Whose turns an allocation may change, as its entry keeps them: inscriptions in order with their seconds."""
    return [(row["inscription_id"], row["seconds"]) for row in of.slots if row["inscription_id"] and not is_fixed(row)]


def take_back(tx: Tx, actor: Actor, list_id: str) -> ListView:
    """Undoes the last allocation of a queue list. The session's chair and secretariat may.

    Whoever was called since stays; who has withdrawn is not given a turn again. A seed that was drawn stays public.

    Raises:
        NotFound, Forbidden: there is no such list that she may know of; she may not.
        NotAllowedNow: it was not allotted; a turn of it has changed since; the meeting is cancelled or over.
        OverBudget: the turns have no room any more.
    """
    row, place, by = permitted(tx.conn, actor, list_id)
    place.check_alive()
    last = tx.conn.first(_LAST, list=list_id)
    if last is None or "before" not in last[1]:
        raise NotAllowedNow("This list was not allotted, so there is nothing to take back.", allowed=[])
    since = tx.conn.all(_SINCE, session=place.scopes().session, after=last[0], kinds=list(_CHANGED_SINCE))
    if any((each[1] or {}).get("list") == list_id for each in since):
        raise NotAllowedNow("Turns of this list have changed since. Allocate it anew.", allowed=[])
    found = standing(tx.conn, row, place, tx.now)
    applying.apply(tx, by, found, _as_before(found, last[1]["before"]))
    tx.conn.update(SpeakersList, list_id, version=row["version"] + 1)
    append(tx, RESTORED, ("list", list_id), by, place.audience(), list=list_id)
    return list_view(tx.conn, list_id, tx.now)


def _as_before(of: Standing, before: Sequence[Sequence[Any]]) -> Proposal:
    entries = {entry.id: replace(entry, placed=None) for entry in of.entries() if not entry.barred}
    shares = [Share(entries[id_], seconds, seconds) for id_, seconds in before if id_ in entries]
    return Proposal(in_order(shares, of.positions()), (), 0, 0, 0)
