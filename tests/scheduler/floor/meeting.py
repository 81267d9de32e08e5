"""A real meeting in the database with a queue of speakers, and its chair's commands at given minutes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from scheduler.clock.now import SettableClock
from scheduler.floor import actions
from scheduler.floor.actions import Command
from scheduler.floor.view import FloorView
from scheduler.people.permission import OPERATOR, Actor
from scheduler.storage.writer import Tx, Writer
from tests.makers import places, queueing, speaking
from tests.makers.speaking import STARTS_AT, Scene


@dataclass(slots=True)
class Sat:
    """A meeting with its writer and clock; `slots` are those of its speakers, in order."""

    writer: Writer
    clock: SettableClock
    scene: Scene
    slots: tuple[str, ...]

    def do(self, minutes: float, command: str, actor: Actor = OPERATOR, **said: Any) -> FloorView:
        """A command so many minutes after the planned start."""
        self.clock.set(STARTS_AT + timedelta(minutes=minutes))
        asked = Command(command, **said)
        return self.writer.act_now(lambda tx: actions.run(tx, actor, self.scene.meeting, asked), alone=True)

    def play(self, *steps: tuple[float, str] | tuple[float, str, dict[str, Any]]) -> FloorView:
        """Several commands; the floor after the last."""
        for minutes, command, *more in steps:
            seen = self.do(minutes, command, **(more[0] if more else {}))
        return seen


def sat(
    writer: Writer, clock: SettableClock, speakers: Sequence[str] = "ABCD", mode: str = "in_person", **said: Any
) -> Sat:
    """A meeting that has not opened, with so many who have turns of three minutes."""

    def make(tx: Tx) -> tuple[Scene, tuple[str, ...]]:
        scene = queueing.scene(tx, **said)
        return scene, tuple(queueing.turn(tx, scene, name, mode).id for name in speakers)

    scene, slots = writer.act_now(make)
    return Sat(writer, clock, scene, slots)


def item_in_two(writer: Writer, clock: SettableClock, speakers: str = "ABCD", **second: Any) -> tuple[Sat, str]:
    """A meeting on an item, with its speakers, and the id of the next day's on the same item (columns `second`)."""

    def make(tx: Tx) -> tuple[Scene, tuple[str, ...], str]:
        of = places.session(tx)
        item = speaking.item(tx, of)
        said: dict[str, Any] = {"allocation": "queue", "slot_seconds": None, "item": item}
        scene = speaking.scene_in(tx, of, meeting_values={"items": [item]}, **said)
        later: dict[str, Any] = {"date": "2022-06-09"} | {
            name: STARTS_AT + timedelta(days=1, hours=hours) for name, hours in (("starts_at", 0), ("ends_at", 3))
        }
        following = speaking.meeting(tx, of, 2, **later | {"items": [item]} | second)
        return scene, tuple(queueing.turn(tx, scene, name).id for name in speakers), following

    scene, slots, following = writer.act_now(make)
    return Sat(writer, clock, scene, slots), following
