import shutil
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.clock.now import SettableClock
from scheduler.errors import Forbidden, NotSignedIn, Refusal
from scheduler.floor.reading import floor_now
from scheduler.floor.record import read, replay
from scheduler.floor.recording import RecordView, record
from scheduler.floor.states import COMMANDS
from scheduler.floor.view import floor_view
from scheduler.floor.written import to_millisecond
from scheduler.ids import new_id
from scheduler.journal.entries import JournalLedger
from scheduler.lists import placing, readiness, turns, withdrawing
from scheduler.lists.placing import NewTurn
from scheduler.lists.turns import Interlude
from scheduler.people.permission import OPERATOR
from scheduler.people.reader import PUBLIC, Reader
from scheduler.storage.connection import Connection
from scheduler.storage.engine import database
from scheduler.storage.writer import Tx, Writer
from tests.makers import people, queueing, speaking
from tests.makers.speaking import STARTS_AT
from tests.scheduler.floor.meeting import Sat, item_in_two, sat

CHAIR = Reader(OPERATOR)


def told(conn: Connection, here: Sat) -> RecordView:
    return record(conn, here.scene.meeting, here.clock.now(), CHAIR)


def check_replayed(conn: Connection, here: Sat) -> None:
    """The record, read again from its JSON, gives the very bytes that the service shows."""
    now = to_millisecond(here.clock.now())
    again = read(msgspec.json.decode(msgspec.json.encode(told(conn, here))))
    *_, (_, floor) = replay(again)
    shown = floor_now(conn, here.scene.meeting, now)
    seen = floor_view(floor, again.sitting, now, shown.remote.end_if_exceeded)
    assert msgspec.json.encode(seen) == msgspec.json.encode(shown)


def test_a_record_is_the_chairs_until_the_meeting_is_closed(
    writer: Writer, conn: Connection, clock: SettableClock
) -> None:
    here = sat(writer, clock)
    nobody = Reader(writer.act_now(lambda tx: people.person(tx, "Nobody")))
    here.do(0, "open")

    with pytest.raises(NotSignedIn):
        record(conn, here.scene.meeting, clock.now(), PUBLIC)
    with pytest.raises(Forbidden):
        record(conn, here.scene.meeting, clock.now(), nobody)
    assert len(told(conn, here).events) == 1

    here.do(1, "close")
    assert record(conn, here.scene.meeting, clock.now(), PUBLIC) == told(conn, here)


def test_a_record_has_the_slots_before_the_first_event_and_then_the_events(
    writer: Writer, conn: Connection, clock: SettableClock
) -> None:
    here = sat(writer, clock, "AB")
    here.play((0, "open"), (1, "call"), (1.25, "start"), (4, "finish"), (5, "close", {"carry": False}))

    seen = told(conn, here)

    assert [(each.slot, each.position, each.planned_start) for each in seen.slots] == [
        (here.slots[0], 1, "2022-06-08T08:00:00.000Z"),
        (here.slots[1], 2, "2022-06-08T08:03:00.000Z"),
    ]
    first = here.slots[0]
    assert seen.events == (
        {"at": "2022-06-08T08:00:00.000Z", "command": "open"},
        {"at": "2022-06-08T08:01:00.000Z", "command": "call", "slot": first},
        {"at": "2022-06-08T08:01:15.000Z", "command": "start", "slot": first},
        {"at": "2022-06-08T08:04:00.000Z", "command": "finish", "slot": first},
        {"at": "2022-06-08T08:05:00.000Z", "command": "close", "carry": False},
    )
    assert [(each.seconds, each.what, each.slot) for each in seen.account] == [
        (60.0, "between", None),
        (15.0, "called", first),
        (165.0, "speaking", first),
        (60.0, "between", None),
    ]
    assert [(each.slot, each.status, each.spoken_seconds) for each in seen.turns] == [
        (first, "spoken", 165.0),
        (here.slots[1], "left", None),
    ]


def test_what_lists_change_during_the_meeting_is_in_the_record(
    writer: Writer, conn: Connection, clock: SettableClock
) -> None:
    here = sat(writer, clock, mode="remote")
    _, b, c, d = here.slots
    here.play((0, "open"), (1, "call"), (1, "start"))

    def change(tx: Tx) -> None:
        placing.move(tx, OPERATOR, d, b)
        turns.put(tx, OPERATOR, here.scene.list, Interlude("break", 600, "Coffee", b))
        turns.change(tx, OPERATOR, c, {"seconds": 120})
        queueing.turn(tx, here.scene, "E")
        withdrawing.withdraw_booking(tx, OPERATOR, b)

    clock.set(STARTS_AT + timedelta(minutes=2))
    before = floor_now(conn, here.scene.meeting, clock.now()).version
    writer.act_now(change)

    seen = floor_now(conn, here.scene.meeting, clock.now())
    assert seen.version == before + 5
    assert [(each.kind, each.seconds, each.speaker and each.speaker.name) for each in seen.queue] == [
        ("break", 600, None),
        ("statement", 180, "D"),
        ("statement", 120, "C"),
        ("statement", 180, "E"),
    ]
    assert [each["command"] for each in told(conn, here).events[-5:]] == ["move", "add", "change", "add", "withdraw"]
    check_replayed(conn, here)


def test_a_ready_speaker_is_seen_and_counts_as_an_event(writer: Writer, conn: Connection, clock: SettableClock) -> None:
    here = sat(writer, clock, "A")
    hers = writer.act_now(lambda tx: queueing.speaker(tx, here.scene, "Rita", "remote"))
    turn = writer.act_now(lambda tx: placing.allot(tx, OPERATOR, here.scene.list, NewTurn(hers, last=True)))
    version = here.do(0, "open").version

    said = writer.act_now(lambda tx: readiness.say(tx, OPERATOR, hers, ready=True))
    again = writer.act_now(lambda tx: readiness.say(tx, OPERATOR, hers, ready=True))

    assert said == again
    assert (said.slot, said.ready) == (turn.id, True)
    seen = floor_now(conn, here.scene.meeting, clock.now())
    assert (seen.version, [each.ready for each in seen.queue]) == (version + 1, [False, True])
    check_replayed(conn, here)


def test_a_whole_meeting_is_replayed_byte_for_byte(writer: Writer, conn: Connection, clock: SettableClock) -> None:
    here, _ = item_in_two(writer, clock, "ABCDE")
    hers = writer.act_now(lambda tx: str(speaking.speaker(tx, here.scene, "Zoe").organisation))
    here.do(-10, "announce", text="Soon.")
    here.play(
        *((0, "open"), (1.01, "call"), (1.237, "start"), (2, "point_of_order", {"organisation": hers}), (3, "finish")),
        *((4, "call"), (4.5, "absent"), (5, "call"), (5.1, "undo"), (6, "suspend"), (9.001, "resume_meeting")),
        *((9.5, "defer", {"slot": here.slots[2]}), (10, "right_of_reply", {"organisation": hers})),
        *((11, "call", {"slot": here.slots[1]}), (11.2, "start"), (12, "extend"), (12.1, "pause"), (12.3, "resume")),
    )
    check_replayed(conn, here)
    here.do(14, "close")
    check_replayed(conn, here)

    seen = told(conn, here)
    assert sum(each.seconds for each in seen.account) == 14 * 60
    assert [each.starts_at for each in seen.account[1:]] == [each.ends_at for each in seen.account[:-1]]


def _add(tx: Tx, here: Sat) -> None:
    queueing.turn(tx, here.scene, f"New {new_id()}")


def _move(tx: Tx, here: Sat) -> None:
    placing.move(tx, OPERATOR, here.slots[2], None)


def _withdraw(tx: Tx, here: Sat) -> None:
    withdrawing.withdraw_booking(tx, OPERATOR, here.slots[3])


def _break(tx: Tx, here: Sat) -> None:
    turns.put(tx, OPERATOR, here.scene.list, Interlude("break", 60, "Tea", here.slots[1]))


_OTHERS: list[Callable[[Tx, Sat], None]] = [_add, _move, _withdraw, _break]
_steps = st.lists(
    st.tuples(
        st.floats(0.0, 3.0),
        st.one_of(st.sampled_from(COMMANDS), st.sampled_from(_OTHERS)),
        st.sampled_from([None, None, 0, 1, 2, 3]),
    ),
    max_size=25,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_steps)
def test_whatever_is_commanded_legal_or_not_the_record_replays_to_the_floor(
    migrated_sqlite: Path, tmp_path: Path, steps: list[Any]
) -> None:
    clock = SettableClock(STARTS_AT)
    base = database(f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / new_id())}")
    writer = Writer(base, clock, JournalLedger())
    conn = base.connect(reading=True)
    try:
        _play(writer, conn, clock, steps)
    finally:
        conn.close()
        writer.close()


def _play(writer: Writer, conn: Connection, clock: SettableClock, steps: list[Any]) -> None:
    here = sat(writer, clock)
    minutes = 0.0
    here.do(0, "open")
    for wait, command, which in steps:
        minutes += wait
        before = floor_now(conn, here.scene.meeting, clock.now()).version
        clock.set(STARTS_AT + timedelta(minutes=minutes))
        said = {"slot": here.slots[which]} if which is not None else {}
        try:
            if isinstance(command, str):
                here.do(minutes, command, text="Wait.", **said)
            else:
                writer.act_now(partial(command, here=here))
        except Refusal:
            assert floor_now(conn, here.scene.meeting, clock.now()).version == before
        check_replayed(conn, here)


def test_what_joined_after_a_command_that_is_undone_stays_where_the_service_has_it(
    writer: Writer, conn: Connection, clock: SettableClock
) -> None:
    here, _ = item_in_two(writer, clock)
    here.play((0, "open"), (1, "defer", {"slot": here.slots[3], "to": "next_meeting"}))
    writer.act_now(lambda tx: _add(tx, here))
    writer.act_now(lambda tx: _break(tx, here))

    here.do(2, "undo")

    check_replayed(conn, here)
