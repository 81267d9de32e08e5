"""The list in the next meeting that takes whoever was carried over, at its front."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, update

from scheduler.errors import NotFound, OverBudget
from scheduler.floor.turns import INTERLUDES
from scheduler.ids import new_id
from scheduler.journal.entries import Author, append
from scheduler.lists import arranging, queues
from scheduler.lists.particulars import next_position
from scheduler.lists.place import Place, Row, Rows, known_meeting, list_
from scheduler.lists.queries import STANDS, inscription, slot
from scheduler.lists.rules import CALLED
from scheduler.lists.slots import Plan, Turn, queued
from scheduler.lists.tables import SpeakersList
from scheduler.people.permission import OPERATOR
from scheduler.people.reader import Reader
from scheduler.programme.records import MeetingRecord
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.writer import Tx

_LIST = Rows(select(*list_.c).where(list_.c.id == bindparam("list")))
_LISTS = Rows(select(*list_.c).where(list_.c.meeting_id == bindparam("meeting")).order_by(list_.c.position, list_.c.id))
_PLACE = Prepared(
    update(slot).where(slot.c.id == bindparam("slot")).values(position=bindparam("to"), starts_after=bindparam("at"))
)
_PEOPLE = Prepared(select(inscription.c.person_id).where(inscription.c.list_id == bindparam("list"), STANDS))
_NONE: Row = {
    "allocation": "queue", "opens_at": None, "opens_as": None, "closes_at": None, "closes_as": None,
    "closes_item_id": None, "closes_state": None, "hand_status": "closed", "due_at": None, "window_start": 0,
    "window_end": 0, "window_follows": True, "slot_seconds": None, "capacity": None, "draw_commitment": None,
    "draw_seed": None,
}  # fmt: skip
"""What a list that is made for those who are carried over does not take from the one that they come from."""


@dataclass(frozen=True, slots=True)
class Target:
    """The list (id, item, position in its meeting), where it stands, and the `people` who have a place in it.

    They come `behind` this slot: the last of the panels and breaks that it begins with.
    """

    place: Place
    list: str
    item: str | None
    position: int
    behind: str | None
    people: frozenset[str]
    window_start: int
    gap: int


def target(tx: Tx, by: Author, to: MeetingRecord, from_list: str) -> Target:
    """The meeting's first queue on the item of `from_list`, made like it where there is none."""
    place = known_meeting(tx.conn, Reader(OPERATOR), to.id)
    source = _known(tx.conn, from_list)
    row = next((each for each in _LISTS.all(tx.conn, meeting=to.id) if _alike(source, each)), None)
    if row is None:
        row = _make(tx, by, place, source)
    rows = arranging.rows_of(tx.conn, row["id"])
    first = [each["id"] for each in rows[: _front(rows)] if each["status"] not in CALLED]
    people = frozenset(each[0] for each in tx.conn.all(_PEOPLE, list=row["id"]))
    return Target(
        place, row["id"], row["item_id"], row["position"], first[-1] if first else None, people, row["window_start"],
        row["gap_seconds"],
    )  # fmt: skip


def put_first(tx: Tx, by: Author, to: Target, slots: Collection[str]) -> dict[str, Row]:
    """Plans a list in which these slots (they stand in it already) come first: of each its new place, by id.

    Where there is no room for all, they are planned all the same, past the end.
    """
    rows = arranging.rows_of(tx.conn, to.list)
    known = {row["id"]: row for row in rows}
    others = [row for row in rows if row["id"] not in slots]
    front = _front(others)
    order = [*others[:front], *(known[id_] for id_ in slots), *others[front:]]
    laid = queued([arranging.turn_of(row) for row in order], to.window_start, to.gap)
    positions = {turn.id: position for position, turn in enumerate(laid, 1)}
    # Whoever is carried over is told of that; only the others are told that their turns have moved.
    placed = {turn.id: {"position": positions[turn.id], "starts_after": turn.starts_after} for turn in laid}
    own = {id_: placed[id_] for id_ in slots}
    tx.conn.run_many(
        _PLACE, [{"slot": id_, "to": place["position"], "at": place["starts_after"]} for id_, place in own.items()]
    )
    if not _fits(tx, lambda: queues.arrange(tx, by, to.place, to.list, laid)):
        _past_the_end(tx, by, to, laid, positions)
    return own


def close_up(tx: Tx, by: Author, meeting_id: str) -> None:
    """Plans the queues of a meeting anew, from which somebody went."""
    place = known_meeting(tx.conn, Reader(OPERATOR), meeting_id)
    lists = [row["id"] for row in _LISTS.all(tx.conn, meeting=meeting_id) if row["allocation"] == "queue"]
    _fits(tx, lambda: queues.settle(tx, by, place, dict.fromkeys(lists)))


def _fits(tx: Tx, arrange: Callable[[], None]) -> bool:
    """Does it, or leaves all as it was where there is no room."""
    told = len(tx.notes)
    tx.conn.sql("SAVEPOINT carried")
    try:
        arrange()
    except OverBudget:
        tx.conn.sql("ROLLBACK TO carried")
        del tx.notes[told:]
        return False
    finally:
        tx.conn.sql("RELEASE carried")
    return True


def _past_the_end(tx: Tx, by: Author, to: Target, laid: Sequence[Turn], positions: dict[str, int]) -> None:
    rows = arranging.rows_of(tx.conn, to.list)
    arranging.apply(tx, by, to.place, rows, Plan(tuple(laid), (), ()), positions=positions)


def _front(rows: Sequence[Row]) -> int:
    """How many come before whoever is carried over: who was called, and the panels and breaks that come first."""
    called = next((at for at, row in enumerate(rows) if row["status"] not in CALLED), len(rows))
    return next((at for at, row in enumerate(rows) if at >= called and row["kind"] not in INTERLUDES), len(rows))


def _alike(source: Row, other: Row) -> bool:
    if other["allocation"] != "queue" or other["item_id"] != source["item_id"]:
        return False
    return source["item_id"] is not None or other["title"] == source["title"]


def _make(tx: Tx, by: Author, place: Place, source: Row) -> Row:
    row: dict[str, Any] = source | _NONE
    row |= {
        "id": new_id(),
        "meeting_id": place.meeting,
        "position": next_position(tx.conn, place.meeting),
        "hand_at": tx.now,
        "created_at": tx.now,
        "opens_sequence": 0,
        "closes_sequence": 0,
        "version": 1,
    } | dict.fromkeys(("shown_at", "opens_shown_at", "closes_shown_at"), tx.now.replace(microsecond=0))
    tx.conn.insert(SpeakersList, **row)
    queues.settle(tx, by, place, {})
    append(tx, "list.created", ("list", row["id"]), by, place.audience(), list=row["id"])
    return _known(tx.conn, row["id"])


def _known(conn: Connection, list_id: str) -> Row:
    row = _LIST.first(conn, list=list_id)
    if row is None:
        raise NotFound("There is no such list of speakers.")
    return row
