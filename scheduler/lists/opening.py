"""Opening and closing a list by hand: it holds until the next `opens_at` or `closes_at` after it."""

from scheduler.errors import NotAllowedNow
from scheduler.journal.entries import Author, append
from scheduler.lists import offering
from scheduler.lists.announcing import ENTRY, announce
from scheduler.lists.place import known_list, timing_of
from scheduler.lists.queries import list_view
from scheduler.lists.rules import next_change, status_now
from scheduler.lists.tables import SpeakersList
from scheduler.lists.views import ListView
from scheduler.people.permission import Act, Actor, require
from scheduler.people.reader import Reader
from scheduler.storage.writer import Tx

ALLOWED = {"pending": ("open", "close"), "open": ("close",), "closed": ("open", "reopen")}
"""What a hand may do with a list, by its status."""


def open_list(tx: Tx, actor: Actor, list_id: str) -> ListView:
    """Opens a list that is not open. The session's chair and secretariat may.

    Raises:
        NotFound, Forbidden: there is no such list that she may know of; she may not.
        NotAllowedNow: it is open (`allowed` tells what may be done), or its meeting is cancelled or over.
    """
    return _by_hand(tx, actor, list_id, "open", "open")


def close_list(tx: Tx, actor: Actor, list_id: str) -> ListView:
    """Closes a list that is not closed. Raises as `open_list`."""
    return _by_hand(tx, actor, list_id, "close", "closed")


def reopen_list(tx: Tx, actor: Actor, list_id: str) -> ListView:
    """Opens a closed list again. Raises as `open_list`."""
    return _by_hand(tx, actor, list_id, "reopen", "open")


def _by_hand(tx: Tx, actor: Actor, list_id: str, act: str, becomes: str) -> ListView:
    row, place = known_list(tx.conn, Reader(actor), list_id)
    by = Author(actor.id, require(actor, Act.RUN_LISTS, place.scopes()))
    place.check_alive()
    timing = timing_of(row)
    status = status_now(timing, tx.now)
    if act not in ALLOWED[status]:
        allowed = list(ALLOWED[status])
        raise NotAllowedNow(f"This list is {status}. What can be done now: {', '.join(allowed)}.", allowed=allowed)
    announce(tx, place, row)
    tx.conn.update(
        SpeakersList,
        list_id,
        hand_status=becomes,
        hand_at=tx.now,
        due_at=next_change(timing, tx.now),
        version=row["version"] + 1,
    )
    append(tx, ENTRY[becomes], ("list", list_id), by, place.audience(), list=list_id)
    offering.turned(tx, list_id, becomes)
    return list_view(tx.conn, list_id, tx.now)
