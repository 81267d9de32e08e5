"""The queue of a meeting as its lists have it, while no event of the floor tells of it."""

from sqlalchemy import bindparam

from scheduler.floor.turns import Turn
from scheduler.lists.numbered import TURNS, turn_values
from scheduler.lists.place import Rows
from scheduler.lists.queries import slot
from scheduler.storage.connection import Connection

_TURNS = Rows(TURNS.where(slot.c.meeting_id == bindparam("meeting")))


def turns_of(conn: Connection, meeting_id: str) -> list[Turn]:
    """All turns that somebody holds, panels and breaks: list by list, in their order. People are told by their ids."""
    rows = _TURNS.all(conn, meeting=meeting_id)
    return [Turn(position=position, **turn_values(row)) for position, row in enumerate(rows, 1)]
