"""The tables after an event: slots, inscriptions and the meeting have the status that the floor gives them.

Only the difference between the floor before and after is written, so that taking an event back needs nothing of its
own. `scheduler.lists` goes by these columns alone.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, select, update

from scheduler.floor.reading import Standing
from scheduler.floor.states import Floor
from scheduler.lists.queries import inscription, slot
from scheduler.programme.tables import Meeting
from scheduler.storage.connection import Prepared
from scheduler.storage.many import among
from scheduler.storage.writer import Tx

BOOKED = "booked"
_INSCRIPTION = {"spoken": "spoken", "absent": "absent"}

_SLOT = Prepared(
    update(slot).where(slot.c.id == bindparam("slot")).values(status=bindparam("status"), version=slot.c.version + 1)
)
_HOLDER = Prepared(
    update(inscription)
    .where(
        inscription.c.id.in_(select(slot.c.inscription_id).where(slot.c.id == bindparam("slot"))),
        inscription.c.status != bindparam("status"),
    )
    .values(status=bindparam("status"), version=inscription.c.version + 1)
)
_STAND = Prepared(select(slot.c.id, slot.c.list_id).where(among(slot.c.id, "slots")))


def statuses(floor: Floor) -> dict[str, str]:
    """What each slot's status is, by its id; those that are not named are booked, or gone."""
    found = {past.slot: past.status for past in floor.past if past.status in _INSCRIPTION}
    found |= dict.fromkeys((*floor.queue, *floor.deferred, *floor.carried), BOOKED)
    found |= dict.fromkeys(floor.absent, "absent")
    for running in (floor.interrupted, floor.current):
        if running is not None:
            found[running.slot] = "called" if running.started_at is None else "speaking"
    return found


def follow(tx: Tx, here: Standing, after: Floor) -> list[dict[str, str]]:
    """Writes what an event changed: of each slot whose status is another, `{list, slot, status}`."""
    if after.status != here.floor.status:
        tx.conn.update(Meeting, here.meeting.id, status=after.status)
    changed = _difference(statuses(here.floor), statuses(after))
    rows = tx.conn.all(_STAND, slots=sorted(changed)) if changed else []
    tx.conn.run_many(_SLOT, [{"slot": id_, "status": changed[id_]} for id_, _ in rows])
    tx.conn.run_many(_HOLDER, [{"slot": id_, "status": _INSCRIPTION.get(changed[id_], "allotted")} for id_, _ in rows])
    return [{"list": list_id, "slot": id_, "status": changed[id_]} for id_, list_id in rows]


def _difference(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, Any]:
    return {
        slot_id: after.get(slot_id, BOOKED)
        for slot_id in before.keys() | after.keys()
        if before.get(slot_id, BOOKED) != after.get(slot_id, BOOKED)
    }
