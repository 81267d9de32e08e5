"""The chair's hand on the queue as it stands on the floor: one place up or down, or behind another of the same list."""

from scheduler.errors import NotAllowedNow
from scheduler.floor.folding import version_of
from scheduler.floor.reading import Standing, chaired
from scheduler.floor.states import allowed
from scheduler.lists import arranging, placing
from scheduler.lists.numbered import numbered
from scheduler.lists.turns import list_of, permitted
from scheduler.people.permission import Actor
from scheduler.storage.writer import Tx


def step(tx: Tx, actor: Actor, meeting_id: str, slot_id: str, *, down: bool) -> str | None:
    """Moves one who waits one place up or down among those of her list; behind whom she was before (None: the first).

    It must be alone in its batch. The session's chair and secretariat may.

    Raises:
        NotFound, Forbidden: there is no such meeting that she may know of; she may not run its floor.
        NotAllowedNow: it is no turn that waits, or is the first or the last already; the meeting is over.
        OverBudget: a turn has no room in its window.
    """
    waiting = _waiting(chaired(tx.conn, actor, meeting_id), slot_id)
    at = waiting.index(slot_id)
    if down and at + 1 == len(waiting):
        raise NotAllowedNow("This turn is the last of its list already.", allowed=[])
    if not down and at == 0:
        raise NotAllowedNow("This turn is the first of its list already.", allowed=[])
    after = waiting[at + 1] if down else waiting[at - 2] if at > 1 else None
    return put(tx, actor, meeting_id, slot_id, after)


def put(tx: Tx, actor: Actor, meeting_id: str, slot_id: str, after: str | None) -> str | None:
    """Puts one who waits behind another of her list, None: before all others; behind whom she was. As `step`."""
    here = chaired(tx.conn, actor, meeting_id)
    waiting = _waiting(here, slot_id)
    at = waiting.index(slot_id)
    before = waiting[at - 1] if at else None
    placing.move(tx, actor, slot_id, after)
    if before != after and version_of(tx.conn, meeting_id) == here.floor.version:
        _tell(tx, actor, slot_id, after)
    return before


def _waiting(here: Standing, slot_id: str) -> list[str]:
    """All who wait with her in one list, in the order of the floor."""
    floor = here.floor
    if slot_id not in floor.queue or floor.turns[slot_id].group is None:
        raise NotAllowedNow("Only a turn of a list that waits can be moved.", allowed=list(allowed(floor)))
    return [slot for slot in floor.queue if floor.turns[slot].group == floor.turns[slot_id].group]


def _tell(tx: Tx, actor: Actor, slot_id: str, after: str | None) -> None:
    """Whoever was deferred stands elsewhere on the floor than in her list: there it may be as the chair wants it."""
    row, place, by = permitted(tx.conn, actor, list_of(tx.conn, slot_id))
    here = next(each for each in arranging.rows_of(tx.conn, row["id"]) if each["id"] == slot_id)
    number = numbered(tx, place, "move", slot_id, behind=after)
    arranging.tell(tx, by, place, "slot.moved", here, after=after, **number)
