"""What befell a floor lately, for who runs it: what was done, by whom, and what an undo took back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, select

from scheduler.floor.folding import folded_until
from scheduler.floor.reading import Names, Standing, names_of
from scheduler.floor.states import Floor, last_command
from scheduler.floor.turns import Event, Turn
from scheduler.floor.written import read_event
from scheduler.journal.tables import JournalEntry
from scheduler.people.views import Named
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared

CHANGED = "changed"
"""The command of an event that tells no more than that the lists of a meeting to come are not as they were."""

_j = table(JournalEntry).c
_LATELY = Prepared(
    select(_j.meeting_number, _j.at, _j.by_person, _j.data)
    .where(_j.meeting_id == bindparam("meeting"), _j.meeting_number > bindparam("after"))
    .order_by(_j.meeting_number.desc())
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class Happened:
    """An event with its number, whose turn it is about, and who did it; None: nobody who is known.

    `undone` is what an `undo` took back.
    """

    number: int
    event: Event
    turn: Turn | None = None
    by: Named | None = None
    undone: "Happened | None" = None


def lately(conn: Connection, here: Standing, after: int, most: int) -> list[Happened]:
    """The last events after a version, at most so many, the earliest first; turns with the names of now."""
    rows = conn.all(_LATELY, meeting=here.meeting.id, after=after, most=most)[::-1]
    found = [_read(conn, here, row) for row in rows]
    turns = [turn for each in found for turn in _turns(each)]
    names = names_of(
        conn,
        [*(turn.speaker for turn in turns), *(row[2] for row in rows)],
        [turn.organisation for turn in turns],
    )
    return [_named(each, names, row[2]) for each, row in zip(found, rows, strict=True)]


def to_take_back(conn: Connection, here: Standing) -> Happened | None:
    """The command that an `undo` would take back now; None: there is none."""
    found = _last(here.floor)
    if found is None:
        return None
    turns = list(_turns(found))
    return _named(found, names_of(conn, [t.speaker for t in turns], [t.organisation for t in turns]), None)


def _read(conn: Connection, here: Standing, row: Sequence[Any]) -> Happened:
    number, at, _, data = row
    told = (data or {}).get("floor")
    if told is None:
        return Happened(number, Event(at, CHANGED))
    event = read_event(at, told)
    undone = _last(folded_until(conn, here.meeting.id, number - 1)) if event.command == "undo" else None
    return Happened(number, event, _turn(here.floor, event), undone=undone)


def _last(floor: Floor) -> Happened | None:
    event = last_command(floor)
    return Happened(floor.version, event, _turn(floor, event)) if event else None


def _turn(floor: Floor, event: Event) -> Turn | None:
    return event.turn or floor.turns.get(event.slot or "")


def _turns(of: Happened) -> Iterator[Turn]:
    yield from filter(None, (of.turn, of.undone and of.undone.turn))


def _named(of: Happened, names: Names, by: str | None) -> Happened:
    turn, undone = of.turn, of.undone
    if turn is not None:
        turn = replace(turn, speaker=names.get(turn.speaker), organisation=names.get(turn.organisation))
    return replace(of, turn=turn, undone=undone and _named(undone, names, None), by=names.get(by))
