"""Queue lists behind each other: what each has of the meeting, and what moves with what."""

from typing import Any

import pytest

from scheduler.errors import OverBudget
from scheduler.journal.entries import Author
from scheduler.lists import drawing_up, fitting
from scheduler.lists.particulars import NewList
from scheduler.lists.queries import list_view
from scheduler.lists.views import ListView, Window
from scheduler.people.permission import OPERATOR
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.makers import places, speaking
from tests.makers.people import MADE_AT


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
