"""The floor of a meeting out of the journal: the fold over its numbered entries, kept in memory for the next reader.

Before the meeting opens its lists tell the queue. The entry that opens it keeps how all stood at that moment; from
there on the entries alone tell it, so that every version can be told again and a record be replayed.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from scheduler.floor.fold import apply, begin
from scheduler.floor.standing import turns_of
from scheduler.floor.states import Floor
from scheduler.floor.turns import Event, Notice
from scheduler.floor.written import read_event, read_turn, to_millisecond
from scheduler.journal.tables import JournalEntry
from scheduler.lists.place import meeting
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.many import among

OPEN = "floor.open"
MOST_KEPT = 64

_j = table(JournalEntry).c
_NUMBERED = select(_j.meeting_number, _j.at, _j.kind, _j.data).where(_j.meeting_id == bindparam("meeting"))
_VERSION = Prepared(select(meeting.c.floor_version).where(meeting.c.id == bindparam("meeting")))
_AFTER = Prepared(_NUMBERED.where(_j.meeting_number > bindparam("after")).order_by(_j.meeting_number))
_NEXT = Prepared(
    _NUMBERED.where(_j.meeting_number > bindparam("after")).order_by(_j.meeting_number).limit(bindparam("most"))
)
_OPENING = Prepared(
    select(_j.meeting_number)
    .where(_j.meeting_id == bindparam("meeting"), _j.meeting_number > 0, _j.kind == OPEN)
    .order_by(_j.meeting_number.desc())
    .limit(1)
)
# What tables do not tell of a meeting to come: notices, and rights of reply that wait for the end of the day.
_TOLD_AHEAD = ("floor.announce", "floor.right_of_reply", "floor.withdraw")
_AHEAD = Prepared(_NUMBERED.where(_j.meeting_number > 0, among(_j.kind, "kinds")).order_by(_j.meeting_number))


@dataclass(frozen=True, slots=True)
class Course:
    """What happened in a meeting: the floor before its first event, and the events from its opening on."""

    before: Floor
    events: tuple[Event, ...]


class _Kept:
    """The floors that were folded last, by meeting: each of committed entries alone, so true for all who read on."""

    def __init__(self) -> None:
        self._floors: OrderedDict[str, Floor] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, meeting_id: str) -> Floor | None:
        with self._lock:
            return self._floors.get(meeting_id)

    def put(self, meeting_id: str, floor: Floor) -> None:
        with self._lock:
            known = self._floors.get(meeting_id)
            if known is None or known.version < floor.version:
                self._floors[meeting_id] = floor
            self._floors.move_to_end(meeting_id)
            while len(self._floors) > MOST_KEPT:
                self._floors.popitem(last=False)


_kept = _Kept()


def version_of(conn: Connection, meeting_id: str) -> int:
    """The version of a meeting's floor: how many events there were."""
    row = conn.first(_VERSION, meeting=meeting_id)
    return int(row[0]) if row else 0


def folded(conn: Connection, meeting_id: str) -> Floor:
    """The floor of a meeting as it stands. Speakers and organisations are told by their ids."""
    floor = _kept.get(meeting_id)
    if floor is None:
        opening = conn.first(_OPENING, meeting=meeting_id)
        if opening is None:
            return _to_come(conn, meeting_id)
        after = opening[0] - 1
    else:
        after = floor.version
    rows = conn.all(_AFTER, meeting=meeting_id, after=after)
    if floor is None:
        floor = _before(rows[0])
    for row in rows:
        floor = _applied(floor, row)
    _kept.put(meeting_id, floor)
    return floor


def folded_until(conn: Connection, meeting_id: str, version: int) -> Floor:
    """The floor as it stood at an earlier version; before the opening only the queue as it stands is known."""
    opening = conn.first(_OPENING, meeting=meeting_id)
    if opening is None or version < opening[0]:
        return replace(_to_come(conn, meeting_id), version=version)
    rows = conn.all(_AFTER, meeting=meeting_id, after=opening[0] - 1)
    floor = _before(rows[0])
    for row in rows:
        if row[0] <= version:
            floor = _applied(floor, row)
    return floor


def folded_after(conn: Connection, meeting_id: str, version: int, most: int) -> list[tuple[datetime, Floor]]:
    """The floor after each of the next events, at most so many, with the event's moment; as `folded_until` each."""
    rows = conn.all(_NEXT, meeting=meeting_id, after=version, most=most)
    opening = conn.first(_OPENING, meeting=meeting_id) if rows else None
    if opening is None or rows[-1][0] < opening[0]:
        to_come = _to_come(conn, meeting_id) if rows else None
        return [(row[1], replace(to_come, version=row[0])) for row in rows if to_come]
    floor = _kept.get(meeting_id)
    if floor is None or floor.version != version:
        floor = folded_until(conn, meeting_id, version)
    found = []
    for row in rows:
        before = _before(row) if row[0] == opening[0] else floor
        floor = replace(floor, version=row[0]) if row[0] < opening[0] else _applied(before, row)
        found.append((moment_after(before, row[1]), floor))
    return found


def moment_after(floor: Floor, moment: datetime) -> datetime:
    """The moment of the next event: never before that of the last, as another process's clock may have been ahead."""
    last = floor.trail[-1].at if floor.trail else floor.opened_at
    return max(to_millisecond(moment), last) if last else to_millisecond(moment)


def course(conn: Connection, meeting_id: str) -> Course:
    """All that happened from the opening on; what was told before it is told again as the first event."""
    opening = conn.first(_OPENING, meeting=meeting_id)
    if opening is None:
        return Course(_to_come(conn, meeting_id), ())
    rows = conn.all(_AFTER, meeting=meeting_id, after=opening[0] - 1)
    before = _before(rows[0])
    floor, events = before, list[Event]()
    for row in rows:
        events.append(_event(floor, row))
        floor = apply(floor, events[-1])
    if before.notice is not None:
        told = Event(before.notice.at, "announce", text=before.notice.text)
        return Course(replace(before, version=before.version - 1, notice=None), (told, *events))
    return Course(before, tuple(events))


def _to_come(conn: Connection, meeting_id: str) -> Floor:
    version = version_of(conn, meeting_id)
    floor = begin(turns_of(conn, meeting_id))
    for row in conn.all(_AHEAD, meeting=meeting_id, kinds=_TOLD_AHEAD):
        floor = _applied(floor, row)
    return replace(floor, version=version, trail=())


def _before(opening: Sequence[Any]) -> Floor:
    number, _, _, data = opening
    floor = begin((read_turn(turn) for turn in data["turns"]), number - 1)
    notice = data.get("notice")
    return replace(floor, notice=Notice(notice["text"], datetime.fromisoformat(notice["at"])) if notice else None)


def _applied(floor: Floor, row: Sequence[Any]) -> Floor:
    return replace(apply(floor, _event(floor, row)), version=row[0])


def _event(floor: Floor, row: Sequence[Any]) -> Event:
    _, at, _, data = row
    return read_event(moment_after(floor, at), data["floor"])


def noted(notice: Notice | None) -> dict[str, str] | None:
    """A notice as the entry of the opening keeps it."""
    return None if notice is None else {"text": notice.text, "at": to_millisecond(notice.at).isoformat()}
