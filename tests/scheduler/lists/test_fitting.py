import pytest

from scheduler.errors import NotAllowedNow
from scheduler.journal.entries import Author
from scheduler.lists import fitting, turns
from scheduler.lists.queries import list_view
from scheduler.lists.turns import Interlude
from scheduler.lists.views import Window
from scheduler.people.permission import OPERATOR, Actor
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.makers import speaking
from tests.makers.people import MADE_AT
from tests.makers.speaking import Scene
from tests.scheduler.lists.conftest import Book


def fit(writer: Writer, scene: Scene, length: int) -> None:
    by = Author(None, "secretariat")
    writer.act_now(lambda tx: fitting.fit(tx, by, OPERATOR, scene.meeting, length))


def test_free_slots_past_the_new_end_go(writer: Writer, conn: Connection, scene: Scene) -> None:
    fit(writer, scene, 3_600)

    assert [row["id"] for row in speaking.slots(conn, scene.list)] == list(scene.slots[:6])
    assert list_view(conn, scene.list, MADE_AT).window == Window("10:00", "11:00", None)


def test_longer_meeting_changes_nothing(writer: Writer, conn: Connection, scene: Scene) -> None:
    before = list_view(conn, scene.list, MADE_AT)

    fit(writer, scene, 12_000)

    assert list_view(conn, scene.list, MADE_AT) == before


def test_booked_slot_past_the_new_end_forbids_it(
    writer: Writer, conn: Connection, scene: Scene, ada: Actor, book: Book
) -> None:
    book(ada, scene.slots[6])

    with pytest.raises(NotAllowedNow) as refused:
        fit(writer, scene, 3_600)

    assert refused.value.data["slots"] == [scene.slots[6]]
    assert [slot.id for slot in fitting.held_past(conn, scene.meeting, 3_600)] == [scene.slots[6]]
    assert len(speaking.slots(conn, scene.list)) == 20


def test_panel_past_the_new_end_forbids_it_too(writer: Writer, conn: Connection, scene: Scene) -> None:
    panel = writer.act_now(
        lambda tx: turns.put(tx, OPERATOR, scene.list, Interlude("panel", 1_800, after=scene.slots[5]))
    )

    assert [slot.id for slot in fitting.held_past(conn, scene.meeting, 3_600)] == [panel.id]


def test_list_that_lay_past_the_new_end_has_no_slots_left(writer: Writer, conn: Connection) -> None:
    scene = writer.act_now(lambda tx: speaking.scene(tx, window={"start": "12:00", "end": "13:00"}))

    fit(writer, scene, 3_600)

    assert list_view(conn, scene.list, MADE_AT).counts.slots == 0
