"""Each change of a meeting's queue is one version of its floor, and what is none is not."""

from collections.abc import Callable
from functools import partial

import pytest

from scheduler.allocation import actions as allocation
from scheduler.allocation.actions import Wanted
from scheduler.clock.now import SettableClock
from scheduler.errors import NotAllowedNow
from scheduler.floor.reading import floor_now
from scheduler.floor.recording import record
from scheduler.lists import booking, changing, drawing_up, placing, swapping, turns, withdrawing
from scheduler.lists.booking import Booking
from scheduler.lists.slot_queries import slot_views
from scheduler.lists.turns import Interlude
from scheduler.people.permission import OPERATOR
from scheduler.people.reader import Reader
from scheduler.programme import sessions
from scheduler.secretariat import moving
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx, Writer
from tests.makers import queueing, speaking
from tests.scheduler.floor.meeting import Sat, sat


def queue(conn: Connection, here: Sat) -> list[str]:
    return [each.slot for each in floor_now(conn, here.scene.meeting, here.clock.now()).queue]


def version(conn: Connection, here: Sat) -> int:
    return floor_now(conn, here.scene.meeting, here.clock.now()).version


def _held(tx: Tx, slot_id: str) -> str:
    return str(next(turn.inscription for turn in slot_views(tx.conn, [slot_id])))


def _moved(tx: Tx, here: Sat) -> None:
    placing.move(tx, OPERATOR, here.slots[3], here.slots[0])


def _break(tx: Tx, here: Sat) -> None:
    turns.put(tx, OPERATOR, here.scene.list, Interlude("break", 60, None, here.slots[2]))


def _longer(tx: Tx, here: Sat) -> None:
    turns.change(tx, OPERATOR, here.slots[1], {"seconds": 200})


def _remote(tx: Tx, here: Sat) -> None:
    changing.change(tx, OPERATOR, _held(tx, here.slots[1]), {"mode": "remote"})


def _gone(tx: Tx, here: Sat) -> None:
    withdrawing.withdraw_booking(tx, OPERATOR, here.slots[1])


def _taken_out(tx: Tx, here: Sat) -> None:
    turns.take_out(tx, OPERATOR, here.slots[1])


def _joined(tx: Tx, here: Sat) -> None:
    queueing.turn(tx, here.scene, "Zoe")


ONE_EACH = [_moved, _break, _longer, _remote, _gone, _taken_out, _joined]


@pytest.mark.parametrize("change", ONE_EACH)
def test_a_change_is_one_version_before_the_opening_and_after_it_and_comes_to_the_same(
    writer: Writer, conn: Connection, clock: SettableClock, change: Callable[[Tx, Sat], None]
) -> None:
    here = sat(writer, clock)
    here.do(0, "open")
    opened = version(conn, here)

    writer.act_now(lambda tx: change(tx, here))

    assert version(conn, here) == opened + 1
    by_events = floor_now(conn, here.scene.meeting, clock.now())
    by_tables = [row["id"] for row in speaking.slots(conn, here.scene.list)]
    assert [each.slot for each in by_events.queue] == by_tables


@pytest.mark.parametrize("change", ONE_EACH)
def test_before_the_opening_each_is_one_version_too(
    writer: Writer, conn: Connection, clock: SettableClock, change: Callable[[Tx, Sat], None]
) -> None:
    here = sat(writer, clock)
    before = version(conn, here)

    writer.act_now(lambda tx: change(tx, here))

    assert version(conn, here) == before + 1


def test_a_wish_that_waits_for_a_turn_is_no_version(writer: Writer, conn: Connection, clock: SettableClock) -> None:
    here = sat(writer, clock)
    before = version(conn, here)

    writer.act_now(lambda tx: queueing.speaker(tx, here.scene, "Zoe"))

    assert version(conn, here) == before


def test_a_turn_put_behind_one_who_was_called_comes_first(
    writer: Writer, conn: Connection, clock: SettableClock
) -> None:
    here = sat(writer, clock)
    here.play((0, "open"), (1, "call"), (1, "start"))

    writer.act_now(lambda tx: placing.move(tx, OPERATOR, here.slots[3], here.slots[0]))

    assert queue(conn, here) == [here.slots[3], here.slots[1], here.slots[2]]


def test_who_joins_late_comes_behind_who_was_deferred(writer: Writer, conn: Connection, clock: SettableClock) -> None:
    here = sat(writer, clock, "AB")
    here.play((0, "open"), (1, "defer", {"slot": here.slots[0]}))

    late = writer.act_now(lambda tx: queueing.turn(tx, here.scene, "Zoe").id)

    assert queue(conn, here) == [here.slots[1], here.slots[0], late]


@pytest.mark.parametrize("seed", ["one", "two", "three", "four"])
def test_an_allocation_during_the_meeting_is_the_order_that_the_floor_shows(
    writer: Writer, conn: Connection, clock: SettableClock, seed: str
) -> None:
    here = sat(writer, clock, "ABCDEF")
    here.play((0, "open"), (1, "call"), (1, "start"))
    writer.act_now(lambda tx: [queueing.speaker(tx, here.scene, name) for name in "XYZ"])

    writer.act_now(lambda tx: allocation.allocate(tx, OPERATOR, here.scene.list, Wanted("", policy="draw", seed=seed)))

    rows = [row["id"] for row in speaking.slots(conn, here.scene.list) if row["status"] == "booked"]
    assert queue(conn, here) == rows
    assert len(rows) == 8


def test_two_who_swap_change_places_on_the_floor(writer: Writer, conn: Connection, clock: SettableClock) -> None:
    here = sat(writer, clock, "AB")
    here.do(0, "open")
    before = version(conn, here)

    def swap(tx: Tx) -> None:
        one, other = (_held(tx, each) for each in here.slots)
        swapping.propose(tx, OPERATOR, one, other)
        swapping.answer(tx, OPERATOR, other, accept=True)

    writer.act_now(swap)

    seen = floor_now(conn, here.scene.meeting, clock.now())
    assert (seen.version, [each.speaker and each.speaker.name for each in seen.queue]) == (before + 2, ["B", "A"])


def test_a_slot_booked_during_the_meeting_stands_where_its_list_has_it(
    writer: Writer, conn: Connection, clock: SettableClock
) -> None:
    scene = writer.act_now(speaking.scene)
    who = writer.act_now(lambda tx: [speaking.speaker(tx, scene, name) for name in "ABC"])
    here = Sat(writer, clock, scene, scene.slots)
    writer.act_now(lambda tx: booking.book(tx, who[0], scene.slots[0], Booking("in_person")))
    writer.act_now(lambda tx: booking.book(tx, who[1], scene.slots[9], Booking("in_person")))
    here.do(0, "open")

    writer.act_now(lambda tx: booking.book(tx, who[2], scene.slots[4], Booking("in_person")))

    assert queue(conn, here) == [scene.slots[0], scene.slots[4], scene.slots[9]]


def test_lists_of_an_open_meeting_keep_their_order(writer: Writer, clock: SettableClock) -> None:
    here = sat(writer, clock)
    here.do(0, "open")

    with pytest.raises(NotAllowedNow):
        writer.act_now(lambda tx: drawing_up.change(tx, OPERATOR, here.scene.list, {"position": 7}))


def test_a_meeting_that_is_cancelled_shows_so_in_a_version(
    writer: Writer, conn: Connection, clock: SettableClock
) -> None:
    here = sat(writer, clock)
    before = version(conn, here)

    writer.act_now(lambda tx: moving.change_meeting(tx, OPERATOR, here.scene.meeting, {"status": "cancelled"}))

    seen = floor_now(conn, here.scene.meeting, clock.now())
    assert (seen.version, seen.status) == (before + 1, "cancelled")


def test_a_session_that_is_cancelled_while_its_meeting_sits_shows_so_in_a_version_there_and_back(
    writer: Writer, conn: Connection, clock: SettableClock
) -> None:
    here = sat(writer, clock)
    before = here.do(0, "open").version

    for number, status in enumerate(("cancelled", "published"), 1):
        changes = {"status": status}
        writer.act_now(partial(sessions.change, actor=OPERATOR, reference=here.scene.session, changes=changes))

        seen = floor_now(conn, here.scene.meeting, clock.now())
        assert (seen.version, seen.status == "cancelled") == (before + number, status == "cancelled")
    assert here.do(1, "call").version == before + 3


def test_another_end_of_an_open_meeting_is_a_version_of_its_floor_and_in_its_record(
    writer: Writer, conn: Connection, clock: SettableClock
) -> None:
    here = sat(writer, clock)
    before = here.do(0, "open").version

    writer.act_now(lambda tx: moving.change_meeting(tx, OPERATOR, here.scene.meeting, {"end": "12:00"}))

    seen = floor_now(conn, here.scene.meeting, clock.now())
    assert (seen.version, seen.scheduled_end) == (before + 1, "2022-06-08T10:00:00.000Z")
    told = record(conn, here.scene.meeting, clock.now(), Reader(OPERATOR))
    assert [each["command"] for each in told.events] == ["open", "change"]
