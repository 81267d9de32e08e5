"""A queue list with its chair, and short ways to ask, allot and look there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from scheduler.allocation import actions
from scheduler.allocation.actions import Wanted
from scheduler.allocation.views import AllocationView
from scheduler.journal.queries import Sight, changes
from scheduler.lists import queries
from scheduler.lists.slot_queries import slots_of_list
from scheduler.lists.tables import Slot, SpeakersList
from scheduler.lists.views import ListView, SlotView
from scheduler.people.permission import Actor, Grant
from scheduler.people.reader import PUBLIC
from scheduler.programme.tables import Meeting
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx, Writer
from tests.makers import asking, people, queueing
from tests.makers.speaking import STARTS_AT, Scene


@dataclass(frozen=True, slots=True)
class Stage:
    """Where it takes place."""

    writer: Writer
    conn: Connection
    scene: Scene
    chair: Actor

    def ask(self, number: int, category: str = "member_state", **more: Any) -> str:
        """Somebody asks to speak."""
        return self.writer.act_now(lambda tx: asking.asker(tx, self.scene, number, category, **more))

    def allot(self, **wanted: Any) -> AllocationView:
        """The chair allots."""
        how = Wanted("chance", **wanted)
        return self.writer.act_now(lambda tx: actions.allocate(tx, self.chair, self.scene.list, how))

    def look(self, **wanted: Any) -> AllocationView:
        """The chair only looks at it."""
        how = Wanted("chance", **wanted)
        return self.writer.act_now(lambda tx: actions.preview(tx.conn, self.chair, self.scene.list, how, tx.now))

    def commit(self, commitment: str) -> ListView:
        """The chair commits to a seed."""
        return self.writer.act_now(lambda tx: actions.commit_to_draw(tx, self.chair, self.scene.list, commitment))

    def slots(self) -> list[SlotView]:
        """The list's slots as the public reads them."""
        return [slot for slot, _ in slots_of_list(self.conn, PUBLIC, self.scene.list, after=None, limit=100)]

    def order(self) -> list[str | None]:
        """Whose slots they are."""
        return [slot.inscription for slot in self.slots()]

    def view(self) -> ListView:
        """The list."""
        return queries.list_view(self.conn, self.scene.list, STARTS_AT)

    def asked(self, id_: str) -> dict[str, Any]:
        """An inscription's row."""
        return asking.asked(self.conn, self.scene.list)[id_]

    def remote_booked(self) -> int:
        """The meeting's remote seconds that are booked."""
        return asking.remote_booked(self.conn, self.scene)

    def journal(self, *kinds: str) -> list[tuple[str, str]]:
        """What the journal tells of these kinds of entries: kind and subject."""
        told = changes(self.conn, Sight(everything=True), 0, 1_000)
        return [(each.kind, each.subject.id) for each in told if each.kind in kinds]

    def set_list(self, **values: Any) -> None:
        """The list is otherwise."""
        self._set(lambda tx: tx.conn.update(SpeakersList, self.scene.list, **values))

    def set_meeting(self, **values: Any) -> None:
        """The meeting is otherwise."""
        self._set(lambda tx: tx.conn.update(Meeting, self.scene.meeting, **values))

    def set_slot(self, slot: str | None, **values: Any) -> None:
        """A slot is otherwise."""
        self._set(lambda tx: tx.conn.update(Slot, str(slot), **values))

    def _set(self, act: Callable[[Tx], int]) -> None:
        self.writer.act_now(act)


def presiding(tx: Tx, scene: Scene) -> Actor:
    """Who may allot in the scene's session."""
    return people.person(tx, "Chair", grants=(Grant("chair", "session", scene.session),))


@pytest.fixture
def stage(writer: Writer, conn: Connection) -> Stage:
    scene = writer.act_now(queueing.scene)
    return Stage(writer, conn, scene, writer.act_now(lambda tx: presiding(tx, scene)))
