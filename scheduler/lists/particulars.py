"""What is said of a list, turned into the columns that keep it; everything that cannot be meant is refused here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, bindparam, func, or_, select

from scheduler.clock.written import written
from scheduler.errors import Meaningless, ModeNotOffered, OverBudget
from scheduler.lists.place import Place, Row, item, list_
from scheduler.lists.rules import MODES_OF_FORMAT
from scheduler.lists.slots import MOST_SLOTS, room_for
from scheduler.lists.windows import offsets
from scheduler.storage.connection import Connection, Prepared


@dataclass(frozen=True, slots=True)
class NewList:
    """What is said of a list when it is added, under the contract's names.

    `item` is an id, `opens_at` and `closes_at` are as written, `closes_when` is {item, state}, `window` {start, end,
    fold?} as wall clocks of the meeting. What is None is the default: the next position, all that earlier lists leave
    of the meeting, the modes of its format.
    """

    title: str
    allocation: str
    item: str | None = None
    position: int | None = None
    opens_at: str | Mapping[str, Any] | None = None
    closes_at: str | Mapping[str, Any] | None = None
    closes_when: Mapping[str, str] | None = None
    modes: list[str] | None = None
    policy: str = "first_come"
    policy_options: Mapping[str, Any] | None = None
    seconds_default: int = 180
    seconds_by_category: Mapping[str, int] | None = None
    window: Mapping[str, Any] | None = None
    slot_seconds: int | None = None
    gap_seconds: int = 0
    capacity: int | None = None
    one_per_organisation: bool = False


_PLAIN = ("title", "policy", "seconds_default", "slot_seconds", "gap_seconds", "capacity", "one_per_organisation")
_EMPTY: dict[str, Any] = {"modes": [], "policy_options": {}, "seconds_by_category": {}}
_ITEM = Prepared(select(item.c.session_id).where(item.c.id == bindparam("item")))
_BEFORE = list_.c.meeting_id == bindparam("meeting")
_LAST_POSITION = Prepared(select(func.coalesce(func.max(list_.c.position), 0)).where(_BEFORE))
_AT_POSITION = Prepared(select(list_.c.title).where(_BEFORE, list_.c.position == bindparam("position")))
_EARLIER_END = Prepared(
    select(func.coalesce(func.max(list_.c.window_end), 0)).where(
        _BEFORE,
        list_.c.position < bindparam("position"),
        or_(list_.c.window_follows.is_(False), bindparam("all", type_=Boolean())),
    )
)


def next_position(conn: Connection, meeting_id: str) -> int:
    """The position behind the meeting's last list."""
    return int(conn.all(_LAST_POSITION, meeting=meeting_id)[0][0]) + 1


def stands_at(conn: Connection, meeting_id: str, position: int) -> str | None:
    """The title of the meeting's list at this position, if there is one."""
    row = conn.first(_AT_POSITION, meeting=meeting_id, position=position)
    return str(row[0]) if row else None


def columns(conn: Connection, place: Place, position: int, said: Mapping[str, Any], allocation: str) -> Row:
    """The columns for what is in `said` (fields of NewList); None is the default. `position` is the list's.

    A queue without a window has `window_follows` and no more: `queues.settle` finds where it stands.

    Raises:
        Meaningless and its kinds: an item of another session, a deadline or a window that cannot be.
        ModeNotOffered: a mode that the meeting's format does not have.
        OverBudget: earlier lists leave nothing of the meeting for the default window.
    """
    kept: Row = {name: said[name] for name in _PLAIN if name in said}
    kept |= {name: said[name] or empty for name, empty in _EMPTY.items() if name in said}
    _check_modes(kept.get("modes", []), place.format)
    if "item" in said:
        kept["item_id"] = _known_item(conn, place, said["item"], "item")
    for name in ("opens", "closes"):
        if f"{name}_at" in said:
            value = said[f"{name}_at"]
            moment = written(value, f"{name}_at") if value is not None else (None, None)
            kept[f"{name}_at"], kept[f"{name}_as"] = moment
    if "closes_when" in said:
        when = said["closes_when"] or {}
        kept["closes_item_id"] = _known_item(conn, place, when.get("item"), "closes_when.item")
        kept["closes_state"] = when.get("state")
    if "window" in said:
        kept |= _window(conn, place, position, said["window"], follows=allocation == "queue")
    return kept


def check_deadlines(row: Row) -> None:
    """Refuses a list that closes before it opens. Raises Meaningless."""
    if row["opens_at"] is not None and row["closes_at"] is not None and row["closes_at"] <= row["opens_at"]:
        raise Meaningless("The list would close before it opens. Choose a later time to close it.", field="closes_at")


def check_layout(row: Row) -> None:
    """Refuses what cannot be laid out.

    Raises:
        Meaningless: a timed list has no `slot_seconds`, no room for one turn, room for more turns than anyone can look
            through, or for fewer than its `capacity`.
    """
    if row["allocation"] != "timed":
        return
    if row["slot_seconds"] is None:
        raise Meaningless("A timed list needs the length of its slots.", field="slot_seconds")
    fits = room_for(row["window_end"] - row["window_start"], row["slot_seconds"], row["gap_seconds"])
    if fits == 0:
        raise Meaningless("Not one slot of this length fits in the list's window.", field="slot_seconds")
    if fits > MOST_SLOTS:
        raise Meaningless(f"This would make {fits} slots; a list has at most {MOST_SLOTS}.", field="slot_seconds")
    if row["capacity"] is not None and row["capacity"] > fits:
        raise Meaningless(f"Only {fits} slots fit in the list's window. Take no more than that.", field="capacity")


def _check_modes(modes: list[str], meeting_format: str) -> None:
    for mode in modes:
        if mode not in MODES_OF_FORMAT[meeting_format]:
            offered = ", ".join(MODES_OF_FORMAT[meeting_format])
            raise ModeNotOffered(f"The meeting's format does not have {mode}. It has: {offered}.", field="modes")


def _known_item(conn: Connection, place: Place, item_id: str | None, field: str) -> str | None:
    if item_id is not None and conn.first(_ITEM, item=item_id) != (place.session,):
        raise Meaningless("There is no such agenda item in the meeting's session.", field=field)
    return item_id


def _window(
    conn: Connection, place: Place, position: int, said: Mapping[str, Any] | None, *, follows: bool
) -> dict[str, Any]:
    if said is not None:
        first, end = offsets(said, place.sitting)
        return {"window_start": first, "window_end": end, "window_follows": False}
    # Queues that follow each other share what is left; a timed list needs what nobody may come to need.
    first = int(conn.all(_EARLIER_END, meeting=place.meeting, position=position, all=not follows)[0][0])
    if first >= place.sitting.length:
        raise OverBudget("Earlier lists take the whole meeting. Give this one a window, or shorten one of theirs.")
    if follows:
        return {"window_follows": True}
    return {"window_start": first, "window_end": place.sitting.length, "window_follows": False}
