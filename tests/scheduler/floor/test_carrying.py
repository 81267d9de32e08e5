from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from scheduler.clock.now import SettableClock
from scheduler.errors import NotAllowedNow
from scheduler.floor import actions
from scheduler.floor.actions import Command
from scheduler.floor.reading import floor_now
from scheduler.lists import drawing_up, opening, waiting
from scheduler.lists.booking import Booking
from scheduler.lists.calendar import slot_events
from scheduler.lists.particulars import NewList
from scheduler.lists.queries import inscription, slot
from scheduler.lists.tables import Waiting
from scheduler.people.permission import OPERATOR
from scheduler.people.reader import Reader
from scheduler.programme.records import known_meeting
from scheduler.programme.tables import Meeting
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx, Writer
from tests.makers import queueing, speaking
from tests.makers.speaking import STARTS_AT, Scene
from tests.scheduler.floor.meeting import Sat, item_in_two


@pytest.fixture
def two(writer: Writer, clock: SettableClock) -> tuple[Sat, str]:
    return item_in_two(writer, clock)


def stand(conn: Connection, slots: tuple[str, ...]) -> dict[str, tuple[Any, ...]]:
    """Where slots are: the meeting of each and of its inscription, position, start, status, and the inscription's."""
    joined = slot.join(inscription, inscription.c.id == slot.c.inscription_id)
    columns = (slot.c.id, slot.c.meeting_id, inscription.c.meeting_id, slot.c.position, slot.c.starts_after)
    rows = conn.all(select(*columns, slot.c.status, inscription.c.status).select_from(joined))
    return {row[0]: tuple(row[1:]) for row in rows if row[0] in slots}


def sequences(conn: Connection, here: Sat) -> dict[str, int]:
    return {each.id: each.sequence for each in slot_events(conn, Reader(OPERATOR), session=here.scene.session)}


def test_what_is_left_at_the_close_goes_first_in_the_next_meeting_on_the_item(
    conn: Connection, two: tuple[Sat, str]
) -> None:
    here, following = two
    before = sequences(conn, here)
    here.play((0, "open"), (1, "call"), (1, "start"), (3, "absent", {"slot": here.slots[1]}))

    seen = here.do(5, "close")

    assert (seen.status, seen.queue, seen.total) == ("closed", (), 2)
    left = here.slots[2:]
    assert stand(conn, left) == {
        left[0]: (following, following, 1, 0, "booked", "allotted"),
        left[1]: (following, following, 2, 180, "booked", "allotted"),
    }
    assert stand(conn, here.slots[1:2])[here.slots[1]][0] == here.scene.meeting
    there = floor_now(conn, following, STARTS_AT)
    assert [each.slot for each in there.queue] == list(left)
    assert there.version == 2
    after = sequences(conn, here)
    assert sorted(after[id_] - before[id_] for id_ in before) == [0, 0, 1, 1]


def test_undo_of_a_close_brings_all_back(conn: Connection, two: tuple[Sat, str]) -> None:
    here, following = two
    opened = here.do(0, "open")
    was = stand(conn, here.slots)
    here.do(5, "close")

    seen = here.do(6, "undo")

    assert (seen.status, [each.slot for each in seen.queue]) == ("in_progress", [each.slot for each in opened.queue])
    assert stand(conn, here.slots) == was
    assert floor_now(conn, following, STARTS_AT).queue == ()


def test_a_close_stands_once_somebody_was_called_in_the_next_meeting(
    writer: Writer, clock: SettableClock, two: tuple[Sat, str]
) -> None:
    here, following = two
    here.play((0, "open"), (5, "close"))
    clock.set(STARTS_AT + timedelta(days=1))
    writer.act_now(lambda tx: actions.run(tx, OPERATOR, following, Command("open")), alone=True)
    writer.act_now(lambda tx: actions.run(tx, OPERATOR, following, Command("call")), alone=True)

    with pytest.raises(NotAllowedNow):
        here.do(24 * 60 + 1, "undo")


def test_the_chair_may_carry_nobody(conn: Connection, two: tuple[Sat, str]) -> None:
    here, following = two
    here.play((0, "open"), (5, "close", {"carry": False}))

    assert {each[0] for each in stand(conn, here.slots).values()} == {here.scene.meeting}
    assert floor_now(conn, following, STARTS_AT).queue == ()


def test_who_is_carried_comes_before_those_who_wait_there_who_move_back(
    writer: Writer, conn: Connection, two: tuple[Sat, str]
) -> None:
    here, following = two
    zoe = writer.act_now(lambda tx: queueing.turn(tx, _list_there(tx, here, following), "Zoe").id)
    here.play((0, "open"), (5, "close"))

    there = floor_now(conn, following, STARTS_AT)
    assert [each.slot for each in there.queue] == [*here.slots, zoe]
    assert stand(conn, (zoe,))[zoe][2:4] == (5, 720)


def _list_there(tx: Tx, here: Sat, following: str, **said: Any) -> Scene:
    """An open list on the same item in the next meeting."""
    item = known_meeting(tx.conn, Reader(OPERATOR), following)[1].items[0]
    queue = drawing_up.add(tx, OPERATOR, following, NewList("Item 5", "queue", item=item, **said)).id
    opening.open_list(tx, OPERATOR, queue)
    return Scene(here.scene.body, here.scene.session, following, queue, ())


def test_those_who_wait_there_for_a_turn_or_for_a_place_wait_on(
    writer: Writer, conn: Connection, two: tuple[Sat, str]
) -> None:
    here, following = two

    def wait_there(tx: Tx) -> tuple[str, str]:
        there = _list_there(tx, here, following, capacity=1)
        pending = queueing.speaker(tx, there, "Zoe")
        waits = waiting.join(tx, speaking.speaker(tx, there, "Yan"), there.list, Booking("in_person"))
        return pending, waits.id

    pending, waits = writer.act_now(wait_there)
    here.play((0, "open"), (5, "close"))
    left = floor_now(conn, following, STARTS_AT)
    here.do(6, "undo")
    brought_back = floor_now(conn, following, STARTS_AT)

    assert [each.slot for each in left.queue] == list(here.slots)
    assert brought_back.queue == ()
    assert conn.all(select(inscription.c.status).where(inscription.c.id == pending)) == [("pending",)]
    entry = table(Waiting).c
    assert conn.all(select(entry.status, entry.slot_id).where(entry.id == waits)) == [("waiting", None)]


def test_whoever_has_a_turn_there_already_has_no_second_one(
    writer: Writer, conn: Connection, two: tuple[Sat, str]
) -> None:
    here, following = two

    def twice(tx: Tx) -> tuple[str, str]:
        who = speaking.speaker(tx, here.scene, "Zoe")
        first = queueing.allotted(tx, here.scene, queueing.inscribed(tx, here.scene, who)).id
        there = _list_there(tx, here, following)
        return first, queueing.allotted(tx, there, queueing.inscribed(tx, there, who)).id

    first, second = writer.act_now(twice)
    here.play((0, "open"), (5, "close"))

    assert [each.slot for each in floor_now(conn, following, STARTS_AT).queue] == [*here.slots, second]
    assert stand(conn, (first,))[first][:2] == (here.scene.meeting, here.scene.meeting)
    here.do(6, "undo")
    assert [each.slot for each in floor_now(conn, following, STARTS_AT).queue] == [second]
    assert [each.slot for each in floor_now(conn, here.scene.meeting, here.clock.now()).queue] == [*here.slots, first]


def test_nobody_is_lost_where_the_next_meeting_has_no_room(writer: Writer, clock: SettableClock) -> None:
    short: dict[str, Any] = {"ends_at": STARTS_AT + timedelta(days=1, minutes=5)}
    here, following = item_in_two(writer, clock, **short)
    here.play((0, "open"), (5, "close"))

    seen = writer.act_now(lambda tx: floor_now(tx.conn, following, STARTS_AT))
    assert [each.slot for each in seen.queue] == list(here.slots)


def test_whom_the_chair_defers_to_the_next_meeting_is_carried_at_the_close(
    conn: Connection, two: tuple[Sat, str]
) -> None:
    here, following = two
    here.play((0, "open"), (1, "defer", {"slot": here.slots[0], "to": "next_meeting"}))
    here.play(*((2.0 + n, command) for n in range(3) for command in ("call", "start", "finish")), (9, "close"))

    assert [each.slot for each in floor_now(conn, following, STARTS_AT).queue] == [here.slots[0]]


def test_nobody_is_deferred_to_a_meeting_that_there_is_not(writer: Writer, two: tuple[Sat, str]) -> None:
    here, following = two
    writer.act_now(lambda tx: tx.conn.update(Meeting, following, status="cancelled"))
    here.do(0, "open")

    with pytest.raises(NotAllowedNow):
        here.do(1, "defer", slot=here.slots[0], to="next_meeting")


def test_remote_minutes_go_along(writer: Writer, conn: Connection, clock: SettableClock) -> None:
    here, following = item_in_two(writer, clock, "A")
    writer.act_now(lambda tx: queueing.turn(tx, here.scene, "Rita", "remote"))
    here.play((0, "open"), (5, "close"))

    booked = [
        known_meeting(conn, Reader(OPERATOR), each)[1].remote_booked_seconds for each in (here.scene.meeting, following)
    ]
    assert booked == [0, 180]


def test_a_reply_is_carried_too(writer: Writer, conn: Connection, two: tuple[Sat, str]) -> None:
    here, following = two
    hers = writer.act_now(lambda tx: str(speaking.speaker(tx, here.scene, "Zoe").organisation))
    here.play((0, "open"), (1, "right_of_reply", {"organisation": hers}), (2, "close"))

    assert [each.kind for each in floor_now(conn, following, STARTS_AT).queue][-1] == "right_of_reply"
    here.do(3, "undo")
    assert floor_now(conn, following, STARTS_AT).queue == ()
