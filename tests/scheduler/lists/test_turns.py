from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from scheduler.errors import (
    Forbidden,
    Meaningless,
    ModeNotOffered,
    NotAllowedNow,
    NotFound,
    OverBudget,
    RemoteBudgetExceeded,
    VersionConflict,
)
from scheduler.ids import new_id
from scheduler.journal.following import entries_after
from scheduler.lists import turns
from scheduler.lists.place import Rows, meeting
from scheduler.lists.queries import inscription
from scheduler.lists.turns import Interlude
from scheduler.lists.views import ReservedFor, SlotView
from scheduler.people.permission import OPERATOR, Actor, Grant
from scheduler.programme.tables import Meeting
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.makers import people, speaking
from tests.makers.speaking import Scene
from tests.scheduler.lists.conftest import Book

_ALL = Rows(select(*inscription.c))


def put(writer: Writer, scene: Scene, seconds: int, after: str | None, kind: str = "panel") -> SlotView:
    return writer.act_now(lambda tx: turns.put(tx, OPERATOR, scene.list, Interlude(kind, seconds, "Panel", after)))


def change(writer: Writer, slot: str, expected: int | None = None, **changes: Any) -> SlotView:
    return writer.act_now(lambda tx: turns.change(tx, OPERATOR, slot, changes, expected))


def take_out(writer: Writer, slot: str) -> None:
    writer.act_now(lambda tx: turns.take_out(tx, OPERATOR, slot))


def planned(conn: Connection, scene: Scene) -> list[tuple[str, int]]:
    return [(row["id"], row["starts_after"]) for row in speaking.slots(conn, scene.list)]


def test_panel_moves_what_is_behind_it(writer: Writer, conn: Connection, scene: Scene, ada: Actor, book: Book) -> None:
    made = book(ada, scene.slots[2])

    panel = put(writer, scene, 1_200, after=scene.slots[1])

    assert (panel.kind, panel.title, panel.position, panel.status, panel.speaker) == (
        "panel",
        "Panel",
        3,
        "booked",
        None,
    )
    assert panel.starts_at == datetime(2022, 6, 8, 8, 18, tzinfo=UTC)
    assert planned(conn, scene)[:4] == [
        (scene.slots[0], 0),
        (scene.slots[1], 540),
        (panel.id, 1_080),
        (scene.slots[2], 2_280),
    ]
    (row,) = _ALL.all(conn)
    assert (row["id"], row["sequence"], row["version"]) == (made.id, 1, 1)
    moved = [entry for entry in entries_after(conn, 0, 100) if entry.kind == "slot.moved"]
    assert [(entry.subject_id, entry.audience.person) for entry in moved] == [
        (scene.slots[2], ada.id),
        *((slot, None) for slot in scene.slots[3:17]),
    ]


def test_free_slots_without_room_go_and_what_was_put_in_can_be_taken_out_again(
    writer: Writer, conn: Connection, scene: Scene
) -> None:
    panel = put(writer, scene, 1_200, after=None)

    assert [id_ for id_, _ in planned(conn, scene)] == [panel.id, *scene.slots[:17]]
    take_out(writer, panel.id)
    assert planned(conn, scene) == [(id_, 540 * number) for number, id_ in enumerate(scene.slots[:17])]


def test_panel_for_which_somebody_would_have_no_room_is_refused(
    writer: Writer, conn: Connection, scene: Scene, ada: Actor, book: Book
) -> None:
    book(ada, scene.slots[19])
    before = planned(conn, scene)

    with pytest.raises(OverBudget) as refused:
        put(writer, scene, 600, after=None)

    assert refused.value.data["slots"] == [scene.slots[19]]
    assert planned(conn, scene) == before


def test_panel_that_passes_the_window_is_refused(writer: Writer, scene: Scene) -> None:
    with pytest.raises(OverBudget):
        put(writer, scene, 600, after=scene.slots[19])


def test_panel_behind_a_slot_of_another_list_is_meaningless(writer: Writer, scene: Scene) -> None:
    with pytest.raises(Meaningless) as refused:
        put(writer, scene, 600, after=new_id())

    assert refused.value.faults[0].field == "after"


def test_free_slot_that_is_taken_out_leaves_a_hole(writer: Writer, conn: Connection, scene: Scene) -> None:
    take_out(writer, scene.slots[0])

    assert planned(conn, scene)[0] == (scene.slots[1], 540)


def test_slot_that_somebody_holds_is_not_taken_out(writer: Writer, scene: Scene, ada: Actor, book: Book) -> None:
    book(ada, scene.slots[0])

    with pytest.raises(NotAllowedNow):
        take_out(writer, scene.slots[0])


def test_longer_slot_moves_those_behind_it(writer: Writer, conn: Connection, scene: Scene) -> None:
    longer = change(writer, scene.slots[1], seconds=600, title="Keynote")

    assert (longer.seconds, longer.title, longer.version) == (600, "Keynote", 2)
    assert [start for _, start in planned(conn, scene)][:4] == [0, 540, 1_140, 1_680]
    assert len(planned(conn, scene)) == 19


def test_longer_slot_of_a_remote_speaker_takes_remote_minutes(writer: Writer, conn: Connection, book: Book) -> None:
    scene = writer.act_now(lambda tx: speaking.scene(tx, meeting_values={"remote_budget_seconds": 600}))
    ada = writer.act_now(lambda tx: speaking.speaker(tx, scene))
    book(ada, scene.slots[0], "remote")

    with pytest.raises(RemoteBudgetExceeded):
        change(writer, scene.slots[0], seconds=601)
    change(writer, scene.slots[0], seconds=300)

    assert conn.all(select(meeting.c.remote_booked_seconds)) == [(300,)]


def test_slot_is_reserved_and_freed_for_all(writer: Writer, scene: Scene, ada: Actor) -> None:
    reserved = change(writer, scene.slots[0], reserved_for={"category": "ngo", "organisation": ada.organisation})

    assert reserved.reserved_for == ReservedFor("ngo", None, ada.organisation)
    assert change(writer, scene.slots[0], reserved_for=None).reserved_for is None


def test_slot_is_reserved_only_for_what_there_is(writer: Writer, scene: Scene) -> None:
    panel = put(writer, scene, 600, after=None)
    writer.act_now(lambda tx: tx.conn.update(Meeting, scene.meeting, format="in_person"))

    with pytest.raises(Meaningless):
        change(writer, scene.slots[0], reserved_for={"organisation": new_id()})
    with pytest.raises(Meaningless):
        change(writer, panel.id, reserved_for={"category": "ngo"})
    with pytest.raises(ModeNotOffered):
        change(writer, scene.slots[0], reserved_for={"mode": "remote"})


def test_unchanged_slot_stays_as_it_is(writer: Writer, conn: Connection, scene: Scene) -> None:
    before = len(entries_after(conn, 0, 100))

    assert change(writer, scene.slots[0], seconds=540, title=None, reserved_for=None).version == 1
    assert len(entries_after(conn, 0, 100)) == before


def test_change_on_a_stale_reading_is_refused_with_the_present_one(writer: Writer, scene: Scene) -> None:
    change(writer, scene.slots[0], title="First")

    with pytest.raises(VersionConflict) as refused:
        change(writer, scene.slots[0], 1, title="Second")

    assert refused.value.data["current"].title == "First"


def test_only_chair_and_secretariat_arrange_turns(writer: Writer, scene: Scene, ada: Actor) -> None:
    chair = writer.act_now(lambda tx: people.person(tx, "Chair", grants=(Grant("chair", "session", scene.session),)))

    assert writer.act_now(lambda tx: turns.change(tx, chair, scene.slots[0], {"title": "x"})).title == "x"
    with pytest.raises(Forbidden):
        writer.act_now(lambda tx: turns.change(tx, ada, scene.slots[0], {"title": "y"}))
    with pytest.raises(Forbidden):
        writer.act_now(lambda tx: turns.take_out(tx, ada, scene.slots[0]))
    with pytest.raises(Forbidden):
        writer.act_now(lambda tx: turns.put(tx, ada, scene.list, Interlude("break", 60)))
    with pytest.raises(NotFound):
        writer.act_now(lambda tx: turns.take_out(tx, chair, new_id()))


def test_turns_of_a_cancelled_meeting_rest(writer: Writer, scene: Scene) -> None:
    writer.act_now(lambda tx: tx.conn.update(Meeting, scene.meeting, status="cancelled"))

    with pytest.raises(NotAllowedNow):
        take_out(writer, scene.slots[0])
    with pytest.raises(NotAllowedNow):
        change(writer, scene.slots[0], title="x")
    with pytest.raises(NotAllowedNow):
        put(writer, scene, 60, after=None)
