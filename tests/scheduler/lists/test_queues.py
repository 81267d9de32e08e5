"""Queue lists behind each other: what each has of the meeting, and what moves with what."""

from dataclasses import replace
from typing import Any

import pytest

from scheduler.errors import OverBudget
from scheduler.journal.entries import Author
from scheduler.journal.following import entries_after
from scheduler.lists import drawing_up, fitting, opening, withdrawing
from scheduler.lists.particulars import NewList
from scheduler.lists.queries import budget_of, list_view
from scheduler.lists.views import ListView, Window
from scheduler.people.permission import OPERATOR
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.makers import places, queueing, speaking
from tests.makers.people import MADE_AT
from tests.makers.speaking import Scene


@pytest.fixture
def meeting(writer: Writer) -> str:
    return writer.act_now(lambda tx: speaking.meeting(tx, places.session(tx)))


def add(writer: Writer, meeting: str, **said: Any) -> ListView:
    new: dict[str, Any] = {"title": "Item 5", "allocation": "queue"} | said
    return writer.act_now(lambda tx: drawing_up.add(tx, OPERATOR, meeting, NewList(**new)))


def change(writer: Writer, list_id: str, **changes: Any) -> ListView:
    return writer.act_now(lambda tx: drawing_up.change(tx, OPERATOR, list_id, changes))


def window(conn: Connection, list_id: str) -> Window:
    return list_view(conn, list_id, MADE_AT).window


def test_queues_without_a_window_share_what_is_left(writer: Writer, meeting: str) -> None:
    add(writer, meeting, window={"start": "10:00", "end": "11:30"})

    second, third = add(writer, meeting), add(writer, meeting)

    assert [each.window for each in (second, third)] == [Window("11:30", "13:00", None)] * 2
    assert [each.seconds_left for each in (second, third)] == [5_400, 5_400]
    with pytest.raises(OverBudget):
        add(writer, meeting, allocation="timed", slot_seconds=600)


def test_queue_has_nothing_where_a_written_window_takes_the_whole_meeting(writer: Writer, meeting: str) -> None:
    add(writer, meeting, window={"start": "10:00", "end": "13:00"})

    with pytest.raises(OverBudget):
        add(writer, meeting)


def test_queue_without_a_window_ends_where_the_next_written_one_begins(
    writer: Writer, conn: Connection, meeting: str
) -> None:
    queue = add(writer, meeting)
    timed = add(writer, meeting, allocation="timed", slot_seconds=600, window={"start": "12:00", "end": "13:00"})

    assert window(conn, queue.id) == Window("10:00", "12:00", None)
    change(writer, timed.id, window={"start": "11:00", "end": "13:00"})
    assert window(conn, queue.id) == Window("10:00", "11:00", None)
    assert list_view(conn, queue.id, MADE_AT).version == 1


def test_queue_takes_a_window_and_gives_it_up_again(writer: Writer, meeting: str) -> None:
    queue = add(writer, meeting, window={"start": "11:00", "end": "12:00"})

    follows = change(writer, queue.id, window=None)
    again = change(writer, queue.id, window=None)
    written = change(writer, queue.id, window={"start": "10:30", "end": "12:30"})

    assert [each.window for each in (follows, written)] == [
        Window("10:00", "13:00", None),
        Window("10:30", "12:30", None),
    ]
    assert [each.version for each in (follows, again, written)] == [2, 2, 3]


@pytest.mark.parametrize("length", [7_200, 14_400])
def test_queue_without_a_window_goes_to_the_new_end_of_its_meeting(
    writer: Writer, conn: Connection, meeting: str, length: int
) -> None:
    queue = add(writer, meeting)

    writer.act_now(lambda tx: fitting.fit(tx, Author(None, "secretariat"), OPERATOR, meeting, length))

    assert list_view(conn, queue.id, MADE_AT).seconds_left == length


def behind(writer: Writer, scene: Scene) -> Scene:
    """An open queue behind the scene's, in the same meeting."""
    made = add(writer, scene.meeting, title="Item 6")
    writer.act_now(lambda tx: opening.open_list(tx, OPERATOR, made.id))
    return replace(scene, list=made.id)


def test_turns_of_a_queue_follow_those_of_the_one_before_it(writer: Writer, conn: Connection) -> None:
    one = writer.act_now(lambda tx: queueing.scene(tx, gap_seconds=20))
    other = behind(writer, one)
    theirs = writer.act_now(lambda tx: [queueing.turn(tx, other, name) for name in "XY"])

    first = writer.act_now(lambda tx: queueing.turn(tx, one, "A", seconds=100))
    assert queueing.planned(conn, other.list) == [(theirs[0].id, 120), (theirs[1].id, 300)]
    assert list_view(conn, other.list, MADE_AT).window == Window("10:02", "13:00", None)
    moved = [entry.subject_id for entry in entries_after(conn, 0, 500) if entry.kind == "slot.moved"]
    assert moved == [each.id for each in theirs]

    writer.act_now(lambda tx: withdrawing.withdraw(tx, OPERATOR, str(first.inscription)))
    assert queueing.planned(conn, other.list) == [(theirs[0].id, 0), (theirs[1].id, 180)]


def test_each_queue_knows_what_time_is_left_to_it(writer: Writer, conn: Connection) -> None:
    one = writer.act_now(lambda tx: queueing.scene(tx, gap_seconds=20))
    other = behind(writer, one)
    writer.act_now(lambda tx: [queueing.turn(tx, one, "A", seconds=100), queueing.turn(tx, other, "X", seconds=400)])

    left = [list_view(conn, each.list, MADE_AT).seconds_left for each in (one, other)]

    assert left == [10_800 - 520 - 20, 10_800 - 520]
    assert [budget_of(conn, each.list) for each in (one, other)] == [10_800 - 420, 10_800 - 120]
    writer.act_now(lambda tx: queueing.turn(tx, one, "B", seconds=left[0]))
    assert [list_view(conn, each.list, MADE_AT).seconds_left for each in (one, other)] == [0, 0]


def test_queue_takes_no_time_that_the_one_behind_it_has_given(writer: Writer, conn: Connection) -> None:
    one = writer.act_now(queueing.scene)
    other = behind(writer, one)
    theirs = writer.act_now(lambda tx: queueing.turn(tx, other, "X", seconds=600))
    hers = writer.act_now(lambda tx: queueing.speaker(tx, one, "A"))

    with pytest.raises(OverBudget) as refused:
        writer.act_now(lambda tx: queueing.allotted(tx, one, hers, 10_201))

    assert refused.value.data["slots"] == [theirs.id]
    assert queueing.planned(conn, one.list) == []
    assert queueing.planned(conn, other.list) == [(theirs.id, 0)]


def test_change_of_a_queue_plans_it_anew(writer: Writer, conn: Connection) -> None:
    scene = writer.act_now(queueing.scene)
    held = writer.act_now(lambda tx: [queueing.turn(tx, scene, name).id for name in "AB"])

    change(writer, scene.list, gap_seconds=30, window={"start": "11:00", "end": "12:00"})

    assert queueing.planned(conn, scene.list) == [(held[0], 3_600), (held[1], 3_810)]
    with pytest.raises(OverBudget) as refused:
        change(writer, scene.list, window={"start": "11:00", "end": "11:05"})
    assert refused.value.data["slots"] == [held[1]]
