"""Queue lists with people on them, and short ways to act in them."""

from typing import Any

from scheduler.lists import inscribing, placing
from scheduler.lists.inscribing import Request
from scheduler.lists.placing import NewTurn
from scheduler.lists.views import SlotView
from scheduler.people.permission import OPERATOR, Actor
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx
from tests.makers import speaking
from tests.makers.speaking import Scene


def scene(tx: Tx, **said: Any) -> Scene:
    """An open queue list of the whole meeting, three minutes a turn, unless `said` tells otherwise."""
    return speaking.scene(tx, **{"allocation": "queue", "slot_seconds": None} | said)


def inscribed(tx: Tx, of: Scene, actor: Actor, mode: str = "in_person", **wanted: Any) -> str:
    """Her inscription's id."""
    return inscribing.inscribe(tx, actor, of.list, Request(mode, **wanted)).id


def speaker(tx: Tx, of: Scene, name: str, mode: str = "in_person", **wanted: Any) -> str:
    """Somebody new who is on the list: her inscription's id."""
    return inscribed(tx, of, speaking.speaker(tx, of, name), mode, **wanted)


def allotted(tx: Tx, of: Scene, inscription: str, seconds: int | None = None) -> SlotView:
    """A turn at the end of the list."""
    return placing.allot(tx, OPERATOR, of.list, NewTurn(inscription, seconds, last=True))


def turn(tx: Tx, of: Scene, name: str, mode: str = "in_person", seconds: int | None = None) -> SlotView:
    """Somebody new who has the last turn of the list."""
    return allotted(tx, of, speaker(tx, of, name, mode), seconds)


def planned(conn: Connection, list_id: str) -> list[tuple[str, int]]:
    """(slot, start in seconds from the meeting's) in order; the positions are 1, 2, ... ."""
    rows = speaking.slots(conn, list_id)
    assert [row["position"] for row in rows] == list(range(1, len(rows) + 1))
    return [(row["id"], row["starts_after"]) for row in rows]
