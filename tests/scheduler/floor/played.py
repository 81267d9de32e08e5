"""Short ways to say what happened on a floor: minutes after 13:00, the afternoon meeting of 13 June 2022."""

from datetime import UTC, datetime, timedelta
from typing import Any

from scheduler.floor.fold import apply, begin
from scheduler.floor.record import Sitting
from scheduler.floor.states import Floor
from scheduler.floor.turns import Event, Turn

START = datetime(2022, 6, 13, 13, 0, tzinfo=UTC)
SITTING = Sitting(START, START + timedelta(hours=3))


def at(minutes: float) -> datetime:
    """The moment so many minutes after the planned start."""
    return START + timedelta(minutes=minutes)


def waiting(number: int, *, seconds: int = 180, category: str = "member_state", mode: str = "in_person") -> list[Turn]:
    """So many turns alike, slots `a`, `b`, `c`, ..."""
    return [Turn(chr(ord("a") + n), n + 1, "statement", seconds, category, mode) for n in range(number)]


def played(floor: Floor, *steps: tuple[float, str] | tuple[float, str, dict[str, Any]]) -> Floor:
    """The floor after commands given as (minutes, command, more)."""
    for minutes, command, *more in steps:
        floor = apply(floor, Event(at(minutes), command, **(more[0] if more else {})))
    return floor


def opened(number: int = 4) -> Floor:
    """So many who wait, the meeting opened on time."""
    return played(begin(waiting(number)), (0, "open"))
