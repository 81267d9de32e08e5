"""How the queue lists of a meeting stand behind each other: what moves in one moves the turns of those that follow it.

Turns are packed in their order by `slots.queued`, the lists by position. A list whose window nobody wrote begins where
the turns of the lists before it end, and may go on until the next window that somebody wrote, or the meeting's end.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, func, select

from scheduler.errors import OverBudget
from scheduler.journal.entries import Author
from scheduler.lists import arranging
from scheduler.lists.arranging import Hand
from scheduler.lists.place import Place, Row, Rows, list_
from scheduler.lists.queries import slot
from scheduler.lists.slots import Turn, queued, until
from scheduler.lists.tables import SpeakersList
from scheduler.storage.writer import Tx

NO_ROOM = (
    "The turns in `slots` would end after the list's window, or the lists behind it after theirs. "
    "Make this one shorter, or make room first."
)

_LAST_END = select(func.max(slot.c.starts_after + slot.c.seconds)).where(slot.c.list_id == list_.c.id).scalar_subquery()
_LISTS = Rows(
    select(*list_.c, _LAST_END.label("last_end"))
    .where(list_.c.meeting_id == bindparam("meeting"))
    .order_by(list_.c.position, list_.c.id)
)


def arrange(
    tx: Tx,
    by: Author,
    place: Place,
    list_id: str,
    order: Sequence[Turn],
    *,
    added: Mapping[str, Row] | None = None,
    hand: Hand | None = None,
) -> None:
    """Gives a queue list these turns in this order, planned anew; the queue lists that follow it move along.

    `order` are turns as they shall be: their `seconds` count, their starts are found here. Slots that are not among
    them go, untold: the caller's entry tells why. `added` are new ones by the id of their turn: of each `kind, title,
    status` and what else is not null, `inscription_id` as it may be; the caller tells of them too, and gives the
    inscriptions their slots. `hand` is what a chair moved by hand.

    Raises:
        OverBudget: a turn, also one of a list that follows, would have no room (`slots`: ids of those that stand).
        RemoteBudgetExceeded: turns of remote speakers would become longer than the meeting's cap allows.
    """
    settle(tx, by, place, {list_id: order}, added=added, hand=hand)


def settle(
    tx: Tx,
    by: Author,
    place: Place,
    orders: Mapping[str, Sequence[Turn] | None],
    *,
    added: Mapping[str, Row] | None = None,
    hand: Hand | None = None,
    length: int | None = None,
) -> None:
    """Plans the queue lists in `orders` anew (None: in the order that they have), and those that follow them.

    `length` is the meeting's in seconds where it is not what it was. Raises as `arrange`.
    """
    lists = _LISTS.all(tx.conn, meeting=place.meeting)
    length = place.sitting.length if length is None else length
    taken = 0
    for number, row in enumerate(lists):
        window = _window(row, lists[number + 1 :], taken, length)
        moved = window != (row["window_start"], row["window_end"])
        if moved:
            row["window_start"], row["window_end"] = window
            tx.conn.update(SpeakersList, row["id"], window_start=window[0], window_end=window[1])
        last = row["last_end"]
        if row["allocation"] == "queue" and (moved or row["id"] in orders):
            last = _lay_out(tx, (by, place, row), orders.get(row["id"]), added or {}, hand)
        used = window[1] if not row["window_follows"] else window[0] if last is None else last + row["gap_seconds"]
        taken = max(taken, used)


def _window(row: Row, later: Sequence[Row], taken: int, length: int) -> tuple[int, int]:
    if not row["window_follows"]:
        return row["window_start"], row["window_end"]
    written = (each["window_start"] for each in later if not each["window_follows"])
    first = min(taken, length)
    return first, min((start for start in written if start > first), default=length)


def _lay_out(
    tx: Tx,
    where: tuple[Author, Place, Row],
    order: Sequence[Turn] | None,
    added: Mapping[str, Row],
    hand: Hand | None,
) -> int | None:
    """The end of the last turn, None where there is none."""
    by, place, row = where
    rows = arranging.rows_of(tx.conn, row["id"])
    turns = [arranging.turn_of(each) for each in rows] if order is None else order
    planned = until(queued(turns, row["window_start"], row["gap_seconds"]), row["window_end"])
    if planned.stuck or planned.go:
        late = [turn.id for turn in (*planned.go, *planned.stuck) if turn.id not in added]
        raise OverBudget(NO_ROOM, slots=late)
    stay = {turn.id for turn in planned.fit}
    arranging.discard(tx, [each["id"] for each in rows if each["id"] not in stay])
    positions = {turn.id: position for position, turn in enumerate(planned.fit, 1)}
    new = [_new(turn, positions[turn.id], added[turn.id]) for turn in planned.fit if turn.id in added]
    arranging.insert(tx, place, row["id"], new)
    arranging.apply(tx, by, place, rows, planned, positions=positions, hand=hand)
    return planned.fit[-1].ends_after if planned.fit else None


def _new(turn: Turn, position: int, said: Row) -> dict[str, Any]:
    return {
        "id": turn.id,
        "position": position,
        "seconds": turn.seconds,
        "starts_after": turn.starts_after,
        "title": None,
        "inscription_id": None,
        "placed_at": None,
        **said,
    }
